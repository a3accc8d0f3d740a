use std::io;

use trackline_journal::Error as JournalError;
use trackline_store::{Error as StoreError, ErrorKind as StoreErrorKind};

/// What kind of trouble an [`Error`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller asked for something that cannot be.
    Invalid,
    /// The kind of store that was asked for cannot be used from here.
    Unsupported,
    /// No permission to write to the store's folder, or its file system is read-only.
    ReadOnly,
    /// No space is left for the store's folder.
    DiskFull,
    /// Something there was written by a newer Trackline.
    NewerVersion,
    /// The server cannot be reached, or is in trouble; what is to be sent to it waits.
    Unreachable,
    /// The server refuses the user and password, or the token.
    Denied,
    /// Not everything reached the store in time; it is kept in the journal.
    TimedOut,
    /// The journals take as much of the disk as they may: some metrics are left out.
    Quota,
    /// The store refused something that was logged.
    Store,
    /// A journal or the store is damaged.
    Damaged,
    /// Any other trouble with files or threads.
    Io,
}

/// Trouble of Trackline's own, as a whole sentence for a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What kind of trouble.
    pub kind: ErrorKind,
    /// What failed, the value, and what to do.
    pub message: String,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// Trouble with files while doing `what`, as in "cannot open …".
    pub(crate) fn io(what: &str, error: &io::Error) -> Self {
        let (kind, advice) = match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                (ErrorKind::ReadOnly, ": choose a folder you may write to with TRACKLINE_URI")
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                (ErrorKind::DiskFull, ": free some space, what was recorded before is kept")
            }
            _ => (ErrorKind::Io, ""),
        };
        Self::new(kind, format!("cannot {what}: {error}{advice}"))
    }
}

impl From<JournalError> for Error {
    fn from(error: JournalError) -> Self {
        let kind = match &error {
            JournalError::Io { path, source } => {
                return Self::io(&format!("use the journal {}", path.display()), source);
            }
            JournalError::NewerVersion { .. } => ErrorKind::NewerVersion,
            JournalError::NotAJournal { .. }
            | JournalError::Damaged { .. }
            | JournalError::BadFrame { .. } => ErrorKind::Damaged,
            JournalError::TooLong => ErrorKind::Invalid,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        let kind = match error.kind {
            StoreErrorKind::TooNew => ErrorKind::NewerVersion,
            StoreErrorKind::Denied => ErrorKind::ReadOnly,
            StoreErrorKind::Full => ErrorKind::DiskFull,
            StoreErrorKind::Io => ErrorKind::Io,
            StoreErrorKind::Unavailable | StoreErrorKind::Locked => ErrorKind::Unreachable,
            StoreErrorKind::Corrupt => ErrorKind::Damaged,
            _ => ErrorKind::Store,
        };
        Self::new(kind, error.message)
    }
}
