use std::time::Duration;

use tokio_postgres::Error as Failure;
use tokio_postgres::error::SqlState;

use crate::{Error, ErrorKind};

/// What can be done about a failed statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Another transaction came between: this one may be tried again.
    Retry,
    /// The connection is gone; with another one, what was not committed may be tried again.
    Reconnect,
    /// Nothing: the statement itself is refused.
    None,
    /// Nothing: it is not known what the server did.
    Unknown,
}

/// Why there is no answer to a statement.
#[derive(Debug)]
pub(super) enum Trouble {
    Failed(Failure),
    /// There was none for so long.
    Silent(Duration),
}

impl Trouble {
    /// Whether the server itself has said so: not a pool in front of it, which has lost the server.
    pub fn is_told(&self) -> bool {
        matches!(self, Self::Failed(failure) if failure.code().is_some_and(|code| !is_of_connection(code)))
    }

    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Failed(failure) => remedy(failure),
            Self::Silent(_) => Remedy::Unknown,
        }
    }

    pub fn translate(&self) -> Error {
        match self {
            Self::Failed(failure) => translate(failure),
            Self::Silent(patience) => Error::new(
                ErrorKind::Unavailable,
                format!(
                    "The database has not answered for {patience:?}. Try again, and look at what it is busy with."
                ),
            ),
        }
    }
}

fn remedy(failure: &Failure) -> Remedy {
    match failure.code() {
        Some(
            &SqlState::T_R_SERIALIZATION_FAILURE
            | &SqlState::T_R_DEADLOCK_DETECTED
            // Whoever inserts has looked before.
            | &SqlState::UNIQUE_VIOLATION,
        ) => Remedy::Retry,
        _ if is_away(failure) => Remedy::Reconnect,
        _ => Remedy::None,
    }
}

/// Whether the server is gone, going, or not yet up.
fn is_away(failure: &Failure) -> bool {
    match failure.code() {
        None => {
            failure.is_closed()
                || std::error::Error::source(failure).is_some_and(|source| source.is::<std::io::Error>())
        }
        Some(code) => {
            is_of_connection(code)
                || matches!(
                    *code,
                    SqlState::ADMIN_SHUTDOWN
                        | SqlState::CRASH_SHUTDOWN
                        | SqlState::CANNOT_CONNECT_NOW
                        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
                        // After a failover, the old connection leads to a standby.
                        | SqlState::READ_ONLY_SQL_TRANSACTION
                )
        }
    }
}

fn is_of_connection(code: &SqlState) -> bool {
    code.code().starts_with("08")
}

/// What an error of the engine means to our callers.
pub(super) fn translate(failure: &Failure) -> Error {
    let (kind, what) = match failure.code() {
        _ if is_away(failure) => (
            ErrorKind::Unavailable,
            "The database cannot be reached just now. Nothing that was recorded before is lost; try again",
        ),
        Some(
            &SqlState::TOO_MANY_CONNECTIONS
            | &SqlState::QUERY_CANCELED
            | &SqlState::OUT_OF_MEMORY
            | &SqlState::T_R_SERIALIZATION_FAILURE
            | &SqlState::T_R_DEADLOCK_DETECTED,
        ) => (ErrorKind::Unavailable, "The database is too busy. Try again"),
        Some(&SqlState::LOCK_NOT_AVAILABLE) => {
            (ErrorKind::Locked, "What is to be written is locked, by another server or a tool. Try again")
        }
        Some(&SqlState::DISK_FULL) => (
            ErrorKind::Full,
            "The disk of the database is full. Free some space; nothing that was recorded before is lost",
        ),
        Some(&SqlState::PROGRAM_LIMIT_EXCEEDED) => (
            ErrorKind::Invalid,
            "A name, key or path is longer than the database can index. Use a shorter one",
        ),
        Some(&SqlState::INSUFFICIENT_PRIVILEGE) => (
            ErrorKind::Denied,
            "The database's user lacks a right. Give it CREATE on the database, or make the schema \
             'trackline' and give it ALL on that",
        ),
        Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => (
            ErrorKind::Denied,
            "The database server refuses this user. Check user and password of its address",
        ),
        Some(&SqlState::INVALID_CATALOG_NAME) => {
            (ErrorKind::NotFound, "There is no such database. Make it with CREATE DATABASE")
        }
        Some(code) if code.code().starts_with("23") => {
            (ErrorKind::Conflict, "The database refused a row that contradicts another")
        }
        _ => (ErrorKind::Io, "The database engine failed"),
    };
    Error::new(kind, format!("{what} ({}).", reason(failure)))
}

/// What the server said, or else what the network did.
fn reason(failure: &Failure) -> String {
    if let Some(said) = failure.as_db_error() {
        return said.message().to_owned();
    }
    match std::error::Error::source(failure) {
        Some(source) => format!("{failure}: {source}"),
        None => failure.to_string(),
    }
}
