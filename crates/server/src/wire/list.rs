//! Lists in requests: one that is `null` is empty.

use serde::{Deserialize, Deserializer};

/// Reads a list; for use with `#[serde(default)]`.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
