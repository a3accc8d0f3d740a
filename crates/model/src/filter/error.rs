use std::fmt;
use std::ops::Range;

use crate::Invalid;

/// A filter or an order that cannot be understood. Its `Display` shows the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to write instead, where that is known.
    pub hint: Option<String>,
    /// The bytes of `text` that are wrong; on character boundaries, empty at the end of the text.
    pub at: Range<usize>,
    /// The whole filter, or the one order clause.
    pub text: String,
}

impl std::error::Error for FilterError {}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<FilterError> for Invalid {
    fn from(error: FilterError) -> Self {
        Self::new(error.to_string())
    }
}
