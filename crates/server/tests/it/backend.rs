use tempfile::TempDir;
use trackline_store::Store;

/// What a store is kept in; deleted at the end.
pub type Place = TempDir;

/// A new store.
pub fn open() -> (Store, Place) {
    let folder = TempDir::new().unwrap();
    (Store::open(folder.path()).unwrap(), folder)
}
