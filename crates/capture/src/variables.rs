//! The variables of the environment.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

/// The variables as they were. The C library moves them when the program sets one, and who reads them meanwhile on a thread of
/// their own reads memory that is free: so they are read where the program waits for it, and handed to the threads that work.
#[derive(Debug, Clone)]
pub struct Variables(Arc<[(OsString, OsString)]>);

impl Variables {
    /// As they are now.
    pub fn now() -> Self {
        Self(env::vars_os().collect())
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.0.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// The file of a program that `PATH` leads to.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        let (_, path) = self.iter().find(|(key, _)| *key == "PATH")?;
        env::split_paths(path).map(|folder| folder.join(name)).find(|file| file.is_file())
    }
}
