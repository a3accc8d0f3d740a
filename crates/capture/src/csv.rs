//! Tables as CSV (RFC 4180, lines ended by `\n`), as `cv_results.csv` holds them.

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// An empty field.
    Null,
    /// `True` or `False`, as Python's tools write it.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number; not-a-number is an empty field, as pandas writes and reads it.
    Float(f64),
    /// Text, quoted where it needs to be.
    Text(String),
}

/// The table with a header line. Columns may differ in length; what is missing is an empty field.
pub fn write(columns: &[(String, Vec<Cell>)]) -> String {
    let mut text = String::new();
    line(&mut text, columns.iter().map(|(name, _)| quoted(name)));
    let rows = columns.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
    for row in 0..rows {
        line(&mut text, columns.iter().map(|(_, cells)| field(cells.get(row).unwrap_or(&Cell::Null))));
    }
    text
}

fn line(text: &mut String, fields: impl Iterator<Item = String>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&field);
    }
    text.push('\n');
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Cell::Int(value) => value.to_string(),
        Cell::Float(value) if value.is_nan() => String::new(),
        Cell::Float(value) if value.is_infinite() => if *value > 0.0 { "inf" } else { "-inf" }.to_owned(),
        Cell::Float(value) => format!("{value:?}"),
        Cell::Text(value) => quoted(value),
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
