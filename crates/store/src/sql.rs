//! What the store asks of a database engine. All queries are written once, against these traits.
//!
//! Queries are the common part of SQLite's and PostgreSQL's SQL, with `?` for each value;
//! [`Dialect`] covers what differs.

use std::borrow::Cow;
use std::path::Path;

use crate::{Error, Result};

/// A value bound to a query or read from a row. There is no NaN in a column: it is written as `Null`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        if value.is_nan() { Self::Null } else { Self::Real(value) }
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(storable(value).into_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        match storable(&value) {
            Cow::Borrowed(_) => Self::Text(value),
            Cow::Owned(replaced) => Self::Text(replaced),
        }
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        value.as_str().into()
    }
}

/// Text as it is kept: PostgreSQL takes no zero byte, so with every engine U+FFFD stands for it.
pub(crate) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{FFFD}")) } else { Cow::Borrowed(text) }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The values of a query, in order: `values![run, "key", 1.5]`.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::sql::Value::from($value)),*] };
}
pub(crate) use values;

/// One row of an answer; columns are counted from 0.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row(pub Vec<Value>);

impl Row {
    pub fn value(&self, column: usize) -> &Value {
        self.0.get(column).unwrap_or(&Value::Null)
    }

    pub fn integer(&self, column: usize) -> Result<i64> {
        self.optional_integer(column)?.ok_or_else(|| self.unexpected(column, "a number"))
    }

    pub fn optional_integer(&self, column: usize) -> Result<Option<i64>> {
        match self.value(column) {
            Value::Null => Ok(None),
            Value::Integer(value) => Ok(Some(*value)),
            _ => Err(self.unexpected(column, "a number")),
        }
    }

    /// A double; NaN where the column is null.
    pub fn real(&self, column: usize) -> Result<f64> {
        Ok(self.optional_real(column)?.unwrap_or(f64::NAN))
    }

    pub fn optional_real(&self, column: usize) -> Result<Option<f64>> {
        match self.value(column) {
            Value::Null => Ok(None),
            Value::Real(value) => Ok(Some(*value)),
            _ => Err(self.unexpected(column, "a double")),
        }
    }

    pub fn text(&self, column: usize) -> Result<String> {
        self.optional_text(column)?.ok_or_else(|| self.unexpected(column, "text"))
    }

    /// The text of a column, which is then gone from it.
    pub fn take_text(&mut self, column: usize) -> Result<String> {
        match self.0.get_mut(column) {
            Some(Value::Text(text)) => Ok(std::mem::take(text)),
            _ => Err(self.unexpected(column, "text")),
        }
    }

    pub fn optional_text(&self, column: usize) -> Result<Option<String>> {
        match self.value(column) {
            Value::Null => Ok(None),
            Value::Text(value) => Ok(Some(value.clone())),
            _ => Err(self.unexpected(column, "text")),
        }
    }

    pub fn blob(&self, column: usize) -> Result<&[u8]> {
        match self.value(column) {
            Value::Blob(value) => Ok(value),
            _ => Err(self.unexpected(column, "bytes")),
        }
    }

    fn unexpected(&self, column: usize, wanted: &str) -> Error {
        Error::corrupt(format!(
            "The database holds {:?} where {wanted} belongs (column {column} of an answer).",
            self.value(column)
        ))
    }
}

/// Stands in a statement for being one of some numbers.
pub(crate) const AMONG: &str = "{among}";

/// Takes what it needs of a row, which is gone when the next is read, and is told the place of its statement.
pub(crate) type ReadRow<'a> = &'a mut dyn FnMut(usize, &mut Row) -> Result<()>;

/// A consistent view of the database, for reading.
pub(crate) trait Connection {
    /// The rows that a query answers.
    fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>>;

    /// What a `SELECT` answers to each of these lists of values, all of the same types; over a network, in one statement.
    fn query_each(&self, sql: &str, lists: &[Vec<Value>]) -> Result<Vec<Vec<Row>>> {
        lists.iter().map(|values| self.query(sql, values)).collect()
    }

    /// Reads the rows that each of these statements answers, where [`AMONG`] stands for being one of these numbers; over a
    /// network, in one turn.
    fn read_among(&self, statements: &[&str], numbers: &[i64], read: ReadRow<'_>) -> Result<()>;

    /// What [`Connection::query`] answers, found in the way in which the statement is written: tables are read in the order
    /// in which it names them, each by an index, and an order that an index gives is not made by sorting.
    fn query_as_written(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        self.query(sql, values)
    }

    /// The numbers that a query of one column answers, found as [`Connection::query_as_written`] finds them.
    fn numbers(&self, sql: &str, values: &[Value]) -> Result<Vec<i64>>;

    /// What differs between engines.
    fn dialect(&self) -> &dyn Dialect;
}

impl dyn Connection + '_ {
    /// The first row of an answer, if there is one.
    pub fn first(&self, sql: &str, values: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    /// What a `SELECT` answers for each of these rows, the first columns of which are its values.
    pub fn query_of<const N: usize>(&self, sql: &str, rows: &[Row]) -> Result<Vec<Vec<Row>>> {
        let keys = |row: &Row| (0..N).map(|column| row.value(column).clone()).collect();
        self.query_each(sql, &rows.iter().map(keys).collect::<Vec<_>>())
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Real,
    Text,
    Blob,
}

/// How rows get into a table.
pub(crate) struct Insertion {
    pub table: &'static str,
    /// In the order of the values of a row.
    pub columns: &'static [(&'static str, Kind)],
    /// What becomes of a row that is there already: `ON CONFLICT …`, or nothing.
    pub conflict: &'static str,
}

