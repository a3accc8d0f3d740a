//! Aligned text: columns as wide as they need to be, cut where the terminal ends.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Between columns.
const GAP: usize = 2;
/// No column is cut narrower than this.
const NARROWEST: usize = 8;

/// How the cells of a column stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Rows under a heading.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(columns: &[(&str, Align)]) -> Self {
        let columns = columns.iter().map(|(heading, align)| ((*heading).to_owned(), *align)).collect();
        Self { columns, rows: Vec::new() }
    }

    /// Adds a column at the right, with one cell for each row.
    pub(crate) fn column(&mut self, heading: &str, align: Align, cells: impl IntoIterator<Item = String>) {
        self.columns.push((heading.to_owned(), align));
        for (row, cell) in self.rows.iter_mut().zip(cells) {
            row.push(one_line(&cell));
        }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| one_line(&cell)).collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many characters a line takes when nothing is cut.
    pub(crate) fn width(&self) -> usize {
        self.widths().iter().sum::<usize>() + GAP * self.columns.len().saturating_sub(1)
    }

    /// The lines, heading first, indented; at most `limit` wide where cutting cells can achieve it.
    pub(crate) fn render(&self, indent: usize, limit: Option<usize>) -> String {
        let mut widths = self.widths();
        if let Some(limit) = limit {
            let gaps = indent + GAP * widths.len().saturating_sub(1);
            narrow(&mut widths, limit.saturating_sub(gaps));
        }
        let headings: Vec<_> = self.columns.iter().map(|(heading, _)| heading.clone()).collect();
        let mut text = String::new();
        let lines = Some(&headings).filter(|headings| headings.iter().any(|heading| !heading.is_empty()));
        for cells in lines.into_iter().chain(&self.rows) {
            let mut line = " ".repeat(indent);
            for (((cell, width), (_, align)), i) in cells.iter().zip(&widths).zip(&self.columns).zip(0..) {
                line.push_str(if i > 0 { "  " } else { "" });
                pad(&mut line, &cut(cell, *width), *width, *align);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.columns.iter().map(|(heading, _)| heading.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        widths
    }
}

/// Takes from the widest columns until the sum fits.
fn narrow(widths: &mut [usize], limit: usize) {
    while widths.iter().sum::<usize>() > limit {
        match widths.iter_mut().max() {
            Some(widest) if *widest > NARROWEST => *widest -= 1,
            _ => return,
        }
    }
}

fn one_line(cell: &str) -> String {
    cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The text, at most `width` wide.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut taken = 1;
    for c in text.chars() {
        taken += c.width().unwrap_or(0);
        if taken > width {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

fn pad(line: &mut String, cell: &str, width: usize, align: Align) {
    let padding = " ".repeat(width.saturating_sub(cell.width()));
    match align {
        Align::Left => line.extend([cell, &padding]),
        Align::Right => line.extend([&padding, cell]),
    }
}

/// The width of the terminal; `None` where the output goes elsewhere.
pub(crate) fn terminal_width() -> Option<usize> {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    columns
        .or_else(|| terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0)))
}

#[cfg(test)]
mod tests {
    use super::{Align, Table};

    fn table() -> Table {
        let mut table = Table::new(&[("name", Align::Left), ("loss", Align::Right)]);
        table.row(["a run with a long name".into(), "0.5".into()]);
        table.row(["名前".into(), "10.25".into()]);
        table
    }

    #[test]
    fn columns_are_aligned() {
        assert_eq!(
            table().render(1, None),
            " name                     loss\n a run with a long name    0.5\n 名前                    10.25\n"
        );
    }

    #[test]
    fn the_widest_column_is_cut() {
        assert_eq!(
            table().render(0, Some(20)),
            "name            loss\na run with a…    0.5\n名前           10.25\n"
        );
    }
}
