//! Which sources versions of models may have.

use regex_lite::Regex;

use crate::error::ApiError;

/// What the source of a version must match somewhere; any will do by default.
#[derive(Debug, Clone, Default)]
pub struct ModelSources(Option<Regex>);

impl ModelSources {
    /// Only sources in which the pattern is found.
    pub fn matching(pattern: Option<Regex>) -> Self {
        Self(pattern)
    }

    pub(crate) fn check(&self, source: &str) -> Result<(), ApiError> {
        match &self.0 {
            Some(pattern) if !pattern.is_match(source) => Err(ApiError::invalid(format!(
                "Invalid model version source: '{source}'. This server takes sources that match {}.",
                pattern.as_str()
            ))),
            _ => Ok(()),
        }
    }
}
