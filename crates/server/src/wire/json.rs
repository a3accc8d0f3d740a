//! Reading a JSON body the way MLflow's clients write it.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// Reads a message; the error is a sentence that names the place and the value that is wrong there.
///
/// An empty body is an empty message. A body that is a JSON text holding JSON, and the bare literals
/// `NaN`, `Infinity` and `-Infinity` of Python's `json`, are read as what they mean.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    // Looked at as a whole: it would take longer text by text.
    let body = std::str::from_utf8(body)
        .map_err(|error| format!("The request body is not valid JSON, which is UTF-8: {error}."))?;
    match body.bytes().find(|byte| !byte.is_ascii_whitespace()) {
        None => parse_object("{}"),
        Some(b'{') => serde_json::from_str(body).or_else(|first| parse_leniently(body, &first)),
        Some(b'"') => match serde_json::from_str::<String>(body) {
            Ok(inner) => parse_object(&inner),
            Err(error) => Err(not_json(&error)),
        },
        Some(_) => match serde_json::from_str::<IgnoredAny>(body) {
            Ok(_) => Err("The request body must be a JSON object.".to_owned()),
            Err(error) => Err(not_json(&error)),
        },
    }
}

fn parse_leniently<T: DeserializeOwned>(body: &str, first: &serde_json::Error) -> Result<T, String> {
    if first.is_data() {
        return parse_object(body);
    }
    match quote_bare_literals(body) {
        Some(quoted) => parse_object(&quoted),
        None => Err(not_json(first)),
    }
}

fn not_json(error: &serde_json::Error) -> String {
    format!("The request body is not valid JSON: {error}.")
}

/// Slower than the plain way, as it follows where in the message it is; for the rare cases only.
fn parse_object<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    let mut deserializer = serde_json::Deserializer::from_str(body);
    let message = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let cause = error.inner();
        if !cause.is_data() {
            return not_json(cause);
        }
        if error.path().iter().next().is_none() {
            return format!("The request body must be a JSON object: {cause}.");
        }
        let value = value_at(body, error.path()).as_ref().map(Value::to_string).unwrap_or_default();
        let place = format!(" at line {} column {}", cause.line(), cause.column());
        invalid_value(&error.path().to_string(), &value, cause.to_string().trim_end_matches(&place))
    })?;
    deserializer.end().map_err(|error| not_json(&error))?;
    Ok(message)
}

/// The sentence for a value, as JSON text, of the wrong type; `cause` is what serde says of it.
pub(crate) fn invalid_value(name: &str, value: &str, cause: &str) -> String {
    let shown: String = value.chars().take(100).collect();
    let expected = cause.rsplit_once(", expected ").map_or(cause, |(_, expected)| expected);
    format!("Invalid value {shown} for parameter '{name}' supplied: expected {expected}.")
}

fn value_at(body: &str, path: &Path) -> Option<Value> {
    let mut value = serde_json::from_str(body).ok()?;
    for segment in path {
        let inner: &mut Value = match segment {
            Segment::Seq { index } => Value::get_mut(&mut value, index)?,
            Segment::Map { key } => Value::get_mut(&mut value, key)?,
            Segment::Enum { .. } | Segment::Unknown => return None,
        };
        value = inner.take();
    }
    Some(value)
}

/// The body with bare `NaN`, `Infinity` and `-Infinity` in quotes, or `None` if it holds none.
fn quote_bare_literals(body: &str) -> Option<String> {
    const LITERALS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];
    let mut quoted = String::with_capacity(body.len() + 16);
    let (mut in_text, mut escaped, mut found) = (false, false, false);
    let mut rest = body.chars();
    loop {
        if !in_text
            && let Some(literal) = LITERALS.iter().find(|literal| rest.as_str().starts_with(**literal))
        {
            quoted.extend(["\"", literal, "\""]);
            rest = rest.as_str()[literal.len()..].chars();
            found = true;
            continue;
        }
        let Some(next) = rest.next() else { break };
        if next == '"' && !escaped {
            in_text = !in_text;
        }
        escaped = in_text && next == '\\' && !escaped;
        quoted.push(next);
    }
    found.then_some(quoted)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::wire::number::Double;

    type Message = BTreeMap<String, Double>;

    #[test]
    fn literals_of_python_are_read() {
        let message: Message = parse(br#"{"a": NaN, "b": -Infinity, "N\"aN": 1}"#).unwrap();
        assert!(message["a"].0.is_nan());
        assert_eq!(message["b"].0, f64::NEG_INFINITY);
        assert_eq!(message["N\"aN"].0, 1.0);
    }

    #[test]
    fn json_inside_a_json_text_is_read() {
        let message: Message = parse(br#""{\"a\": 1}""#).unwrap();
        assert_eq!(message["a"].0, 1.0);
    }

    #[test]
    fn errors_say_where_and_what() {
        let error = |body: &[u8]| parse::<Message>(body).unwrap_err();
        let wrong_type = error(br#"{"a": [1]}"#);
        assert!(wrong_type.starts_with("Invalid value [1] for parameter 'a' supplied"), "{wrong_type}");
        assert!(error(br#"{"a": "#).contains("not valid JSON"));
        assert!(error(b"{\"a\": \"\xff\"}").contains("not valid JSON"));
        assert!(error(b"[1]").contains("must be a JSON object"));
        assert!(parse::<Message>(b" ").unwrap().is_empty());
    }
}
