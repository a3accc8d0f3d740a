//! A private PostgreSQL for tests: one cluster that all tests of a build share, a database for each.
//!
//! The first test that needs it starts the cluster, in a temporary folder; a few seconds after the last one it ends and
//! its folder is removed. No service is touched, and no port is used: connections go through a socket in the folder.

#![allow(clippy::panic, clippy::unwrap_used, reason = "only tests use it")]

mod cluster;
mod programs;
mod shared;
mod tls;

use std::path::Path;

pub use cluster::Cluster;
pub use tls::Tls;
use uuid::Uuid;

/// A new database, dropped at the end.
#[derive(Debug)]
pub struct Database {
    socket_folder: std::path::PathBuf,
    name: String,
}

impl Database {
    /// In the cluster that all tests share.
    pub fn new() -> Self {
        Self::within(shared::socket_folder())
    }

    fn within(socket_folder: &Path) -> Self {
        let name = format!("test_{}", Uuid::new_v4().simple());
        programs::psql(socket_folder, &format!("CREATE DATABASE {name}"));
        Self { socket_folder: socket_folder.to_owned(), name }
    }

    /// What it is reached by.
    pub fn uri(&self) -> String {
        let folder = self.socket_folder.display().to_string().replace('/', "%2F");
        format!("postgresql://postgres@{folder}/{}", self.name)
    }

    /// Its name in the cluster.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs SQL with `psql` and returns what it printed: rows, with `|` between columns.
    pub fn psql(&self, sql: &str) -> String {
        programs::psql_in(&self.socket_folder, &self.name, sql)
    }
}

impl Default for Database {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            programs::psql(&self.socket_folder, &format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}
