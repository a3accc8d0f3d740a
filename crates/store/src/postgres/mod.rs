//! PostgreSQL: any number of servers over one database. Our tables are in the schema `trackline`.

mod address;
mod carrier;
mod connection;
mod dialect;
mod error;
mod locks;
mod pool;
mod session;
mod tls;
mod value;

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

pub use self::address::is_database;
pub(crate) use self::address::shown;
use self::connection::PostgresConnection;
use self::error::Remedy;
use self::pool::Pool;
use self::session::Session;
use crate::sql::{Connection, Database, ReadWork, ScopeOf, WriteWork, values};
use crate::{Error, ErrorKind, Result};

/// The oldest version of PostgreSQL that has all we use.
const OLDEST: i64 = 130_000;

/// Nothing is set for longer than a transaction, so that a pool between us and the server does no harm.
///
/// A planner that has not seen what is in the tables takes them for small, and reads them from end to end; there is an
/// index for all we look for.
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = trackline; \
                          SET LOCAL jit = off; SET LOCAL enable_seqscan = off";
/// Each statement sees what was committed before it, so all behind a lock see what its last holder did. A server that
/// hangs gives its locks back after a minute.
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL search_path = trackline; \
                           SET LOCAL jit = off; SET LOCAL lock_timeout = '60s'; \
                           SET LOCAL idle_in_transaction_session_timeout = '60s'";

/// How long the answer to a statement may take; longer than a lock may be waited for.
const ANSWER: Duration = Duration::from_secs(90);

/// How often a transaction is tried again that others came between.
const TRIES: u32 = 10;

pub(crate) struct Postgres {
    pool: Pool,
}

impl Postgres {
    pub fn open(uri: &str) -> Result<Self> {
        Self::open_with(uri, ANSWER)
    }

    fn open_with(uri: &str, patience: Duration) -> Result<Self> {
        let (config, tls) = address::parse(uri)?;
        let database = Self { pool: Pool::new(config, tls.connector()?, patience) };
        database.read(&mut |connection| check_server(connection))?;
        Ok(database)
    }

    /// Runs transactions until one is done, or fails for a reason that lasts.
    fn repeat(&self, mut transaction: impl FnMut(&Session, bool) -> Outcome) -> Result<()> {
        let (mut tries, mut fresh, mut careful) = (0, false, false);
        loop {
            let outcome = self.pool.with(fresh, |session| Ok(transaction(session, careful)))?;
            match outcome {
                Outcome::Done => return Ok(()),
                Outcome::Failed(_, Some(Remedy::Retry)) if tries < TRIES => {
                    tries += 1;
                    sleep(pause(tries));
                }
                Outcome::Failed(_, Some(Remedy::Reconnect)) if !fresh => fresh = true,
                Outcome::WantsCare => careful = true,
                Outcome::Failed(error, _) => return Err(error),
            }
        }
    }
}

/// How one try of a transaction went.
enum Outcome {
    Done,
    Failed(Error, Option<Remedy>),
    WantsCare,
}

impl Database for Postgres {
    fn read(&self, work: ReadWork<'_>) -> Result<()> {
        self.repeat(|session, _| {
            session.begin(BEGIN_READ);
            let connection = PostgresConnection::new(session, false);
            let result = work(&connection);
            session.roll_back();
            match result {
                Ok(()) => Outcome::Done,
                Err(error) => Outcome::Failed(error, connection.failed()),
            }
        })
    }

    fn write(&self, scope: ScopeOf<'_>, work: WriteWork<'_>) -> Result<()> {
        self.repeat(|session, careful| {
            session.begin(BEGIN_WRITE);
            let transaction = PostgresConnection::new(session, careful);
            let written = locks::take(&transaction, scope).and_then(|()| work(&transaction));
            let Err(error) = written.and_then(|()| transaction.commit()) else { return Outcome::Done };
            session.roll_back();
            if transaction.wants_care() {
                return Outcome::WantsCare;
            }
            Outcome::Failed(error, transaction.failed())
        })
    }

    fn copy_to(&self, _: &Path) -> Result<()> {
        Err(Error::invalid(
            "A PostgreSQL database has its own tools for backups: use pg_dump, then copy the folder of the artifacts.",
        ))
    }

    fn change_count(&self) -> Result<u64> {
        let mut count = 0;
        self.read(&mut |connection| {
            let rows = connection.query("SELECT CAST(SUM(count) AS bigint) FROM changes", &[])?;
            count = rows.first().map(|row| row.optional_integer(0)).transpose()?.flatten().unwrap_or(0);
            Ok(())
        })?;
        Ok(count.unsigned_abs())
    }
}

