use crate::sql::{Dialect, Value, listed};

pub(super) struct PostgresDialect;

impl Dialect for PostgresDialect {
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

    /// As of the transaction's view, unlike `to_regclass`: a table must not be there without its rows.
    fn table_exists(&self) -> &'static str {
        "SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace \
         WHERE nspname = 'trackline' AND relname = ?"
    }

    fn numbers(&self, numbers: &[i64]) -> (&'static str, Value) {
        ("SELECT n FROM unnest(CAST(? AS BIGINT[])) AS n", format!("{{{}}}", listed(numbers)).into())
    }

    /// Tables that are joined may be read in the other order, one from end to end for each row of the other, where the
    /// planner takes it for small. What has an offset is looked up.
    fn look_up(&self, table: &str, alias: &str, on: &str) -> String {
        format!(" CROSS JOIN LATERAL (SELECT * FROM {table} {alias} WHERE {on} OFFSET 0) {alias}")
    }

    fn attribute_of_span(&self) -> &'static str {
        "(SELECT CAST(a.value AS json) #>> '{}' FROM json_each_text(CAST(x.content AS json) -> 'attributes') a \
         WHERE a.key = ?)"
    }

    fn entries_per_run(&self) -> i64 {
        16
    }

    /// A backslash is a character like any other, as in SQLite.
    fn like(&self, column: &str) -> String {
        format!("{column} LIKE ? ESCAPE ''")
    }

    /// Only letters of ASCII have two cases, as in SQLite.
    fn ilike(&self, column: &str) -> String {
        format!("lower({column}) LIKE lower(? COLLATE \"C\") ESCAPE ''")
    }
}
