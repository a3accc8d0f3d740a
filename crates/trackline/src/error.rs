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
    /// Not everything reached the store in time; it is kept in the journal.
    TimedOut,
    /// The database refused.
    Store,
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
}
