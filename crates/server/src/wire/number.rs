//! Numbers as protobuf-JSON has them: 64-bit integers and doubles may arrive as text.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// A 64-bit integer: accepted as a number or as decimal text, printed as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Int64(pub i64);

impl<'de> Deserialize<'de> for Int64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Int64Visitor).map(Self)
    }
}

struct Int64Visitor;

impl Visitor<'_> for Int64Visitor {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number of 64 bits, or one as text")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<i64, E> {
        Ok(value)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<i64, E> {
        i64::try_from(value).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))
    }

    /// `5.0` is a whole number, `1.5` is not; beyond 2^53 a double no longer says which one is meant.
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<i64, E> {
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if value.fract() == 0.0 && value.abs() <= EXACT {
            #[allow(clippy::cast_possible_truncation)]
            return Ok(value as i64);
        }
        Err(E::invalid_value(de::Unexpected::Float(value), &self))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<i64, E> {
        value.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(value), &self))
    }
}

/// A double as a request may hold it: a number, or text such as `0.5`, `NaN` or `-Infinity`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Double(pub f64);

impl<'de> Deserialize<'de> for Double {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DoubleVisitor).map(Self)
    }
}

struct DoubleVisitor;

impl Visitor<'_> for DoubleVisitor {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a number as text, \"NaN\", \"Infinity\" or \"-Infinity\"")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<f64, E> {
        Ok(value)
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<f64, E> {
        Ok(value as f64)
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<f64, E> {
        Ok(value as f64)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<f64, E> {
        value.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(value), &self))
    }
}

/// Prints a double as MLflow's endpoints do: NaN as text, the infinities as the largest finite doubles.
pub(crate) fn mlflow_double<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.is_nan() {
        serializer.serialize_str("NaN")
    } else {
        serializer.serialize_f64(value.clamp(f64::MIN, f64::MAX))
    }
}

/// A double as the page's own endpoints have it: what is not finite is text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ExactDouble(pub f64);

impl Serialize for ExactDouble {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            value if value.is_finite() => serializer.serialize_f64(value),
            value if value.is_nan() => serializer.serialize_str("NaN"),
            value if value > 0.0 => serializer.serialize_str("Infinity"),
            _ => serializer.serialize_str("-Infinity"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(text: &str) -> Option<i64> {
        serde_json::from_str::<Int64>(text).ok().map(|n| n.0)
    }

    #[test]
    fn integers_come_as_numbers_or_text() {
        assert_eq!(int("5"), Some(5));
        assert_eq!(int("\"-5\""), Some(-5));
        assert_eq!(int("5.0"), Some(5));
        assert_eq!(int("9223372036854775807"), Some(i64::MAX));
        for bad in ["\"5.0\"", "5.5", "\"\"", "\"five\"", "9223372036854775808", "1e300", "true", "[]"] {
            assert_eq!(int(bad), None, "{bad}");
        }
    }

    #[test]
    fn doubles_come_as_numbers_or_text() {
        let double = |text: &str| serde_json::from_str::<Double>(text).ok().map(|n| n.0);
        assert_eq!(double("0.5"), Some(0.5));
        assert_eq!(double("\"0.5\""), Some(0.5));
        assert_eq!(double("3"), Some(3.0));
        assert_eq!(double("\"-Infinity\""), Some(f64::NEG_INFINITY));
        assert!(double("\"NaN\"").is_some_and(f64::is_nan));
        for bad in ["\"abc\"", "\"\"", "true", "{}"] {
            assert_eq!(double(bad), None, "{bad}");
        }
    }
}
