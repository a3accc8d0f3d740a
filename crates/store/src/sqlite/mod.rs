//! The embedded engine: SQLite in WAL mode, any number of processes on one file.

mod connection;
mod dialect;
mod error;
mod open;
mod pool;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection as Handle, TransactionBehavior};

use self::connection::SqliteConnection;
use self::error::translate;
use self::pool::Pool;
use crate::Result;
use crate::sql::{Database, ReadWork, ScopeOf, WriteWork};

pub(crate) struct Sqlite {
    path: PathBuf,
    writer: Mutex<Handle>,
    readers: Pool,
    /// Never writes, so that its `data_version` moves with every commit of every other connection.
    watcher: Mutex<Handle>,
}

impl Sqlite {
    pub fn open(path: &Path) -> Result<Self> {
        let writer = open::read_write(path)?;
        let watcher = open::read_only(path)?;
        Ok(Self {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Pool::new(path),
            watcher: Mutex::new(watcher),
        })
    }
}

impl Database for Sqlite {
    fn read(&self, work: ReadWork<'_>) -> Result<()> {
        self.readers.with(|handle| {
            let transaction = handle.unchecked_transaction().map_err(translate)?;
            work(&SqliteConnection::new(&transaction))
        })
    }

    fn write(&self, _: ScopeOf<'_>, work: WriteWork<'_>) -> Result<()> {
        let mut handle = lock(&self.writer);
        // Taking the write lock at once means that no statement inside can find the database busy.
        let transaction =
            handle.transaction_with_behavior(TransactionBehavior::Immediate).map_err(translate)?;
        work(&SqliteConnection::new(&transaction))?;
        transaction.commit().map_err(translate)
    }

    fn copy_to(&self, file: &Path) -> Result<()> {
        // On a connection of its own: readers may not, and the writer is needed meanwhile.
        let handle = open::read_write(&self.path)?;
        handle.execute("VACUUM INTO ?", [file.to_string_lossy()]).map_err(translate)?;
        open::copied(file)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use crate::sql::{Scope, Value, values};

    const ANY: ScopeOf<'_> = &|_| Ok(Scope::Everything);

    #[test]
    fn a_full_disk_is_said_and_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let database = Sqlite::open(&folder.path().join("full.db")).unwrap();
        database.write(ANY, &mut |transaction| transaction.execute_script("CREATE TABLE t (x)")).unwrap();
        let fill = |bytes: usize| {
            let value = Value::Blob(vec![1; bytes]);
            database.write(ANY, &mut |transaction| {
                transaction.execute("INSERT INTO t VALUES (?)", std::slice::from_ref(&value)).map(drop)
            })
        };
        fill(10).unwrap();
        let pages: i64 =
            lock(&database.writer).pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        lock(&database.writer).pragma_update(None, "max_page_count", pages).unwrap();
        let error = fill(100_000).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Full);
        assert!(error.message.contains("nothing that was recorded before is lost"), "{error}");
        lock(&database.writer).pragma_update(None, "max_page_count", 1000).unwrap();
        fill(100_000).unwrap();
        let mut rows = 0;
        database
            .read(&mut |connection| {
                rows = connection.query("SELECT x FROM t WHERE x <> ?", values![0_i64])?.len();
                Ok(())
            })
            .unwrap();
        assert_eq!(rows, 2);
    }

    #[test]
    fn a_failed_transaction_and_a_panic_leave_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let database = Sqlite::open(&folder.path().join("t.db")).unwrap();
        database.write(ANY, &mut |transaction| transaction.execute_script("CREATE TABLE t (x)")).unwrap();
        let insert = |transaction: &dyn crate::sql::Transaction| {
            transaction.execute("INSERT INTO t VALUES (?)", values![1_i64])
        };
        let failed = database.write(ANY, &mut |transaction| {
            insert(transaction)?;
            Err(crate::Error::invalid("no"))
        });
        assert_eq!(failed.unwrap_err().kind, ErrorKind::Invalid);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            database.write(ANY, &mut |transaction| {
                insert(transaction)?;
                panic!("as a bug would")
            })
        }));
        assert!(panicked.is_err());
        let mut rows = Vec::new();
        database.write(ANY, &mut |transaction| insert(transaction).map(drop)).unwrap();
        database
            .read(&mut |connection| {
                rows = connection.query("SELECT x FROM t", &[])?;
                Ok(())
            })
            .unwrap();
        assert_eq!(rows.len(), 1);
    }
}
