use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection as Handle, params_from_iter};

use super::dialect::SqliteDialect;
use super::error::translate;
use crate::sql::{AMONG, Connection, Dialect, ReadRow, Row, Transaction, Value, placeholders};
use crate::{Error, Result};

/// A handle with an open transaction.
pub(super) struct SqliteConnection<'a> {
    handle: &'a Handle,
}

impl<'a> SqliteConnection<'a> {
    pub fn new(handle: &'a Handle) -> Self {
        Self { handle }
    }

    /// Reads the rows of an answer, one in the place of the other.
    fn read(&self, sql: &str, values: &[Value], read: &mut dyn FnMut(&mut Row) -> Result<()>) -> Result<()> {
        let mut statement = self.handle.prepare_cached(sql).map_err(translate)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values)).map_err(translate)?;
        let mut row = Row::default();
        while let Some(found) = rows.next().map_err(translate)? {
            row.0.clear();
            row.0.reserve_exact(columns);
            for column in 0..columns {
                row.0.push(owned(found.get_ref(column).map_err(translate)?)?);
            }
            read(&mut row)?;
        }
        Ok(())
    }
}

impl Connection for SqliteConnection<'_> {
    fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let mut answer = Vec::new();
        self.read(sql, values, &mut |row| {
            answer.push(std::mem::take(row));
            Ok(())
        })?;
        Ok(answer)
    }

    fn read_among(&self, statements: &[&str], numbers: &[i64], read: ReadRow<'_>) -> Result<()> {
        let among = format!("IN ({})", placeholders(numbers.len()));
        let values: Vec<Value> = numbers.iter().map(|number| (*number).into()).collect();
        for (place, sql) in statements.iter().enumerate() {
            self.read(&sql.replace(AMONG, &among), &values, &mut |row| read(place, row))?;
        }
        Ok(())
    }

    fn numbers(&self, sql: &str, values: &[Value]) -> Result<Vec<i64>> {
        let mut statement = self.handle.prepare_cached(sql).map_err(translate)?;
        let numbers = statement.query_map(params_from_iter(values), |row| row.get(0)).map_err(translate)?;
        numbers.collect::<rusqlite::Result<_>>().map_err(translate)
    }

    fn dialect(&self) -> &dyn Dialect {
        &SqliteDialect
    }
}

impl Transaction for SqliteConnection<'_> {
    fn execute(&self, sql: &str, values: &[Value]) -> Result<u64> {
        let mut statement = self.handle.prepare_cached(sql).map_err(translate)?;
        let changed = statement.execute(params_from_iter(values)).map_err(translate)?;
        Ok(changed as u64)
    }

    fn execute_script(&self, sql: &str) -> Result<()> {
        self.handle.execute_batch(sql).map_err(translate)
    }

    fn reader(&self) -> &dyn Connection {
        self
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(value) => ValueRef::Integer(*value),
            Self::Real(value) => ValueRef::Real(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

fn owned(value: ValueRef<'_>) -> Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Real(value) => Value::Real(value),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Value::Text(text.to_owned()),
            Err(error) => {
                return Err(Error::corrupt(format!("The database holds text that is not UTF-8: {error}.")));
            }
        },
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_owned()),
    })
}
