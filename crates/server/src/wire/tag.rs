use serde::{Deserialize, Serialize};
use trackline_model::{Param, Tag};
use utoipa::ToSchema;

use super::required_text;
use crate::error::ApiError;

/// A tag or a parameter.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct KeyValue {
    #[serde(default)]
    #[schema(required = true)]
    key: String,
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    value: Option<String>,
}

impl From<Tag> for KeyValue {
    fn from(tag: Tag) -> Self {
        Self { key: tag.key, value: Some(tag.value) }
    }
}

impl From<Param> for KeyValue {
    fn from(param: Param) -> Self {
        Self { key: param.key, value: Some(param.value) }
    }
}

impl KeyValue {
    fn checked(self, field: &str, index: usize) -> Result<(String, String), ApiError> {
        let key = required_text(format_args!("{field}[{index}].key"), Some(self.key))?;
        Ok((key, self.value.unwrap_or_default()))
    }
}

/// The tags of a request; `field` is their name in it.
pub(crate) fn tags(field: &str, given: Vec<KeyValue>) -> Result<Vec<Tag>, ApiError> {
    let checked = given.into_iter().enumerate().map(|(index, item)| item.checked(field, index));
    checked.map(|item| item.map(|(key, value)| Tag { key, value })).collect()
}

/// The parameters of a request; `field` is their name in it.
pub(crate) fn params(field: &str, given: Vec<KeyValue>) -> Result<Vec<Param>, ApiError> {
    let checked = given.into_iter().enumerate().map(|(index, item)| item.checked(field, index));
    checked.map(|item| item.map(|(key, value)| Param { key, value })).collect()
}
