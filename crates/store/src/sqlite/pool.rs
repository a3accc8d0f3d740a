use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rusqlite::Connection as Handle;

use super::{lock, open};
use crate::Result;

/// How many idle readers are kept; more are opened while more are in use.
const IDLE: usize = 4;

/// Connections for reading: opened when needed, kept when idle.
pub(super) struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Handle>>,
}

impl Pool {
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), idle: Mutex::new(Vec::new()) }
    }

    /// Runs `work` with a connection that nobody else uses meanwhile.
    pub fn with<T>(&self, work: impl FnOnce(&Handle) -> Result<T>) -> Result<T> {
        let idle = lock(&self.idle).pop();
        let handle = match idle {
            Some(handle) => handle,
            None => open::read_only(&self.path)?,
        };
        let result = work(&handle);
        let mut idle = lock(&self.idle);
        if idle.len() < IDLE {
            idle.push(handle);
        }
        result
    }
}
