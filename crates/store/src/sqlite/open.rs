use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use rusqlite::{Connection as Handle, ErrorCode, OpenFlags, ffi};

use super::error::translate;
use crate::Result;

/// Page cache of a connection, in KiB. Readers are several, and the system's own cache stands behind.
const WRITER_CACHE: i64 = 16 << 10;
const READER_CACHE: i64 = 4 << 10;
/// Statements that are kept prepared on each connection.
const STATEMENTS: usize = 128;

pub(super) fn read_write(path: &Path) -> Result<Handle> {
    let handle = with_journal(path, choose_journal)?;
    patiently(|| handle.pragma_update(None, "cache_size", -WRITER_CACHE))?;
    patiently(|| handle.pragma_update(None, "synchronous", "normal"))?;
    patiently(|| handle.pragma_update(None, "foreign_keys", "on"))?;
    Ok(handle)
}

/// A copy begins with SQLite's older journal, wherever it lies.
pub(super) fn copied(path: &Path) -> Result<()> {
    with_journal(path, begin_wal).map(drop)
}

/// With a write-ahead log, whose index is memory that all processes map: readers and writers do not wait for each other.
/// Where the file system maps nothing, as some that lie on a network, with SQLite's older journal.
fn with_journal(path: &Path, begin: fn(&Handle) -> rusqlite::Result<()>) -> Result<Handle> {
    let handle = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    let maps = patiently(|| match begin(&handle) {
        Err(error) if cannot_map(&error) => Ok(false),
        other => other.map(|()| true),
    })?;
    if maps {
        return Ok(handle);
    }
    drop(handle);
    let handle = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    patiently(|| {
        // Who has had the file alone from the first look needs no index.
        handle.pragma_update(None, "locking_mode", "exclusive")?;
        handle.pragma_update(None, "journal_mode", "delete")?;
        handle.pragma_update(None, "locking_mode", "normal")?;
        read(&handle)
    })?;
    Ok(handle)
}

/// For a new file; one that has the older journal keeps it.
fn choose_journal(handle: &Handle) -> rusqlite::Result<()> {
    let pages: i64 = handle.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let journal: String = handle.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if pages > 0 && journal == "delete" { Ok(()) } else { begin_wal(handle) }
}

fn begin_wal(handle: &Handle) -> rusqlite::Result<()> {
    handle.pragma_update(None, "journal_mode", "wal")?;
    read(handle)
}

/// Locks are taken, and given back, with the next look at the file.
fn read(handle: &Handle) -> rusqlite::Result<()> {
    handle.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
}

fn cannot_map(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_IOERR_SHMMAP)
}

/// The file is opened for writing all the same: a reader of a WAL file has to write its index.
pub(super) fn read_only(path: &Path) -> Result<Handle> {
    let handle = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    patiently(|| handle.pragma_update(None, "cache_size", -READER_CACHE))?;
    patiently(|| handle.pragma_update(None, "query_only", "on"))?;
    Ok(handle)
}

fn open(path: &Path, flags: OpenFlags) -> Result<Handle> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut handle = Handle::open_with_flags(path, flags).map_err(translate)?;
    handle
        .busy_handler(Some(|attempt: i32| {
            sleep(pause(attempt));
            true
        }))
        .map_err(translate)?;
    handle.set_prepared_statement_cache_capacity(STATEMENTS);
    patiently(|| handle.pragma_update(None, "case_sensitive_like", "on"))?;
    Ok(handle)
}

/// Some locks of opening and closing a WAL file are refused without asking the busy handler.
fn patiently<T>(mut work: impl FnMut() -> rusqlite::Result<T>) -> Result<T> {
    let mut attempt = 0;
    loop {
        match work() {
            Err(error) if is_busy(&error) => {
                sleep(pause(attempt));
                attempt += 1;
            }
            other => return other.map_err(translate),
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// Short at first, at most 25 ms; uneven, so that waiting processes do not march in step.
fn pause(attempt: i32) -> Duration {
    let ceiling = 200_u64 << attempt.clamp(0, 7);
    let uneven = u64::from(std::process::id()).wrapping_mul(0x9E37_79B9).wrapping_add(attempt as u64 * 7919);
    Duration::from_micros(ceiling / 2 + uneven % (ceiling / 2 + 1))
}
