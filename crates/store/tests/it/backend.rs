//! What a store of the tests is kept in: a folder.

use std::path::Path;

use tempfile::TempDir;
use trackline_store::Store;

/// Where a store is, and with it what is deleted at the end.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// Opens the store, the first time and again.
    pub fn open(&self) -> Store {
        open(&self.name())
    }

    /// What another process opens it by.
    pub fn name(&self) -> String {
        self.path().to_str().unwrap().to_owned()
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// The store of a place with this name.
pub fn open(name: &str) -> Store {
    Store::open(Path::new(name)).unwrap()
}
