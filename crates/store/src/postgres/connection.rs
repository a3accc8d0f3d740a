use std::cell::{Cell, RefCell};
use std::future::Future;

use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Error as Failure, Statement};

use super::dialect::PostgresDialect;
use super::error::{Remedy, Trouble, translate};
use super::session::{Sent, Session, Waited};
use super::value::{array_like, array_of, type_of};
use crate::sql::{AMONG, Connection, Dialect, Insertion, ReadRow, Row, Transaction, Value, placeholders};
use crate::{Error, Result};

/// How statements are planned, whatever the planner knows of the tables.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Planning {
    Usual,
    /// As they are written, and for their very values: a plan for any would read the whole of an index to be sure of its
    /// order.
    AsWritten,
    /// As they are written, once for any values.
    Once,
}

impl Planning {
    fn settings(self) -> String {
        let [plans, joins, steps] = match self {
            Self::Usual => ["DEFAULT"; 3],
            Self::AsWritten => ["force_custom_plan", "1", "off"],
            Self::Once => ["force_generic_plan", "1", "off"],
        };
        format!(
            "SET LOCAL plan_cache_mode = {plans}; SET LOCAL join_collapse_limit = {joins}; \
             SET LOCAL enable_hashjoin = {steps}; SET LOCAL enable_mergejoin = {steps}; \
             SET LOCAL enable_bitmapscan = {steps}; SET LOCAL enable_sort = {steps}"
        )
    }
}

/// Counts the transaction. It is the last statement: who waits for the same part of the count keeps nobody else waiting.
const COUNT: &str = "INSERT INTO changes (part, count) VALUES (pg_backend_pid() % 64, 1) \
                     ON CONFLICT (part) DO UPDATE SET count = changes.count + 1";

/// A session with an open transaction.
pub(super) struct PostgresConnection<'a> {
    session: &'a Session,
    planning: Cell<Planning>,
    /// Whether parts of the work that fail are to be undone alone.
    careful: bool,
    /// What can be done about the statement that failed; the server then refuses all that follow.
    failed: Cell<Option<Remedy>>,
    has_parts: Cell<bool>,
    /// What was sent and answers nothing that is needed. That it was done is seen before the next answer.
    unconfirmed: RefCell<Vec<Sent<'a, u64>>>,
}

impl<'a> PostgresConnection<'a> {
    pub fn new(session: &'a Session, careful: bool) -> Self {
        let (failed, has_parts, unconfirmed) = (Cell::new(None), Cell::new(false), RefCell::default());
        let planning = Cell::new(Planning::Usual);
        Self { session, planning, careful, failed, has_parts, unconfirmed }
    }

    pub fn failed(&self) -> Option<Remedy> {
        self.failed.get()
    }

    /// Whether a part failed that the rest could survive, if it were done carefully.
    pub fn wants_care(&self) -> bool {
        !self.careful && self.has_parts.get() && self.failed.get() == Some(Remedy::None)
    }

    /// Ends the transaction, and waits until everything is on disk.
    pub fn commit(&self) -> Result<()> {
        if self.failed.get().is_some() {
            return Err(Error::corrupt("A failed statement was passed over."));
        }
        self.send(COUNT, &[], Vec::new())?;
        let done = Sent::new(self.session.client.batch_execute("COMMIT"));
        for sent in self.unconfirmed.take() {
            match self.session.receive(sent) {
                // What the server refused, it did not commit either.
                Err(trouble) if trouble.is_told() => return self.noted(Err(trouble)),
                confirmed => confirmed.map_err(|trouble| self.uncertain(&trouble))?,
            };
        }
        self.session.receive(done).map_err(|trouble| self.uncertain(&trouble))?;
        self.session.ended();
        Ok(())
    }

    /// Who does not answer to a commit may have brought it through.
    fn uncertain(&self, trouble: &Trouble) -> Error {
        self.failed.set(Some(Remedy::Unknown));
        let error = trouble.translate();
        Error {
            message: format!("{} Whether the last change was kept is not known.", error.message),
            ..error
        }
    }

