//! JSON and YAML: `{"test": {"accuracy": 0.93}, "history": [{"epoch": 0, "loss": 0.7}, …]}`.

use serde_json::{Map, Value};

use super::records::{Cell, Records};
use super::{Written, is_metric, key};
use crate::shown::{Meaning, is_heading, meaning};

/// Objects in objects.
const DEEPEST: usize = 6;

/// The results in a text; those of a file that is called `metrics` need no names of metrics.
pub fn of_text(text: &str, ending: &str, stem: &str) -> Vec<Written> {
    let value = match ending {
        "json" => serde_json::from_str(text).ok(),
        _ => serde_saphyr::from_str(text).ok(),
    };
    let mut found = Vec::new();
    if let Some(value) = value {
        let names = Names { above: String::new(), last: String::new(), of_results: is_of_results(stem) };
        names.walk(&value, DEEPEST, &mut found);
    }
    found
}

/// What a place in the tree is called.
struct Names {
    above: String,
    last: String,
    /// Whether a name above says that results follow: `metrics`, `scores`.
    of_results: bool,
}

impl Names {
    fn walk(&self, value: &Value, deepest: usize, found: &mut Vec<Written>) {
        match value {
            Value::Number(number) => {
                // A whole one is a count, or the number of a word in a vocabulary.
                let value = number.as_f64().filter(|_| number.is_f64() && self.is_metric());
                found.extend(value.map(|value| Written { key: self.key(), points: vec![(0, value)] }));
            }
            Value::Object(entries) if deepest > 0 => {
                for (name, value) in entries {
                    self.below(name).walk(value, deepest - 1, found);
                }
            }
            Value::Array(items) => self.list(items, found),
            _ => {}
        }
    }

    fn list(&self, items: &[Value], found: &mut Vec<Written>) {
        let objects: Vec<_> = items.iter().filter_map(Value::as_object).collect();
        if !items.is_empty() && objects.len() == items.len() {
            found.extend(records(&objects).results());
        } else if items.len() > 1 && items.iter().all(Value::is_f64) && self.is_metric() {
            let points = (0..).zip(items.iter().filter_map(Value::as_f64)).collect();
            found.push(Written { key: self.key(), points });
        }
    }

    fn is_metric(&self) -> bool {
        let may_be = matches!(meaning(&self.last), Meaning::Fitted | Meaning::Unknown);
        is_metric(&self.last, false) || (self.of_results && may_be)
    }

    fn key(&self) -> String {
        if self.above.is_empty() { self.last.clone() } else { format!("{}_{}", self.above, self.last) }
    }

    fn below(&self, name: &str) -> Self {
        let above =
            if self.last.is_empty() || is_heading(&self.last) { self.above.clone() } else { self.key() };
        Self { of_results: self.of_results || is_of_results(&self.last), above, last: key(name) }
    }
}

/// Whether it is a name for several results.
fn is_of_results(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or_default();
    ["metrics", "results", "scores"].contains(&last)
}

fn records(objects: &[&Map<String, Value>]) -> Records {
    let names: Vec<String> = objects.first().map(|first| first.keys().cloned().collect()).unwrap_or_default();
    let cell = |object: &Map<String, Value>, name: &str| match object.get(name) {
        Some(Value::Number(number)) => {
            Cell::Number { value: number.as_f64().unwrap_or(f64::NAN), whole: !number.is_f64() }
        }
        Some(Value::String(text)) => Cell::Text(text.clone()),
        _ => Cell::Other,
    };
    let rows = objects.iter().map(|object| names.iter().map(|name| cell(object, name)).collect()).collect();
    Records { names, rows }
}
