//! The embedded engine: SQLite in WAL mode, any number of processes on one file.

mod connection;
mod dialect;
mod error;
mod open;
mod pool;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection as Handle, TransactionBehavior};

use self::connection::SqliteConnection;
use self::error::translate;
use self::pool::Pool;
use crate::Result;
use crate::sql::{Database, ReadWork, WriteWork};

pub(crate) struct Sqlite {
    writer: Mutex<Handle>,
    readers: Pool,
    /// Never writes, so that its `data_version` moves with every commit of every other connection.
    watcher: Mutex<Handle>,
}

impl Sqlite {
    pub fn open(path: &Path) -> Result<Self> {
        let writer = open::read_write(path)?;
        let watcher = open::read_only(path)?;
        Ok(Self { writer: Mutex::new(writer), readers: Pool::new(path), watcher: Mutex::new(watcher) })
    }
}

impl Database for Sqlite {
    fn read(&self, work: ReadWork<'_>) -> Result<()> {
        self.readers.with(|handle| {
            let transaction = handle.unchecked_transaction().map_err(translate)?;
            work(&SqliteConnection::new(&transaction))
        })
    }

    fn write(&self, work: WriteWork<'_>) -> Result<()> {
        let mut handle = lock(&self.writer);
        // Taking the write lock at once means that no statement inside can find the database busy.
        let transaction =
            handle.transaction_with_behavior(TransactionBehavior::Immediate).map_err(translate)?;
        work(&SqliteConnection::new(&transaction))?;
        transaction.commit().map_err(translate)
    }

    fn change_count(&self) -> Result<u64> {
        let handle = lock(&self.watcher);
        let version: i64 =
            handle.pragma_query_value(None, "data_version", |row| row.get(0)).map_err(translate)?;
        Ok(version.unsigned_abs())
    }
}

/// A panic while a connection was held rolled its transaction back, so the connection is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
