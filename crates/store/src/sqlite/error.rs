use rusqlite::{ErrorCode, ffi};

use crate::{Error, ErrorKind};

/// What an error of the engine means to our callers.
pub(super) fn translate(error: rusqlite::Error) -> Error {
    let (kind, what) = match error.sqlite_error_code() {
        _ if is_full(&error) => (
            ErrorKind::Full,
            "The disk that holds the store is full, or a quota or limit is reached. Free some space; nothing that was \
             recorded before is lost",
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => (
            ErrorKind::Denied,
            "The store's database cannot be written. See that its folder is still there, and that this user \
             may write to it and to the files in it; or choose another store",
        ),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            (ErrorKind::Corrupt, "The store's database file is damaged, or is no database of Trackline")
        }
        Some(ErrorCode::ConstraintViolation) => {
            (ErrorKind::Conflict, "The database refused a row that contradicts another")
        }
        _ => (ErrorKind::Io, "The database engine failed"),
    };
    Error::new(kind, format!("{what} ({error})."))
}

/// SQLite tells a full disk apart; a quota, or a limit of file lengths, is a write that failed.
fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| {
        error.code == ErrorCode::DiskFull
            || matches!(error.extended_code, ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE)
    })
}
