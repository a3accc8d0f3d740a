//! Opening a database, and what is in it then.

use std::collections::BTreeMap;

use tempfile::TempDir;
use trackline_store::{ErrorKind, Store};
use trackline_testdb::Database;

use crate::fixture;
use crate::support::{fails, open};

/// Of each column, by table and name: its type and whether it must be there.
type Columns = BTreeMap<(String, String), (String, bool)>;

fn of_sqlite() -> Columns {
    let folder = TempDir::new().unwrap();
    Store::open(folder.path()).unwrap();
    let database = rusqlite::Connection::open(folder.path().join("trackline.db")).unwrap();
    let sql = "SELECT t.name, c.name, c.type, c.\"notnull\" OR c.pk FROM sqlite_schema t \
               JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table'";
    let mut statement = database.prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?))));
    rows.unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

fn of_postgres(database: &Database) -> Columns {
    let sql = "SELECT table_name, column_name, data_type, is_nullable = 'NO' FROM information_schema.columns \
               WHERE table_schema = 'trackline' AND table_name <> 'changes'";
    let types = |name: &str| match name {
        "bigint" => "INTEGER",
        "double precision" => "REAL",
        "bytea" => "BLOB",
        "text" => "TEXT",
        other => panic!("{other} has no like in SQLite"),
    };
    let rows = database.psql(sql);
    rows.lines()
        .map(|line| match line.split('|').collect::<Vec<_>>()[..] {
            [table, column, kind, needed] => {
                ((table.to_owned(), column.to_owned()), (types(kind).to_owned(), needed == "t"))
            }
            _ => panic!("{line}"),
        })
        .collect()
}

#[test]
fn both_engines_have_the_same_tables() {
    let store = open();
    assert_eq!(of_postgres(&store.folder.database), of_sqlite());
}

#[test]
fn text_is_sorted_by_its_bytes() {
    let store = open();
    let sql = "SELECT table_name, column_name FROM information_schema.columns \
               WHERE table_schema = 'trackline' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'";
    assert_eq!(store.folder.database.psql(sql), "");
}

#[test]
fn a_store_of_a_newer_program_is_refused() {
    let store = open();
    store.folder.database.psql("UPDATE trackline.meta SET number = 1000 WHERE name = 'schema_version'");
    let (uri, folder) = (store.folder.database.uri(), TempDir::new().unwrap());
    let error = fails(Store::connect(&uri, folder.path()), ErrorKind::TooNew);
    assert!(error.message.contains("1000"), "{error}");
}

/// What a store of this version was dumped as.
fn dump(version: i64) -> String {
    let path = format!("{}/tests/fixtures/v{version}/postgres.sql", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("make {path} as examples/fixture.rs says"))
}

#[test]
fn every_format_opens() {
    let version = |database: &Database| -> i64 {
        database.psql("SELECT number FROM trackline.meta WHERE name = 'schema_version'").parse().unwrap()
    };
    let current = version(&open().folder.database);
    for number in 1..=current {
        let (database, folder) = (Database::new(), TempDir::new().unwrap());
        database.psql(&dump(number));
        assert_eq!(version(&database), number);
        fixture::check(&Store::connect(&database.uri(), folder.path()).unwrap(), number);
        assert_eq!(version(&database), current);
        assert_eq!(of_postgres(&database), of_sqlite());
    }
}

#[test]
fn a_name_that_no_index_takes_is_no_hindrance() {
    let (database, folder) = (Database::new(), TempDir::new().unwrap());
    database.psql(&dump(4));
    let long = "(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 300) AS i)";
    database.psql(&format!("UPDATE trackline.runs SET run_name = {long}"));
    Store::connect(&database.uri(), folder.path()).unwrap();
    assert_eq!(database.psql("SELECT DISTINCT length(run_name) FROM trackline.runs"), "400");
}

#[test]
fn tables_of_other_programs_are_left_alone() {
    let database = Database::new();
    database.psql("CREATE TABLE experiments (experiment_id integer); CREATE TABLE meta (x integer)");
    let folder = TempDir::new().unwrap();
    let store = Store::connect(&database.uri(), folder.path()).unwrap();
    assert_eq!(store.get_experiment("0").unwrap().name, "Default");
    assert_eq!(database.psql("SELECT count(*) FROM public.experiments"), "0");
}

#[test]
fn an_address_that_leads_nowhere_says_so() {
    let folder = TempDir::new().unwrap();
    let open = |uri: &str| Store::connect(uri, folder.path());
    let error = fails(open("postgresql://ann:secret@127.0.0.1:1/runs"), ErrorKind::Unavailable);
    assert!(error.message.contains("postgresql://ann@127.0.0.1:1/runs"), "{error}");
    assert!(!error.message.contains("secret"), "{error}");
    fails(open("mysql://ann@127.0.0.1/runs"), ErrorKind::Invalid);
    let database = Database::new();
    let missing = database.uri().replace("/test_", "/none_");
    let error = fails(open(&missing), ErrorKind::NotFound);
    assert!(error.message.contains("CREATE DATABASE"), "{error}");
}

#[test]
fn a_database_of_another_encoding_is_refused() {
    let database = Database::new();
    let name = database.uri().rsplit_once('/').unwrap().1.replace("test_", "latin_");
    database.psql(&format!(
        "CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"
    ));
    let uri = database.uri().replace("test_", "latin_");
    let folder = TempDir::new().unwrap();
    let error = fails(Store::connect(&uri, folder.path()), ErrorKind::Invalid);
    database.psql(&format!("DROP DATABASE {name} WITH (FORCE)"));
    assert!(error.message.contains("LATIN1") && error.message.contains("UTF8"), "{error}");
}

#[test]
fn a_user_without_rights_is_told_which() {
    let database = Database::new();
    let role = format!("nobody_{}", database.uri().rsplit_once('_').unwrap().1);
    database.psql(&format!("CREATE ROLE {role} LOGIN"));
    let uri = database.uri().replace("postgres@", &format!("{role}@"));
    let folder = TempDir::new().unwrap();
    let error = fails(Store::connect(&uri, folder.path()), ErrorKind::Denied);
    assert!(error.message.contains("CREATE on the database"), "{error}");
    database.psql(&format!("CREATE SCHEMA trackline AUTHORIZATION {role}"));
    Store::connect(&uri, folder.path()).unwrap();
    database.psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}
