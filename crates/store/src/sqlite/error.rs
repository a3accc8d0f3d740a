use rusqlite::ErrorCode;

use crate::{Error, ErrorKind};

/// What an error of the engine means to our callers.
pub(super) fn translate(error: rusqlite::Error) -> Error {
    let (kind, what) = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => (
            ErrorKind::Full,
            "The disk that holds the store is full. Free some space; nothing that was recorded before is lost",
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
