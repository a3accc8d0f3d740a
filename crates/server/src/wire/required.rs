//! Arguments that must be there.

use std::fmt::Display;

use crate::error::ApiError;

/// The value, or the error that names the missing parameter.
pub(crate) fn required<T>(name: impl Display, value: Option<T>) -> Result<T, ApiError> {
    value.ok_or_else(|| missing(name))
}

/// The text, or the error that names the missing parameter; an empty text counts as missing.
pub(crate) fn required_text<T: AsRef<str>>(name: impl Display, value: Option<T>) -> Result<T, ApiError> {
    value.filter(|text| !text.as_ref().is_empty()).ok_or_else(|| missing(name))
}

/// The text if it says something.
pub(crate) fn optional_text(value: Option<String>) -> Option<String> {
    value.filter(|text| !text.is_empty())
}

/// A run is named by `run_id`; old clients say `run_uuid`, many say both.
pub(crate) fn run_id(run_id: Option<String>, run_uuid: Option<String>) -> Result<String, ApiError> {
    required_text("run_id", optional_text(run_id).or(run_uuid))
}

fn missing(name: impl Display) -> ApiError {
    ApiError::invalid(format!(
        "Missing value for required parameter '{name}'. See the API docs for more information about request \
         parameters."
    ))
}
