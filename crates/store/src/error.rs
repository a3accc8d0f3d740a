use trackline_model::Invalid;
use trackline_model::filter::FilterError;

/// What every call to the store returns.
pub type Result<T> = std::result::Result<T, Error>;

/// What kind of thing went wrong: what a caller decides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The input breaks a rule; the same call will always fail.
    Invalid,
    /// What was named is not there.
    NotFound,
    /// What was to be made is there already.
    AlreadyExists,
    /// The state of the entity forbids it, such as renaming a deleted experiment.
    Conflict,
    /// The store was written by a newer version of Trackline.
    TooNew,
    /// The folder may not be written (or read) by this user.
    Denied,
    /// The disk is full.
    Full,
    /// The file system or the database engine failed in another way.
    Io,
    /// The database cannot be reached just now, or is too busy; the same call may succeed later.
    Unavailable,
    /// Others have kept locked what was to be written, longer than is waited for; the same call may succeed later.
    Locked,
    /// What is stored contradicts itself.
    Corrupt,
}

impl ErrorKind {
    /// Whether the reason is not in the call, which may succeed later.
    pub(crate) fn may_pass(self) -> bool {
        matches!(self, Self::Unavailable | Self::Locked)
    }
}

/// A call to the store that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What kind of thing went wrong.
    pub kind: ErrorKind,
    /// What failed, the value, and what to do, in whole sentences.
    pub message: String,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    pub(crate) fn corrupt(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Corrupt, message)
    }

    /// A failure of the file system while doing `what` (a phrase such as `write the blob …`).
    pub(crate) fn io(what: &str, error: &std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        // Ours, on its way through a reader.
        if let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            return inner.clone();
        }
        let (kind, advice) = match error.kind() {
            Io::PermissionDenied | Io::ReadOnlyFilesystem => {
                (ErrorKind::Denied, " Give this user the right to write there, or choose another store.")
            }
            Io::StorageFull | Io::QuotaExceeded | Io::FileTooLarge => {
                (ErrorKind::Full, " Free some space; nothing that was recorded before is lost.")
            }
            Io::NotFound => (ErrorKind::NotFound, ""),
            _ => (ErrorKind::Io, ""),
        };
        Self::new(kind, format!("Cannot {what}: {error}.{advice}"))
    }
}

impl From<Invalid> for Error {
    fn from(error: Invalid) -> Self {
        Self::invalid(error.message)
    }
}

impl From<FilterError> for Error {
    fn from(error: FilterError) -> Self {
        Self::invalid(error.to_string())
    }
}
