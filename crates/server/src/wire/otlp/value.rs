//! Values of attributes. As the text of an attribute they are plain JSON, spaced as Python's `json` spaces it: filters of
//! MLflow's users are written for such text.

use std::borrow::Cow;
use std::fmt;
use std::io;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use prost::{Message, Oneof};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::ser::Formatter;

use crate::wire::number::Int64;

#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct KeyValue {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(message, optional, tag = "2")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<AnyValue>,
}

/// A value of any kind; none of them is null.
#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
pub(crate) struct AnyValue {
    #[prost(oneof = "any_value::Kind", tags = "1, 2, 3, 4, 5, 6, 7")]
    #[serde(flatten)]
    pub(crate) kind: Option<any_value::Kind>,
}

pub(crate) mod any_value {
    use super::{ArrayValue, Deserialize, KeyValueList, Oneof, Serialize};

    #[derive(Clone, PartialEq, Oneof, Serialize, Deserialize)]
    #[allow(clippy::enum_variant_names)] // the names of the protocol
    pub(crate) enum Kind {
        #[prost(string, tag = "1")]
        #[serde(rename(serialize = "string_value", deserialize = "stringValue"))]
        String(String),
        #[prost(bool, tag = "2")]
        #[serde(rename(serialize = "bool_value", deserialize = "boolValue"))]
        Bool(bool),
        #[prost(int64, tag = "3")]
        #[serde(rename(serialize = "int_value", deserialize = "intValue"))]
        Int(#[serde(deserialize_with = "super::signed")] i64),
        #[prost(double, tag = "4")]
        #[serde(rename(serialize = "double_value", deserialize = "doubleValue"))]
        Double(#[serde(serialize_with = "crate::wire::number::mlflow_double")] f64),
        #[prost(message, tag = "5")]
        #[serde(rename(serialize = "array_value", deserialize = "arrayValue"))]
        Array(ArrayValue),
        #[prost(message, tag = "6")]
        #[serde(rename(serialize = "kvlist_value", deserialize = "kvlistValue"))]
        Object(KeyValueList),
        #[prost(bytes = "vec", tag = "7")]
        #[serde(rename(serialize = "bytes_value", deserialize = "bytesValue"), with = "super::base64_text")]
        Bytes(Vec<u8>),
    }
}

use any_value::Kind;

#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ArrayValue {
    #[prost(message, repeated, tag = "1")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) values: Vec<AnyValue>,
}

#[derive(Clone, PartialEq, Message, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct KeyValueList {
    #[prost(message, repeated, tag = "1")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) values: Vec<KeyValue>,
}

/// No text in PostgreSQL holds NUL.
pub(crate) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}").into() } else { text.into() }
}

/// JSON with a space behind each comma and colon.
pub(crate) fn python_json<T: Serialize>(value: &T) -> String {
    let mut text = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut text, Spaced);
    // Neither a number nor a key of it cannot be written.
    let _ = value.serialize(&mut serializer);
    String::from_utf8(text).unwrap_or_default()
}

struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        writer.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

/// A value as plain JSON, whose objects keep their order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Plain(pub(crate) AnyValue);

impl Plain {
    /// In a list of pairs, null is no value.
    pub(crate) fn under(self, key: String) -> KeyValue {
        let value = Some(self.0).filter(|value| value.kind.is_some());
        KeyValue { key, value }
    }
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        PlainOf(Some(&self.0)).serialize(serializer)
    }
}

struct PlainOf<'a>(Option<&'a AnyValue>);

impl Serialize for PlainOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.and_then(|value| value.kind.as_ref()) {
            None => serializer.serialize_unit(),
            Some(Kind::String(text)) => serializer.serialize_str(&storable(text)),
            Some(Kind::Bool(value)) => serializer.serialize_bool(*value),
            Some(Kind::Int(value)) => serializer.serialize_i64(*value),
            Some(Kind::Double(value)) => serializer.serialize_f64(*value),
            Some(Kind::Bytes(bytes)) => serializer.serialize_str(&BASE64_STANDARD.encode(bytes)),
            Some(Kind::Array(list)) => {
                serializer.collect_seq(list.values.iter().map(|value| Self(Some(value))))
            }
            Some(Kind::Object(list)) => {
                let pairs = list.values.iter();
                serializer.collect_map(pairs.map(|pair| (storable(&pair.key), Self(pair.value.as_ref()))))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kind = deserializer.deserialize_any(PlainVisitor)?;
        Ok(Self(AnyValue { kind }))
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Option<Kind>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(Kind::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(Kind::Int(value)))
    }

    #[allow(clippy::cast_precision_loss)] // the protocol has no larger integers
    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(i64::try_from(value).map_or(Kind::Double(value as f64), Kind::Int)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Some(Kind::Double(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(Kind::String(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Plain(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Some(Kind::Array(ArrayValue { values })))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some((key, plain)) = map.next_entry::<String, Plain>()? {
            values.push(plain.under(key));
        }
        Ok(Some(Kind::Object(KeyValueList { values })))
    }
}

/// Times come as numbers or, as protobuf's JSON has them, as text.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let Int64(number) = Int64::deserialize(deserializer)?;
    u64::try_from(number).map_err(serde::de::Error::custom)
}

fn signed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Int64::deserialize(deserializer).map(|Int64(number)| number)
}

mod base64_text {
    use super::{BASE64_STANDARD, Deserialize, Deserializer, Engine, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        BASE64_STANDARD.decode(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
