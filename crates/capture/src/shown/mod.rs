//! Metrics in the lines that a program shows: `Epoch 3: loss=0.31 acc: 92.1%`, `Test accuracy: 0.93`, JSON and dicts,
//! tables under a row of names.
//!
//! Most lines hold numbers that are no metrics: times, sizes, versions, settings. So a name must be known as one of a
//! metric, or its number must change with a counter, or the code that shows it must have computed it.

mod line;
mod table;
mod token;
mod vocabulary;

use std::collections::HashMap;

use line::{Counter, Line, Value};
use table::Table;
pub(crate) use vocabulary::{Meaning, is_heading, meaning, step};

/// A metric that was shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// In lower case, words joined with `_`.
    pub key: String,
    /// As it was shown: 92.1 for `92.1%`.
    pub value: f64,
    /// From the counters on the line or around it; else how often the name was seen before.
    pub step: i64,
    /// Between 0 and 1.
    pub confidence: f64,
}

/// What the lines so far have told, for the next one.
#[derive(Debug, Default)]
pub struct Lines {
    table: Table,
    /// From a line that only says how far the program is: `Epoch 3/10`.
    around: Option<Counter>,
    /// The names of the dicts that the lines before have begun and not ended, as JSON does.
    dicts: Vec<String>,
    /// A line that only names what the lines after it give: `Accuracy:`, then `0.93`, or `KNN: 0.93`.
    heading: Option<Value>,
    first_at: HashMap<u8, i64>,
    keys: HashMap<String, Key>,
}

#[derive(Debug, Default)]
struct Key {
    seen: i64,
    /// The outer counter, and what its inner counter had reached before it began again.
    outer: i64,
    offset: i64,
    step: i64,
    /// Values of a name that is not known as one of a metric, until it has shown itself to be one.
    waiting: Vec<(f64, i64)>,
    accepted: bool,
}

const LONGEST: usize = 2000;
const MOST_KEYS: usize = 2000;
/// So often an unknown name must have come with a counter, and with different values.
const TIMES: usize = 3;
const MOST_WAITING: usize = 16;
/// Dicts in dicts.
const DEEPEST: usize = 16;

impl Lines {
    /// The metrics on a line; `turns` are the loops around the code that shows it, the outermost first, `results` the
    /// numbers on it that the code has computed.
    pub fn read(&mut self, text: &str, turns: &[i64], results: &[f64]) -> Vec<Shown> {
        let plain = plain(text);
        if plain.is_empty() || plain.len() > LONGEST || self.keys.len() > MOST_KEYS {
            return Vec::new();
        }
        let line = match self.table.row(&plain) {
            Some(line) if !line.counters.is_empty() => line,
            _ => {
                if !plain.trim_start().starts_with(['"', '\'', '{', '}', '[', ']']) {
                    self.dicts.clear();
                }
                let line = line::read(&plain, &mut self.dicts);
                self.dicts.truncate(DEEPEST);
                line
            }
        };
        let line = self.headed(line, &plain, results);
        if line.values.is_empty() {
            self.around = match line.counters[..] {
                [counter] if counter.rank <= 1 => Some(counter),
                _ => self.around,
            };
            return Vec::new();
        }
        let counters = self.counters(&line, turns);
        line.values.into_iter().flat_map(|value| self.value(value, &counters, results)).collect()
    }

    /// The line with the names that the heading above has for its numbers.
    fn headed(&mut self, mut line: Line, plain: &str, results: &[f64]) -> Line {
        if !plain.bytes().any(|byte| byte.is_ascii_digit()) {
            self.heading = line::heading(plain);
        } else if line.values.is_empty() {
            if let Some((heading, number)) = self.heading.take().zip(line::bare(plain)) {
                line.values.push(Value { numbers: number.numbers, whole: number.whole, ..heading });
            }
        } else if let Some(heading) =
            self.heading.as_ref().filter(|heading| heading.meaning >= Meaning::Likely)
        {
            let unknown = |value: &&mut Value| {
                value.meaning == Meaning::Unknown
                    && value.numbers.iter().all(|number| results.contains(number))
            };
            for value in line.values.iter_mut().filter(unknown) {
                value.key = format!("{}_{}", heading.key, value.key);
                value.meaning = heading.meaning;
            }
        }
        line
    }

