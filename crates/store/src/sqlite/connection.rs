use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection as Handle, params_from_iter};

use super::dialect::SqliteDialect;
use super::error::translate;
use crate::sql::{Connection, Dialect, Row, Transaction, Value};
use crate::{Error, Result};

/// A handle with an open transaction.
pub(super) struct SqliteConnection<'a> {
    handle: &'a Handle,
}

impl<'a> SqliteConnection<'a> {
    pub fn new(handle: &'a Handle) -> Self {
        Self { handle }
    }
}

impl Connection for SqliteConnection<'_> {
    fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let mut statement = self.handle.prepare_cached(sql).map_err(translate)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values)).map_err(translate)?;
        let mut answer = Vec::new();
        while let Some(row) = rows.next().map_err(translate)? {
            let mut values = Vec::with_capacity(columns);
            for column in 0..columns {
                values.push(owned(row.get_ref(column).map_err(translate)?)?);
            }
            answer.push(Row(values));
        }
        Ok(answer)
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
