use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error as Failure, Statement};

use super::dialect::PostgresDialect;
use super::error::{Remedy, Trouble, translate};
use super::value::{array_of, type_of};
use crate::Result;
use crate::sql::{Connection, Dialect, Insertion, Row, Transaction, Value, placeholders};

/// Lets statements be planned as they are written, whatever the planner knows of the tables, and for their very values: a
/// plan for any would read the whole of an index to be sure of its order.
const AS_WRITTEN: &str = "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL join_collapse_limit = 1; \
                          SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; \
                          SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off";
const AS_USUAL: &str = "SET LOCAL plan_cache_mode = DEFAULT; SET LOCAL join_collapse_limit = DEFAULT; \
                        SET LOCAL enable_hashjoin = DEFAULT; SET LOCAL enable_mergejoin = DEFAULT; \
                        SET LOCAL enable_bitmapscan = DEFAULT; SET LOCAL enable_sort = DEFAULT";

/// Statements that are kept prepared on each connection.
const STATEMENTS: usize = 256;

/// Statements by their text, for each choice of types of their values.
type Prepared = HashMap<String, Vec<(Vec<Type>, Statement)>>;

type Waited<T> = std::result::Result<T, Trouble>;

/// A connection to the server. Statements are sent one after the other, but may be sent before the one before is
/// answered.
pub(super) struct Session {
    client: Client,
    /// Keeps the time.
    carrier: Handle,
    /// How long an answer may take.
    patience: Duration,
    /// Whether an answer took longer: then nothing is known of the connection.
    silent: Cell<bool>,
    prepared: RefCell<Prepared>,
    /// Whether statements that begin a transaction were sent, and none yet that end it.
    open: Cell<bool>,
}

impl Session {
    pub fn new(client: Client, carrier: Handle, patience: Duration) -> Self {
        let (prepared, silent, open) = (RefCell::default(), Cell::new(false), Cell::new(false));
        Self { client, carrier, patience, silent, prepared, open }
    }

    /// Waits for an answer, but not for ever.
    fn wait<T>(&self, answer: impl Future<Output = std::result::Result<T, Failure>>) -> Waited<T> {
        let _timers = self.carrier.enter();
        match pollster::block_on(tokio::time::timeout(self.patience, answer)) {
            Ok(done) => done.map_err(Trouble::Failed),
            Err(_) => {
                self.silent.set(true);
                Err(Trouble::Silent(self.patience))
            }
        }
    }

    /// Whether it can serve another transaction.
    pub fn is_sound(&self) -> bool {
        !self.open.get() && !self.silent.get() && !self.client.is_closed()
    }

    /// Sends `begin` without waiting: if it fails, so does all that follows.
    pub fn begin(&self, begin: &str) {
        self.open.set(true);
        self.send(begin);
    }

    /// Counts the transaction, and waits until everything is on disk. Who waits for the same part of the count holds it
    /// last, so that nobody else waits for them.
    pub fn commit(&self) -> Waited<()> {
        let done = self.wait(self.client.batch_execute(
            "INSERT INTO changes (part, count) VALUES (pg_backend_pid() % 64, 1) \
             ON CONFLICT (part) DO UPDATE SET count = changes.count + 1; COMMIT",
        ));
        self.open.set(done.is_err());
        done
    }

    /// Ends a transaction whose changes, if any, do not count, without waiting.
    pub fn roll_back(&self) {
        self.send("ROLLBACK");
        self.open.set(false);
    }

    /// Sends statements without waiting.
    fn send(&self, sql: &str) {
        drop(self.client.batch_execute(sql).now_or_never());
    }

    fn statement(&self, sql: &str, types: &[Type]) -> Waited<Statement> {
        let mut prepared = self.prepared.borrow_mut();
        let known = prepared.get(sql).and_then(|known| known.iter().find(|(of, _)| of == types));
        if let Some((_, statement)) = known {
            return Ok(statement.clone());
        }
        let statement = self.wait(self.client.prepare_typed(&numbered(sql), types))?;
        if prepared.len() >= STATEMENTS {
            prepared.clear();
        }
        prepared.entry(sql.to_owned()).or_default().push((types.to_vec(), statement.clone()));
        Ok(statement)
    }
}

/// `$1`, `$2` … for each `?`. There is no `?` in our SQL that stands for something else.
fn numbered(sql: &str) -> String {
    let mut parts = sql.split('?');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        text.push_str(&format!("${}{part}", index + 1));
    }
    text
}

/// A session with an open transaction.
pub(super) struct PostgresConnection<'a> {
    session: &'a Session,
    /// Whether parts of the work that fail are to be undone alone.
    careful: bool,
    /// What can be done about the statement that failed; the server then refuses all that follow.
    failed: Cell<Option<Remedy>>,
    has_parts: Cell<bool>,
}

impl<'a> PostgresConnection<'a> {
    pub fn new(session: &'a Session, careful: bool) -> Self {
        Self { session, careful, failed: Cell::new(None), has_parts: Cell::new(false) }
    }

    pub fn failed(&self) -> Option<Remedy> {
        self.failed.get()
    }

    /// Whether a part failed that the rest could survive, if it were done carefully.
    pub fn wants_care(&self) -> bool {
        !self.careful && self.has_parts.get() && self.failed.get() == Some(Remedy::None)
    }

    /// Waits for an answer.
    fn answer<T>(&self, future: impl Future<Output = std::result::Result<T, Failure>>) -> Result<T> {
        self.noted(self.session.wait(future))
    }

    fn noted<T>(&self, done: Waited<T>) -> Result<T> {
        done.map_err(|trouble| {
            // The first failure is the reason for those that follow.
            if self.failed.get().is_none() {
                self.failed.set(Some(trouble.remedy()));
            }
            trouble.translate()
        })
    }