    /// Sends a statement with columns of values, as arrays, without waiting.
    pub fn send(&self, sql: &str, types: &[Type], columns: Vec<Vec<Value>>) -> Result<()> {
        self.plan(Planning::Usual);
        let statement = self.prepared(sql, types)?;
        let client = &self.session.client;
        let sent = Sent::new(async move {
            let arrays: Vec<_> = columns.iter().map(|column| column as &(dyn ToSql + Sync)).collect();
            client.execute(&statement, &arrays).await
        });
        if sent.has_failed() {
            // It never left: the server would commit what is around it.
            return self.confirm().and_then(|()| self.receive(sent)).map(drop);
        }
        self.unconfirmed.borrow_mut().push(sent);
        Ok(())
    }

    /// Waits until all that was sent has been done.
    fn confirm(&self) -> Result<()> {
        self.unconfirmed.take().into_iter().try_for_each(|sent| self.receive(sent).map(drop))
    }

    /// Waits for an answer.
    fn answer<T>(&self, future: impl Future<Output = std::result::Result<T, Failure>>) -> Result<T> {
        let sent = Sent::new(future);
        self.confirm()?;
        self.receive(sent)
    }

    fn receive<T>(&self, sent: Sent<'_, T>) -> Result<T> {
        self.noted(self.session.receive(sent))
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
        self.prepared(sql, &types)
    }

    fn prepared(&self, sql: &str, types: &[Type]) -> Result<Statement> {
        if let Some(statement) = self.session.prepared(sql, types) {
            return Ok(statement);
        }
        self.confirm()?;
        self.noted(self.session.prepare(sql, types))
    }

    /// Lets the statements that follow be planned so.
    fn plan(&self, planning: Planning) {
        if self.planning.replace(planning) != planning {
            self.session.send(&planning.settings());
        }
    }

    fn ask(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let statement = self.statement(sql, values)?;
        let parameters: Vec<_> = bound(values).collect();
        let found = self.answer(self.session.client.query(&statement, parameters.as_slice()))?;
        rows(&found)
    }

    /// Waits for the answers to what was sent, in this order. All of it must have been prepared before any was sent.
    fn receive_each<T>(&self, sent: Vec<Sent<'_, T>>) -> Result<Vec<T>> {
        if sent.is_empty() {
            return Ok(Vec::new());
        }
        self.confirm()?;
        sent.into_iter().map(|sent| self.receive(sent)).collect()
    }
}

/// The statement for each row of columns that are given as arrays: the number of that row, from 1 on, and what is found.
fn for_each(sql: &str, columns: usize) -> String {
    let mut parts = sql.split('?');
    let mut one = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        one.push_str(&format!("given.v{index}{part}"));
    }
    let names: Vec<_> = (0..columns).map(|index| format!("v{index}")).collect();
    // What has an offset is looked up for each row, and not read as a whole.
    format!(
        "SELECT given.number, found.* FROM unnest({}) WITH ORDINALITY AS given ({}, number) \
         CROSS JOIN LATERAL ({one} OFFSET 0) AS found",
        placeholders(columns),
        names.join(", ")
    )
}

/// Rows of values as columns of so many.
fn columns(rows: &[Vec<Value>], count: usize) -> Vec<Vec<&Value>> {
    (0..count).map(|index| rows.iter().filter_map(|row| row.get(index)).collect()).collect()
}

fn bound(values: &[Value]) -> impl ExactSizeIterator<Item = &(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync))
}

