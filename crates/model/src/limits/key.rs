use std::fmt;

use super::{MAX_KEY_LENGTH, shown, validate_length};
use crate::Invalid;

/// What a key belongs to, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// A metric.
    Metric,
    /// A param.
    Param,
    /// A tag of anything.
    Tag,
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Metric => "metric",
            Self::Param => "param",
            Self::Tag => "tag",
        })
    }
}

/// Checks the key of a metric, param or tag.
///
/// It has 1 to 250 letters, digits, spaces and any of `_ - . / :`. As it may become a path, it neither
/// begins nor ends with `/`, and none of its parts between slashes is empty, `.` or `..`.
pub fn validate_key(kind: KeyKind, key: &str) -> Result<(), Invalid> {
    if key.is_empty() {
        return Err(Invalid::new(format!("a {kind} needs a key: the empty text was given")));
    }
    validate_length(format_args!("{kind} key"), key, MAX_KEY_LENGTH)?;
    if let Some(bad) = key.chars().find(|c| !(c.is_alphanumeric() || "_-./: ".contains(*c))) {
        return Err(Invalid::new(format!(
            "Invalid {kind} key {}: it holds '{}'. Keys hold letters, digits, spaces and any of _ - . / :",
            shown(key),
            bad.escape_debug()
        )));
    }
    if key.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(Invalid::new(format!(
            "Invalid {kind} key {}: as a path it would mean another one. \
             Write the parts between slashes without empty ones, '.' and '..'",
            shown(key)
        )));
    }
    Ok(())
}
