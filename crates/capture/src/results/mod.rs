//! Results that a program has written into a file: JSON, YAML, CSV and text, of which only numbers with names of metrics
//! count.

mod records;
mod tree;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::shown::{Lines, Meaning, meaning};

/// A metric in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// In lower case, words joined with `_`.
    pub key: String,
    /// Steps and values: one of a score, several of a curve.
    pub points: Vec<(i64, f64)>,
}

/// Bytes. Files of results are small.
const LARGEST: u64 = 1 << 20;
const MOST: usize = 200;
const TEXT: [&str; 2] = ["md", "txt"];
const TREES: [&str; 3] = ["json", "yaml", "yml"];
const TABLES: [(&str, u8); 2] = [("csv", b','), ("tsv", b'\t')];

/// Whether a file may hold results, by its ending.
pub fn may_hold(path: &Path) -> bool {
    let ending = ending(path);
    let known = TEXT.into_iter().chain(TREES).chain(TABLES.map(|(name, _)| name));
    known.into_iter().any(|name| name == ending)
}

/// The results in a file; none of one that is large, gone or something else.
pub fn read(path: &Path) -> Vec<Written> {
    if !fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() <= LARGEST) {
        return Vec::new();
    }
    let Ok(text) = fs::read_to_string(path) else { return Vec::new() };
    let ending = ending(path);
    let mut found = if let Some((_, delimiter)) = TABLES.into_iter().find(|(name, _)| *name == ending) {
        records::of_csv(&text, delimiter)
    } else if TREES.contains(&ending.as_str()) {
        tree::of_text(&text, &ending, &key(&path.file_stem().unwrap_or_default().to_string_lossy()))
    } else {
        of_lines(&text)
    };
    found.retain(|written| written.points.iter().all(|(_, value)| value.is_finite()));
    found.truncate(MOST);
    found
}

fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// As if the program had shown it.
fn of_lines(text: &str) -> Vec<Written> {
    let mut lines = Lines::default();
    let mut found: BTreeMap<String, Vec<(i64, f64)>> = BTreeMap::new();
    for shown in text.lines().flat_map(|line| lines.read(line, &[], &[])) {
        found.entry(shown.key).or_default().push((shown.step, shown.value));
    }
    found.into_iter().map(|(key, points)| Written { key, points }).collect()
}

/// A name as a key: `F1-score` is `f1_score`.
fn key(name: &str) -> String {
    let words = name.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

/// Whether a number of this name is a metric; a whole one only where the name leaves no doubt.
fn is_metric(name: &str, whole: bool) -> bool {
    match meaning(name) {
        Meaning::Sure => true,
        Meaning::Likely => !whole,
        _ => false,
    }
}

/// Whether it is one, or a rate that changes with the steps beside it.
fn is_curve(name: &str) -> bool {
    meaning(name) >= Meaning::Schedule
}