    fn counters(&mut self, line: &Line, turns: &[i64]) -> Vec<Counter> {
        let mut counters = line.counters.clone();
        if counters.is_empty() {
            let ranked = turns.iter().enumerate();
            counters.extend(ranked.map(|(rank, at)| Counter {
                rank: rank.try_into().unwrap_or(2),
                at: *at,
                total: None,
            }));
        }
        if let Some(around) = self.around
            && counters.iter().all(|counter| counter.rank > around.rank)
            && (turns.is_empty() || !line.counters.is_empty())
        {
            counters.insert(0, around);
        }
        for counter in &counters {
            self.first_at.entry(counter.rank).or_insert(counter.at);
        }
        counters
    }

    fn value(&mut self, value: Value, counters: &[Counter], results: &[f64]) -> Vec<Shown> {
        let counted = !counters.is_empty();
        let computed = matches!(value.numbers[..], [only] if results.contains(&only));
        // A name that has shown itself to be one of a metric stays one, also where lines are read late and without their loops.
        let known = self.keys.get(&value.key).is_some_and(|key| key.accepted).then_some(0.9);
        let Some(confidence) = confidence(&value, counted, computed).or(known) else { return Vec::new() };
        let first = counters.first().and_then(|outer| self.first_at.get(&outer.rank)).copied();
        let key = self.keys.entry(value.key.clone()).or_default();
        let mut shown = Vec::new();
        for number in &value.numbers {
            let step = if value.numbers.len() == 1 { key.step(counters, first) } else { key.seen };
            key.seen += 1;
            if confidence >= 0.9 || key.accepted {
                shown.push((*number, step));
            } else {
                key.wait(*number, step, value.whole);
            }
        }
        if key.accepted {
            shown.splice(0..0, key.waiting.drain(..));
        }
        let confidence = confidence.max(0.9);
        shown
            .into_iter()
            .map(|(number, step)| Shown { key: value.key.clone(), value: number, step, confidence })
            .collect()
    }
}

impl Key {
    /// One step out of several counters. A counter that begins again, or stands still, goes on from where it was.
    fn step(&mut self, counters: &[Counter], first: Option<i64>) -> i64 {
        self.step = match counters {
            [] => self.seen,
            [only] => {
                if self.offset + only.at <= self.step && self.seen > 0 {
                    self.offset = self.step + 1 - only.at;
                }
                self.offset + only.at
            }
            [outer, .., inner] => match inner.total {
                Some(total) => (outer.at - first.unwrap_or(0).clamp(0, 1)) * total + inner.at,
                None => {
                    if self.outer != outer.at && self.offset + inner.at <= self.step && self.seen > 0 {
                        self.offset = self.step + 1 - inner.at.min(1);
                    }
                    self.outer = outer.at;
                    self.offset + inner.at
                }
            },
        };
        self.step
    }

    fn wait(&mut self, value: f64, step: i64, whole: bool) {
        if self.waiting.len() < MOST_WAITING && !whole {
            self.waiting.push((value, step));
        }
        let changes = self.waiting.iter().any(|(other, _)| *other != value);
        let moves = self.waiting.iter().any(|(_, other)| *other != step);
        self.accepted = self.waiting.len() >= TIMES && changes && moves;
    }
}

/// How sure it is that the number is a metric; below 0.9 it must be seen more often. None if it is none.
fn confidence(value: &Value, counted: bool, computed: bool) -> Option<f64> {
    let result = computed && value.assigned;
    match value.meaning {
        Meaning::Never => None,
        Meaning::Fitted => (result && (!value.whole || vocabulary::is_found(&value.key))).then_some(0.9),
        Meaning::Sure => Some(0.95),
        Meaning::Likely if !value.whole || (counted && value.assigned) || result => Some(0.9),
        Meaning::Likely if value.assigned && vocabulary::is_chosen(&value.key) => Some(0.9),
        Meaning::Likely => None,
        Meaning::Schedule => counted.then_some(0.95),
        Meaning::Unknown if result && !counted && !value.whole => Some(0.9),
        Meaning::Unknown => (counted && value.assigned).then_some(0.6),
    }
}

/// The line as it stands on the screen in the end: without colours, and only what was written last over the same place.
fn plain(text: &str) -> String {
    let text = text.trim_end_matches(['\r', '\n', ' ']);
    let last = text.rsplit(['\r', '\u{8}']).find(|part| !part.trim().is_empty()).unwrap_or("");
    let mut plain = String::with_capacity(last.len());
    let mut rest = last;
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        let escape = &rest[at..];
        let end = escape
            .find(|character: char| character.is_ascii_alphabetic())
            .map_or(escape.len(), |end| end + 1);
        rest = &escape[end..];
    }
    plain + rest
}
