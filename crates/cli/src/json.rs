//! Values for `--json`.

use serde_json::{Map, Number, Value};

/// As it is printed: indented, with a line end.
pub(crate) fn text(value: &Value) -> String {
    format!("{value:#}\n")
}

pub(crate) fn object<'a>(entries: impl Iterator<Item = (&'a String, Value)>) -> Value {
    Value::Object(entries.map(|(key, value)| (key.clone(), value)).collect::<Map<_, _>>())
}

/// A number; what JSON has no number for is a string: `"NaN"`, `"Infinity"`, `"-Infinity"`.
pub(crate) fn number(value: f64) -> Value {
    match Number::from_f64(value) {
        Some(number) => Value::Number(number),
        None if value.is_nan() => Value::from("NaN"),
        None if value > 0.0 => Value::from("Infinity"),
        None => Value::from("-Infinity"),
    }
}
