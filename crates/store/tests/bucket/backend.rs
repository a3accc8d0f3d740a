//! What a store of the tests is kept in: a database, with a bucket for the bytes of artifacts.

use std::fs::{self, DirEntry};
use std::path::PathBuf;

use trackline_store::{Bucket, Store};
use trackline_testdb::Database;

/// Where a store is, and with it what is deleted at the end.
pub struct Place {
    pub database: Database,
    pub bucket: trackline_testbucket::Bucket,
}

impl Place {
    pub fn new() -> Self {
        Self { database: Database::new(), bucket: trackline_testbucket::Bucket::new() }
    }

    pub fn open(&self) -> Store {
        Store::connect(&self.database.uri(), self.address()).unwrap()
    }

    pub fn address(&self) -> Bucket {
        Bucket::with_settings(&self.bucket.uri("some/runs"), self.bucket.settings())
    }

    /// The file that holds a blob.
    pub fn blob(&self, digest: &str) -> PathBuf {
        let (folder, name) = digest.split_at(2);
        self.bucket.file("some/runs").join(folder).join(name)
    }

    /// The digests of the blobs that are there.
    pub fn blobs(&self) -> Vec<String> {
        let name = |entry: std::io::Result<DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let folder = self.bucket.file("some/runs");
        let folders = fs::read_dir(&folder).into_iter().flatten().map(name).filter(|name| name.len() == 2);
        let inside = |parent: String| {
            fs::read_dir(folder.join(&parent)).unwrap().map(move |entry| format!("{parent}{}", name(entry)))
        };
        folders.flat_map(inside).collect()
    }
}