impl Connection for PostgresConnection<'_> {
    fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        self.plan(Planning::Usual);
        self.ask(sql, values)
    }

    fn query_each(&self, sql: &str, lists: &[Vec<Value>]) -> Result<Vec<Vec<Row>>> {
        let Some(first) = lists.first() else { return Ok(Vec::new()) };
        self.plan(Planning::Usual);
        let types: Vec<Type> = first.iter().map(array_like).collect();
        let statement = self.prepared(&for_each(sql, first.len()), &types)?;
        let columns = columns(lists, first.len());
        let arrays: Vec<_> = columns.iter().map(|column| column as &(dyn ToSql + Sync)).collect();
        let found = self.answer(self.session.client.query(&statement, &arrays))?;
        let mut answers = vec![Vec::new(); lists.len()];
        for found in &found {
            let number: i64 = found.try_get(0).map_err(|failure| translate(&failure))?;
            let answer = usize::try_from(number - 1).ok().and_then(|index| answers.get_mut(index));
            answer.map(|answer| row(found, 1).map(|row| answer.push(row))).transpose()?;
        }
        Ok(answers)
    }

    fn read_among(&self, statements: &[&str], numbers: &[i64], read: ReadRow<'_>) -> Result<()> {
        let prepared = statements
            .iter()
            .map(|sql| self.prepared(&sql.replace(AMONG, "= ANY (?)"), &[Type::INT8_ARRAY]))
            .collect::<Result<Vec<_>>>()?;
        self.plan(Planning::Once);
        let client = &self.session.client;
        let sent = prepared
            .into_iter()
            .map(|statement| Sent::new(async move { client.query(&statement, &[&numbers]).await }))
            .collect();
        let mut row = Row::default();
        for (place, found) in self.receive_each(sent)?.iter().enumerate() {
            for found in found {
                fill(&mut row, found, 0)?;
                read(place, &mut row)?;
            }
        }
        Ok(())
    }

    fn query_as_written(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        self.plan(Planning::AsWritten);
        self.ask(sql, values)
    }

    /// An array is one row of the answer.
    fn numbers(&self, sql: &str, values: &[Value]) -> Result<Vec<i64>> {
        let array = format!("SELECT COALESCE(array_agg(q.n), '{{}}') FROM ({sql}) AS q (n)");
        let statement = self.statement(&array, values)?;
        let parameters: Vec<_> = bound(values).collect();
        self.plan(Planning::AsWritten);
        let found = self.answer(self.session.client.query_one(&statement, parameters.as_slice()))?;
        found.try_get(0).map_err(|failure| translate(&failure))
    }

    fn dialect(&self) -> &dyn Dialect {
        &PostgresDialect
    }
}

impl Transaction for PostgresConnection<'_> {
    fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        self.plan(Planning::Usual);
        let statement = self.statement(sql, values)?;
        let parameters: Vec<_> = bound(values).collect();
        self.answer(self.session.client.execute(&statement, parameters.as_slice()))
    }

    fn execute_each(&self, sql: &str, lists: &[Vec<Value>]) -> Result<Vec<u64>> {
        self.plan(Planning::Usual);
        let prepared = lists.iter().map(|values| self.statement(sql, values)).collect::<Result<Vec<_>>>()?;
        let client = &self.session.client;
        let sent = prepared
            .into_iter()
            .zip(lists)
            .map(|(statement, values)| {
                let parameters: Vec<_> = bound(values).collect();
                Sent::new(async move { client.execute(&statement, parameters.as_slice()).await })
            })
            .collect();
        self.receive_each(sent)
    }

    /// A column is sent as an array.
    fn insert(&self, into: &Insertion, rows: Vec<Vec<Value>>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let sql = into.sql(&format!("SELECT * FROM unnest({})", placeholders(into.columns.len())));
        let types: Vec<Type> = into.columns.iter().map(|(_, kind)| array_of(*kind)).collect();
        let mut columns: Vec<Vec<Value>> = types.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for row in rows {
            columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
        }
        self.send(&sql, &types, columns)
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
        let result = result.and(self.confirm());
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
        self.confirm()?;
        self.noted(self.session.wait_long(self.session.client.batch_execute(sql)))
    }

    fn reader(&self) -> &dyn Connection {
        self
    }
}

fn rows(found: &[tokio_postgres::Row]) -> Result<Vec<Row>> {
    found.iter().map(|found| row(found, 0)).collect()
}

/// The columns from `first` on.
fn row(found: &tokio_postgres::Row, first: usize) -> Result<Row> {
    let mut row = Row::default();
    fill(&mut row, found, first)?;
    Ok(row)
}

/// Puts the columns from `first` on in the place of what is in a row.
fn fill(row: &mut Row, found: &tokio_postgres::Row, first: usize) -> Result<()> {
    row.0.clear();
    row.0.reserve_exact(found.len() - first);
    for column in first..found.len() {
        row.0.push(found.try_get(column).map_err(|failure| translate(&failure))?);
    }
    Ok(())
}
