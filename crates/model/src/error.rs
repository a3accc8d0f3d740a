use serde::{Deserialize, Serialize};

/// Input that breaks a rule of the model: what, the value, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct Invalid {
    /// A whole sentence for the person who sent the input.
    pub message: String,
}

impl Invalid {
    /// An error with this sentence.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}
