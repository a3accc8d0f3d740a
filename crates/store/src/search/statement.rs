use crate::Result;
use crate::sql::{Connection, Row, Value};

/// A piece of SQL with its values, which are written in the same order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Statement {
    pub sql: String,
    pub values: Vec<Value>,
}

impl Statement {
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), values: Vec::new() }
    }

    /// Adds SQL without a `?`.
    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Adds SQL and the values for its `?`s.
    pub fn bind<const N: usize>(&mut self, sql: &str, values: [Value; N]) -> &mut Self {
        self.sql.push_str(sql);
        self.values.extend(values);
        self
    }

    pub fn append(&mut self, other: &Self) -> &mut Self {
        self.sql.push_str(&other.sql);
        self.values.extend_from_slice(&other.values);
        self
    }

    pub fn query(&self, connection: &dyn Connection) -> Result<Vec<Row>> {
        connection.query(&self.sql, &self.values)
    }

    pub fn query_as_written(&self, connection: &dyn Connection) -> Result<Vec<Row>> {
        connection.query_as_written(&self.sql, &self.values)
    }
}
