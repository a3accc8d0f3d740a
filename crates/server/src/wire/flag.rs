//! Truth values: `true` and `false`, as text in a query with any capitals, as Python writes `True`.

use std::fmt;

use serde::de::{Deserializer, Error, Unexpected, Visitor};

pub(crate) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    deserializer.deserialize_any(FlagVisitor)
}

struct FlagVisitor;

impl Visitor<'_> for FlagVisitor {
    type Value = Option<bool>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        let value_of = |name| value.eq_ignore_ascii_case(name).then_some(name == "true");
        let found = value_of("true").or_else(|| value_of("false"));
        found.map(Some).ok_or_else(|| E::invalid_value(Unexpected::Str(value), &self))
    }
}
