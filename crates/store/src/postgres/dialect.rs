use crate::sql::Dialect;

pub(super) struct PostgresDialect;

impl Dialect for PostgresDialect {
    fn migrations(&self) -> &'static [&'static str] {
        &[include_str!("migrations/0001_initial.sql"), include_str!("migrations/0002_claims.sql")]
    }

    fn table_exists(&self) -> &'static str {
        "SELECT 1 WHERE to_regclass('trackline.' || ?) IS NOT NULL"
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
