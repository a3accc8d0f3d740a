//! Rows under names: a row for each epoch, each model, each metric.

use super::{Written, is_curve, is_metric, key};
use crate::shown::step;

/// Names of what is told of single samples: a table with one of them is no table of results.
const OF_SAMPLES: [&str; 12] = [
    "actual",
    "id",
    "label",
    "predicted",
    "prediction",
    "predictions",
    "support",
    "target",
    "y",
    "y_pred",
    "y_test",
    "y_true",
];
/// A table of models or metrics is not longer than that.
const MOST_ROWS: usize = 50;

/// What stands in a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A number; written without a point, it is a whole one.
    Number { value: f64, whole: bool },
    /// Text.
    Text(String),
    /// Nothing, or something else.
    Other,
}

/// A table whose rows are as long as its names.
pub struct Records {
    pub names: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// The results in a table with a header.
pub fn of_csv(text: &str, delimiter: u8) -> Vec<Written> {
    let mut lines = text.lines().filter(|line| !line.is_empty()).map(|line| fields(line, delimiter));
    let Some(names) = lines.next() else { return Vec::new() };
    let rows: Vec<Vec<Cell>> = lines.map(|line| line.iter().map(|field| cell(field)).collect()).collect();
    if rows.iter().any(|row| row.len() != names.len()) {
        return Vec::new();
    }
    Records { names, rows }.results()
}

fn fields(line: &str, delimiter: u8) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            _ if character == char::from(delimiter) && !quoted => fields.push(std::mem::take(&mut field)),
            _ => field.push(character),
        }
    }
    fields.push(field);
    fields
}

fn cell(field: &str) -> Cell {
    let text = field.trim();
    match text.parse() {
        _ if text.is_empty() => Cell::Other,
        Ok(value) => Cell::Number { value, whole: text.parse::<i64>().is_ok() },
        Err(_) => Cell::Text(text.to_owned()),
    }
}

impl Records {
    /// The metrics: curves where the rows are steps, else a score of each row.
    pub fn results(&self) -> Vec<Written> {
        let keys: Vec<String> = self.names.iter().map(|name| key(name)).collect();
        if self.rows.is_empty() || keys.iter().any(|key| OF_SAMPLES.contains(&key.as_str())) {
            return Vec::new();
        }
        let named = (0..keys.len()).find(|&at| step(&keys[at]).is_some()).filter(|_| self.rows.len() > 1);
        let counted = (keys.first().is_some_and(String::is_empty)).then_some(0);
        if let Some(steps) = named.and_then(|at| self.steps(at)) {
            return self.curves(&keys, &steps);
        }
        let others = &keys[usize::from(counted.is_some())..];
        if !others.is_empty() && others.iter().all(|key| is_curve(key)) {
            let steps = counted.and_then(|at| self.steps(at));
            return self.curves(&keys, &steps.unwrap_or_else(|| (0..).take(self.rows.len()).collect()));
        }
        let labels = (0..keys.len()).find_map(|at| self.labels(at));
        labels.map(|labels| self.scores(&keys, &labels)).unwrap_or_default()
    }

    /// Whole numbers that grow from row to row.
    fn steps(&self, at: usize) -> Option<Vec<i64>> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what is cut to the same number twice is no step"
        )]
        let whole = |row: &Vec<Cell>| match row[at] {
            Cell::Number { value, .. } if value.fract() == 0.0 => Some(value as i64),
            _ => None,
        };
        let steps: Vec<i64> = self.rows.iter().map(whole).collect::<Option<_>>()?;
        steps.is_sorted_by(|one, next| one < next).then_some(steps)
    }

    fn curves(&self, keys: &[String], steps: &[i64]) -> Vec<Written> {
        let mut found = Vec::new();
        for (at, key) in keys.iter().enumerate().filter(|(_, key)| is_curve(key)) {
            let points = steps.iter().zip(&self.rows).filter_map(|(step, row)| match row[at] {
                Cell::Number { value, .. } => Some((*step, value)),
                _ => None,
            });
            found.push(Written { key: key.clone(), points: points.collect() });
        }
        found.retain(|written| !written.points.is_empty());
        found
    }

    /// The texts of a column, if it has nothing else and each once.
    fn labels(&self, at: usize) -> Option<Vec<String>> {
        let text = |row: &Vec<Cell>| match &row[at] {
            Cell::Text(text) => Some(key(text)),
            _ => None,
        };
        let labels: Vec<String> = self.rows.iter().map(text).collect::<Option<_>>()?;
        let mut once = labels.clone();
        once.sort();
        once.dedup();
        (labels.len() <= MOST_ROWS && once.len() == labels.len()).then_some(labels)
    }

    /// `model,accuracy`, or `metric,value`.
    fn scores(&self, keys: &[String], labels: &[String]) -> Vec<Written> {
        let mut found = Vec::new();
        for (row, label) in self.rows.iter().zip(labels) {
            for (key, cell) in keys.iter().zip(row) {
                let Cell::Number { value, whole } = *cell else { continue };
                let key = match keys.len() {
                    2 if is_metric(label, whole) => label.clone(),
                    _ if is_metric(key, whole) => format!("{label}_{key}"),
                    _ => continue,
                };
                found.push(Written { key, points: vec![(0, value)] });
            }
        }
        found
    }
}
