use std::fmt;

/// Why a command did not do what it was asked: what is printed, and the exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<String>,
    code: i32,
}

impl Failure {
    /// The command was right but could not be carried out: exit code 1.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code: 1 }
    }

    /// The command itself was wrong: exit code 2.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, code: 2 }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn with_code(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    pub(crate) fn code(&self) -> i32 {
        self.code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl From<trackline_store::Error> for Failure {
    fn from(error: trackline_store::Error) -> Self {
        match error.kind {
            trackline_store::ErrorKind::Invalid => Self::usage(error.message),
            _ => Self::new(error.message),
        }
    }
}

impl From<trackline::Error> for Failure {
    fn from(error: trackline::Error) -> Self {
        match error.kind {
            trackline::ErrorKind::Unsupported => {
                Self::usage(error.message).hint("--store chooses the folder of a store")
            }
            trackline::ErrorKind::Invalid => Self::usage(error.message),
            _ => Self::new(error.message),
        }
    }
}

impl From<trackline_model::filter::FilterError> for Failure {
    fn from(error: trackline_model::filter::FilterError) -> Self {
        Self::usage(error.to_string())
    }
}
