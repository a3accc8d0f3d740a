use crate::sql::Dialect;

pub(super) struct PostgresDialect;

impl Dialect for PostgresDialect {
    fn migrations(&self) -> &'static [&'static str] {
        &[
            include_str!("migrations/0001_initial.sql"),
            include_str!("migrations/0002_claims.sql"),
            include_str!("migrations/0003_webhooks.sql"),
            include_str!("migrations/0004_orders.sql"),
        ]
    }

    /// As of the transaction's view, unlike `to_regclass`: a table must not be there without its rows.
    fn table_exists(&self) -> &'static str {
        "SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace \
         WHERE nspname = 'trackline' AND relname = ?"
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