impl Insertion {
    /// The statement with this source of rows.
    pub fn sql(&self, source: &str) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        format!("INSERT INTO {} ({}) {source} {}", self.table, names.join(", "), self.conflict)
    }
}

/// A write transaction: everything it did is there after it, or nothing.
pub(crate) trait Transaction: Connection {
    /// Runs one statement; returns how many rows it changed.
    fn execute(&self, sql: &str, values: &[Value]) -> Result<u64>;

    /// What [`Transaction::execute`] answers to each of these lists of values; over a network, in one turn.
    fn execute_each(&self, sql: &str, lists: &[Vec<Value>]) -> Result<Vec<u64>> {
        lists.iter().map(|values| self.execute(sql, values)).collect()
    }

    /// Inserts rows; over a network, in one statement. That they were refused may show only later in the transaction.
    fn insert(&self, into: &Insertion, rows: Vec<Vec<Value>>) -> Result<()> {
        let one = format!("VALUES ({})", placeholders(into.columns.len()));
        self.execute_each(&into.sql(&one), &rows).map(drop)
    }

    /// Runs a part of the work whose failure the rest may survive.
    fn attempt(&self, part: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        part()
    }

    /// Runs several statements without values.
    fn execute_script(&self, sql: &str) -> Result<()>;

    /// The same transaction, for functions that only read.
    fn reader(&self) -> &dyn Connection;
}

/// The work of one read; it may be begun again from the start by engines that retry.
pub(crate) type ReadWork<'a> = &'a mut dyn FnMut(&dyn Connection) -> Result<()>;
/// The work of one write transaction; an error undoes it. It may be begun again too.
pub(crate) type WriteWork<'a> = &'a mut dyn FnMut(&dyn Transaction) -> Result<()>;
/// Finds out the scope of a write transaction; engines that let one write at a time do not ask.
pub(crate) type ScopeOf<'a> = &'a dyn Fn(&dyn Connection) -> Result<Scope>;

/// What a write transaction decides by and changes. Of two whose scopes meet, one waits for the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    /// What belongs to the runs, logged models and journals with these ids, and rows with new ids.
    Of(Vec<String>),
    /// Anything.
    Everything,
}

impl Scope {
    /// Stands beside the ids for the tree of artifacts.
    pub const ARTIFACTS: &'static str = "artifacts";

    pub fn of<'a>(ids: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        Ok(Self::Of(ids.into_iter().map(str::to_owned).collect()))
    }
}

/// A database engine with an open database.
pub(crate) trait Database: Send + Sync {
    /// Runs `work` with a consistent view.
    fn read(&self, work: ReadWork<'_>) -> Result<()>;

    /// Runs `work` in a write transaction, after those of others whose scopes meet this one's.
    fn write(&self, scope: ScopeOf<'_>, work: WriteWork<'_>) -> Result<()>;

    /// A number that differs after any commit by any process.
    fn change_count(&self) -> Result<u64>;

    /// Writes a copy of the database, as it is now, to a file that is not there yet.
    fn copy_to(&self, file: &Path) -> Result<()>;
}

/// What differs between engines.
pub(crate) trait Dialect {
    /// The statements that bring a database of version `index` to version `index + 1`.
    fn migrations(&self) -> &'static [&'static str];

    /// Whether a table of this name exists: a query with one value, the name.
    fn table_exists(&self) -> &'static str;

    /// A query of these numbers, each as `n`, with its value.
    fn numbers(&self, numbers: &[i64]) -> (&'static str, Value);

    /// ` CROSS JOIN …`: for each row of the tables before, the rows of this one on a condition that an index serves.
    fn look_up(&self, table: &str, alias: &str, on: &str) -> String;

    /// The attribute of a row `x` of spans under the key in the next value, as text.
    fn attribute_of_span(&self) -> &'static str;

    /// How many entries of an index are read in the time in which a run is looked at.
    fn entries_per_run(&self) -> i64;

    /// `column` matches the pattern in the next value, case-sensitively.
    fn like(&self, column: &str) -> String;

    /// `column` matches the pattern in the next value, without regard to case.
    fn ilike(&self, column: &str) -> String;
}

/// `?, ?, ?` for a list of this length; for an empty one, which is no SQL, what nothing equals.
pub(crate) fn placeholders(count: usize) -> String {
    if count == 0 {
        return "NULL".to_owned();
    }
    let mut text = "?, ".repeat(count);
    text.truncate(text.len().saturating_sub(2));
    text
}

/// `1,2,3`
pub(crate) fn listed(numbers: &[i64]) -> String {
    let texts: Vec<String> = numbers.iter().map(i64::to_string).collect();
    texts.join(",")
}
