use tempfile::TempDir;
use trackline_store::Store;
use trackline_testdb::Database;

/// What a store is kept in; deleted at the end.
pub type Place = (Database, TempDir);

/// A new store.
pub fn open() -> (Store, Place) {
    let (database, folder) = (Database::new(), TempDir::new().unwrap());
    (Store::connect(&database.uri(), folder.path()).unwrap(), (database, folder))
}
