//! Tables whose first lines name the columns: `epoch  train_loss  valid_loss`.

use super::line::{Counter, Line, Value};
use super::vocabulary::{self as words, Meaning};

/// The columns of the table that is being shown.
#[derive(Debug, Default)]
pub struct Table {
    columns: Vec<String>,
}

impl Table {
    /// What a row says, None if the line is none.
    pub fn row(&mut self, line: &str) -> Option<Line> {
        let cells = cells(line);
        let numbers: Vec<Option<f64>> = cells.iter().map(|cell| cell.parse().ok()).collect();
        if cells.iter().all(|cell| cell.chars().all(|character| "-=+_─━╌".contains(character))) {
            return None;
        }
        if numbers.iter().all(Option::is_none) {
            self.columns = if is_head(&cells) {
                cells.iter().map(|cell| cell.to_lowercase()).collect()
            } else {
                Vec::new()
            };
            return None;
        }
        if self.columns.len() != cells.len() || cells.len() < 2 {
            return None;
        }
        Some(self.read(&cells, &numbers))
    }

    fn read(&self, cells: &[&str], numbers: &[Option<f64>]) -> Line {
        let mut line = Line::default();
        for ((name, cell), number) in self.columns.iter().zip(cells).zip(numbers) {
            let Some(number) = *number else { continue };
            if let Some(rank) = words::step(name)
                && let Ok(at) = cell.parse()
            {
                line.counters.push(Counter { rank, at, total: None });
            } else if words::meaning(name) != Meaning::Never {
                line.values.push(Value {
                    key: name.replace(' ', "_"),
                    numbers: vec![number],
                    whole: !cell.contains('.'),
                    assigned: true,
                    meaning: words::meaning(name),
                });
            }
        }
        line
    }
}

/// A table of results has a counter and a metric.
fn is_head(cells: &[&str]) -> bool {
    let names: Vec<String> = cells.iter().map(|cell| cell.to_lowercase()).collect();
    names.iter().any(|name| words::step(name).is_some())
        && names.iter().any(|name| words::meaning(name) >= Meaning::Likely)
}

fn cells(line: &str) -> Vec<&str> {
    let line = line.trim().trim_matches('|');
    let by = |separator: &str| {
        line.split(separator).map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>()
    };
    for separator in ["|", "\t", "  "] {
        let cells = by(separator);
        if cells.len() > 1 {
            return cells;
        }
    }
    let cells = by(" ");
    if cells.len() > 1 { cells } else { by(",") }
}
