//! How Pythons below join the run without a change of the script: a `sitecustomize` on PYTHONPATH.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::Interpreter;

const SITECUSTOMIZE: &str = include_str!("sitecustomize.py");

/// The folder that is put before others on PYTHONPATH, and what goes with it.
pub(super) struct Injection {
    folder: Option<PathBuf>,
    package: Option<PathBuf>,
}

impl Injection {
    /// In a folder of the command's own.
    pub(super) fn below(folder: &Path, python: Option<&Interpreter>) -> Self {
        let folder = folder.join("python");
        let written =
            fs::create_dir(&folder).and_then(|()| fs::write(folder.join("sitecustomize.py"), SITECUSTOMIZE));
        Self {
            folder: written.is_ok().then_some(folder),
            package: python.map(|python| python.package.clone()),
        }
    }

    pub(super) fn environment(&self) -> Vec<(&'static str, OsString)> {
        let Some(folder) = &self.folder else { return Vec::new() };
        let mut path = folder.clone().into_os_string();
        // An empty entry would be the working directory.
        if let Some(before) = env::var_os("PYTHONPATH").filter(|before| !before.is_empty()) {
            path.push(":");
            path.push(before);
        }
        let package =
            self.package.iter().map(|package| ("TRACKLINE_PACKAGE", package.clone().into_os_string()));
        let injected = ("TRACKLINE_INJECTED", folder.clone().into_os_string());
        [("PYTHONPATH", path), injected].into_iter().chain(package).collect()
    }
}