fn check_server(connection: &dyn Connection) -> Result<()> {
    let sql =
        "SELECT CAST(current_setting('server_version_num') AS bigint), current_setting('server_encoding')";
    let Some(row) = connection.first(sql, values![])? else { return Ok(()) };
    let (version, encoding) = (row.integer(0)?, row.text(1)?);
    if version < OLDEST {
        let message = format!(
            "The database server is PostgreSQL {}; Trackline needs {} or newer.",
            version / 10_000,
            OLDEST / 10_000
        );
        return Err(Error::new(ErrorKind::Invalid, message));
    }
    if encoding != "UTF8" {
        let message = format!(
            "The database has the encoding {encoding}; Trackline needs UTF8. Make one with CREATE DATABASE … \
             ENCODING 'UTF8' TEMPLATE template0."
        );
        return Err(Error::new(ErrorKind::Invalid, message));
    }
    Ok(())
}

/// Longer each time, at most 100 ms; uneven, so that those who wait do not march in step.
fn pause(attempt: u32) -> Duration {
    let ceiling = 2_000_u64 << attempt.min(6);
    let [first, second, ..] = *uuid::Uuid::new_v4().as_bytes();
    let uneven = u64::from(u16::from_le_bytes([first, second]));
    Duration::from_micros(ceiling / 4 + uneven % ceiling)
}

#[cfg(test)]
mod tests {
    use tokio_postgres::types::Type;

    use super::*;
    use crate::sql::{Insertion, Kind, Scope};

    #[test]
    fn a_database_that_does_not_answer_is_not_waited_for() {
        let place = trackline_testdb::Database::new();
        let database = Postgres::open_with(&place.uri(), Duration::from_millis(500)).unwrap();
        let ask = |seconds: f64| {
            let mut asked = 0;
            let result = database.read(&mut |connection| {
                asked += 1;
                connection.query("SELECT 1 FROM (SELECT pg_sleep(?)) AS slept", values![seconds]).map(drop)
            });
            (result, asked)
        };
        let (result, asked) = ask(60.0);
        let error = result.unwrap_err();
        assert_eq!((error.kind, asked), (ErrorKind::Unavailable, 1), "{error}");
        assert_eq!(ask(0.0), (Ok(()), 1));
    }

    #[test]
    fn a_server_that_takes_a_connection_and_says_nothing_is_not_waited_for() {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let uri = format!("postgresql://ann@{}/runs", silent.local_addr().unwrap());
        let error = Postgres::open_with(&uri, Duration::from_millis(200)).err().unwrap();
        assert_eq!(error.kind, ErrorKind::Unavailable, "{error}");
    }

    /// A table `t` of numbers that takes no 2, and what counts changes.
    fn with_table() -> (trackline_testdb::Database, Postgres) {
        let place = trackline_testdb::Database::new();
        let database = Postgres::open(&place.uri()).unwrap();
        place.psql("CREATE SCHEMA trackline; CREATE TABLE trackline.changes (part BIGINT PRIMARY KEY, count BIGINT); \
                    CREATE TABLE trackline.t (x BIGINT CHECK (x <> 2))");
        (place, database)
    }

    #[test]
    fn a_part_that_the_engine_refuses_does_not_take_the_rest_along() {
        let (place, database) = with_table();
        database
            .write(&|_| Ok(Scope::Everything), &mut |transaction| {
                for x in 1..=3_i64 {
                    let insert =
                        &mut || transaction.execute("INSERT INTO t VALUES (?)", values![x]).map(drop);
                    // As the journal does with a record that makes no sense.
                    drop(transaction.attempt(insert));
                }
                Ok(())
            })
            .unwrap();
        assert_eq!(place.psql("SELECT x FROM trackline.t ORDER BY x"), "1\n3");
    }

    #[test]
    fn a_row_that_is_refused_takes_the_transaction_along() {
        let (place, database) = with_table();
        let into = Insertion { table: "t", columns: &[("x", Kind::Integer)], conflict: "" };
        let insert = |x: i64| {
            let rows = || vec![values![1_i64].to_vec(), values![x].to_vec()];
            database.write(&|_| Ok(Scope::Everything), &mut |transaction| transaction.insert(&into, rows()))
        };
        let before = database.change_count().unwrap();
        assert_eq!(insert(2).unwrap_err().kind, ErrorKind::Conflict);
        assert_eq!(database.change_count().unwrap(), before);
        insert(3).unwrap();
        assert_eq!(place.psql("SELECT x FROM trackline.t ORDER BY x"), "1\n3");
    }

    #[test]
    fn what_could_not_be_sent_is_not_left_out() {
        let (place, database) = with_table();
        database
            .pool
            .with(false, |session| {
                session.begin(BEGIN_WRITE);
                let transaction = PostgresConnection::new(session, false);
                let insert = "INSERT INTO t SELECT * FROM unnest(?)";
                let send = |columns| transaction.send(insert, &[Type::INT8_ARRAY], columns);
                send(vec![vec![1_i64.into()]])?;
                assert!(send(Vec::new()).is_err() && transaction.commit().is_err());
                session.roll_back();
                Ok(())
            })
            .unwrap();
        assert_eq!(place.psql("SELECT x FROM trackline.t"), "");
    }
}
