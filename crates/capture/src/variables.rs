//! The variables of the environment.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

/// The variables as they were. The C library moves them when the program sets one, and who reads them meanwhile on a thread of
/// their own reads memory that is free: so they are read where the program waits for it, and handed to the threads that work.
#[derive(Debug, Clone)]
pub struct Variables(Arc<[(OsString, OsString)]>);

/// The folder that `trackline run` puts on `PYTHONPATH`.
const INJECTED: &str = "TRACKLINE_INJECTED";

impl Variables {
    /// As they are now, and as the user set them.
    pub fn now() -> Self {
        let injected = env::var_os(INJECTED);
        let plain = |(name, value): (OsString, OsString)| match &injected {
            Some(folder) if name == "PYTHONPATH" => without(&value, folder).map(|value| (name, value)),
            _ => Some((name, value)),
        };
        Self(env::vars_os().filter_map(plain).collect())
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

/// The folders but this one; `None` where that was all.
fn without(folders: &OsStr, folder: &OsStr) -> Option<OsString> {
    let others = env::split_paths(folders).filter(|one| one.as_os_str() != folder);
    env::join_paths(others).ok().filter(|others| !others.is_empty())
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::without;

    #[test]
    fn a_folder_is_taken_out_of_a_path() {
        let rest = |path: &str| without(OsStr::new(path), OsStr::new("/ours"));
        assert_eq!(rest("/ours"), None);
        assert_eq!(rest("/ours:/a:/b").as_deref(), Some(OsStr::new("/a:/b")));
        assert_eq!(rest("/a:/ours/b").as_deref(), Some(OsStr::new("/a:/ours/b")));
    }
}
