use crate::sql::{Dialect, Value, listed};

pub(super) struct SqliteDialect;

impl Dialect for SqliteDialect {
    fn migrations(&self) -> &'static [&'static str] {
        &[
            include_str!("migrations/0001_initial.sql"),
            include_str!("migrations/0002_claims.sql"),
            include_str!("migrations/0003_webhooks.sql"),
            include_str!("migrations/0004_orders.sql"),
            include_str!("migrations/0005_heads.sql"),
            include_str!("migrations/0006_traces.sql"),
            include_str!("migrations/0007_spans.sql"),
        ]
    }

    fn table_exists(&self) -> &'static str {
        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"
    }

    fn numbers(&self, numbers: &[i64]) -> (&'static str, Value) {
        ("SELECT value AS n FROM json_each(?)", format!("[{}]", listed(numbers)).into())
    }

    fn look_up(&self, table: &str, alias: &str, on: &str) -> String {
        format!(" CROSS JOIN {table} {alias} ON {on}")
    }

    fn attribute_of_span(&self) -> &'static str {
        "(SELECT CAST(json_extract(a.value, '$') AS TEXT) FROM json_each(x.content, '$.attributes') a WHERE a.key = ?)"
    }

    fn entries_per_run(&self) -> i64 {
        2
    }

    /// Connections set `case_sensitive_like`.
    fn like(&self, column: &str) -> String {
        format!("{column} LIKE ?")
    }

    fn ilike(&self, column: &str) -> String {
        format!("lower({column}) LIKE lower(?)")
    }
}
