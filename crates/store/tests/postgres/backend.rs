//! What a store of the tests is kept in: a database, with a folder for the bytes of artifacts.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use trackline_store::Store;
use trackline_testdb::Database;

/// Where a store is, and with it what is deleted at the end.
pub struct Place {
    pub database: Database,
    folder: TempDir,
}

impl Place {
    pub fn new() -> Self {
        Self { database: Database::new(), folder: TempDir::new().unwrap() }
    }

    /// Opens the store, the first time and again.
    pub fn open(&self) -> Store {
        open(&self.name())
    }

    /// What another process opens it by.
    pub fn name(&self) -> String {
        format!("{} {}", self.database.uri(), self.folder.path().display())
    }

    /// The file that holds a blob.
    pub fn blob(&self, digest: &str) -> PathBuf {
        let (folder, name) = digest.split_at(2);
        self.folder.path().join(folder).join(name)
    }
}

/// The store of a place with this name.
pub fn open(name: &str) -> Store {
    let (uri, folder) = name.split_once(' ').unwrap();
    Store::connect(uri, Path::new(folder)).unwrap()
}
