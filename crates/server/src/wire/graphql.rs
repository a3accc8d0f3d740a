//! Queries of GraphQL.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// A query.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Query {
    pub(crate) query: Option<String>,
    pub(crate) operation_name: Option<String>,
    #[serde(default, deserialize_with = "variables")]
    pub(crate) variables: Map<String, Value>,
}

/// A GET carries them as a JSON text.
fn variables<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Map<String, Value>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(Map::new()),
        Value::Object(variables) => Ok(variables),
        Value::String(text) => serde_json::from_str(&text).map_err(D::Error::custom),
        _ => Err(D::Error::custom("invalid type, expected an object")),
    }
}
