//! Rows that several tables have in common.

use serde::Serialize;
use serde::de::DeserializeOwned;
use trackline_model::{LifecycleStage, Tag};

use crate::sql::Row;
use crate::{Error, Result};

/// From rows of key and value.
pub(crate) fn tags(rows: &[Row]) -> Result<Vec<Tag>> {
    rows.iter().map(|row| Ok(Tag { key: row.text(0)?, value: row.text(1)? })).collect()
}

pub(crate) fn stage(deleted_time: Option<i64>) -> LifecycleStage {
    if deleted_time.is_some() { LifecycleStage::Deleted } else { LifecycleStage::Active }
}

/// The name of an enum's variant, as it is written in a column and in JSON.
pub(crate) fn name_of<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => Ok(name),
        other => Err(Error::corrupt(format!("{other:?} is not a plain name."))),
    }
}

/// The variant of an enum with this name.
pub(crate) fn named<T: DeserializeOwned>(name: String) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(name))
        .map_err(|error| Error::corrupt(format!("The database holds a name that is not known: {error}.")))
}