    fn statement(&self, sql: &str, values: &[Value]) -> Result<Statement> {
        let types: Vec<Type> = values.iter().map(type_of).collect();
        self.noted(self.session.statement(sql, &types))
    }

    /// Sends statements with their values, in this order, and then waits for all answers.
    fn each<'v, T, F>(
        &self,
        statements: impl Iterator<Item = (&'v str, &'v [Value])>,
        send: impl Fn(Statement, &'v [Value]) -> F,
    ) -> Result<Vec<T>>
    where
        F: Future<Output = std::result::Result<T, Failure>>,
    {
        // All are prepared before any is sent: answers that nobody takes yet hold up those behind them.
        let prepared = statements
            .map(|(sql, values)| Ok((self.statement(sql, values)?, values)))
            .collect::<Result<Vec<_>>>()?;
        let mut sent = Vec::with_capacity(prepared.len());
        for (statement, values) in prepared {
            let mut answer = Box::pin(send(statement, values));
            // A statement is on its way once its answer was asked for.
            sent.push(((&mut answer).now_or_never(), answer));
        }
        let answers = sent.into_iter().map(|(early, answer)| match early {
            Some(done) => self.noted(done.map_err(Trouble::Failed)),
            None => self.answer(answer),
        });
        answers.collect()
    }

    fn query_every<'v>(
        &self,
        statements: impl Iterator<Item = (&'v str, &'v [Value])>,
    ) -> Result<Vec<Vec<Row>>> {
        let client = &self.session.client;
        let answers = self.each(statements, |statement, values| {
            let parameters: Vec<_> = bound(values).collect();
            async move { client.query(&statement, parameters.as_slice()).await }
        })?;
        answers.iter().map(|found| found.iter().map(row).collect()).collect()
    }
}

/// A statement with each of these lists of values.
fn with_each<'v>(sql: &'v str, lists: &'v [Vec<Value>]) -> impl Iterator<Item = (&'v str, &'v [Value])> {
    lists.iter().map(move |values| (sql, values.as_slice()))
}

fn bound(values: &[Value]) -> impl ExactSizeIterator<Item = &(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync))
}

impl Connection for PostgresConnection<'_> {
    fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let statement = self.statement(sql, values)?;
        let parameters: Vec<_> = bound(values).collect();
        let found = self.answer(self.session.client.query(&statement, parameters.as_slice()))?;
        found.iter().map(row).collect()
    }

    fn query_each(&self, sql: &str, lists: &[Vec<Value>]) -> Result<Vec<Vec<Row>>> {
        self.query_every(with_each(sql, lists))
    }

    fn query_all(&self, statements: &[String], values: &[Value]) -> Result<Vec<Vec<Row>>> {
        self.query_every(statements.iter().map(|sql| (sql.as_str(), values)))
    }

    fn query_as_written(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        self.session.send(AS_WRITTEN);
        let found = self.query(sql, values);
        self.session.send(AS_USUAL);
        found
    }

    fn dialect(&self) -> &dyn Dialect {
        &PostgresDialect
    }
}

impl Transaction for PostgresConnection<'_> {
    fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        let statement = self.statement(sql, values)?;
        let parameters: Vec<_> = bound(values).collect();
        self.answer(self.session.client.execute(&statement, parameters.as_slice()))
    }

    fn execute_each(&self, sql: &str, lists: &[Vec<Value>]) -> Result<Vec<u64>> {
        let client = &self.session.client;
        self.each(with_each(sql, lists), |statement, values| {
            let parameters: Vec<_> = bound(values).collect();
            async move { client.execute(&statement, parameters.as_slice()).await }
        })
    }

    /// A column is sent as an array.
    fn insert(&self, into: &Insertion, rows: &[Vec<Value>]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let sql = into.sql(&format!("SELECT * FROM unnest({})", placeholders(into.columns.len())));
        let types: Vec<Type> = into.columns.iter().map(|(_, kind)| array_of(*kind)).collect();
        let statement = self.noted(self.session.statement(&sql, &types))?;
        let column = |index| rows.iter().map(|row| row.get(index)).collect();
        let columns: Vec<Vec<Option<&Value>>> = (0..types.len()).map(column).collect();
        let arrays: Vec<_> = columns.iter().map(|column| column as &(dyn ToSql + Sync)).collect();
        self.answer(self.session.client.execute(&statement, &arrays)).map(drop)
    }

    /// A statement that fails spoils the whole transaction, unless it stands behind a savepoint. These cost, so they
    /// are made only when the work is done again because of such a failure.
    fn attempt(&self, part: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        self.has_parts.set(true);
        if !self.careful {
            return part();
        }
        self.execute_script("SAVEPOINT part")?;
        let result = part();
        match self.failed.get() {
            None => self.execute_script("RELEASE SAVEPOINT part")?,
            Some(Remedy::None) => {
                self.failed.set(None);
                self.execute_script("ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part")?;
            }
            Some(_) => {}
        }
        result
    }

    /// However long it takes: a migration may change all there is.
    fn execute_script(&self, sql: &str) -> Result<()> {
        let done = pollster::block_on(self.session.client.batch_execute(sql));
        self.noted(done.map_err(Trouble::Failed))
    }

    fn reader(&self) -> &dyn Connection {
        self
    }
}

fn row(row: &tokio_postgres::Row) -> Result<Row> {
    let values = (0..row.len()).map(|column| row.try_get(column));
    values.collect::<std::result::Result<_, Failure>>().map(Row).map_err(|failure| translate(&failure))
}
