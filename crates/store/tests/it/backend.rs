//! What a store of the tests is kept in: a folder.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

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

    /// The file that holds a blob.
    pub fn blob(&self, digest: &str) -> PathBuf {
        let (folder, name) = digest.split_at(2);
        self.path().join("blobs").join(folder).join(name)
    }

    /// The digests of the blobs that are there.
    pub fn blobs(&self) -> Vec<String> {
        let name = |entry: std::io::Result<DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let blobs = self.path().join("blobs");
        let folders = fs::read_dir(&blobs).unwrap().map(name);
        let inside = |folder: String| {
            fs::read_dir(blobs.join(&folder)).unwrap().map(move |entry| format!("{folder}{}", name(entry)))
        };
        folders.flat_map(inside).collect()
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// The store of a place with this name.
pub fn open(name: &str) -> Store {
    Store::open(Path::new(name)).unwrap()
}
