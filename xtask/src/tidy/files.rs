//! The files that git knows, read once.

use std::io;
use std::path::Path;
use std::process::Command;

/// A text file of the project.
pub struct File {
    /// Relative to the root, parts joined by `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// All text files that git tracks or would track.
pub struct Tree {
    /// Sorted by path.
    pub files: Vec<File>,
    paths: Vec<String>,
}

impl Tree {
    /// Reads the tree at `root`; files that are not UTF-8 are known by their path only.
    pub fn read(root: &Path) -> io::Result<Self> {
        let listing = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root)
            .output()?;
        if !listing.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&listing.stderr).into_owned()));
        }
        let mut paths: Vec<String> = String::from_utf8_lossy(&listing.stdout)
            .split('\0')
            .filter(|path| !path.is_empty() && root.join(path).is_file())
            .map(str::to_owned)
            .collect();
        paths.sort();
        paths.dedup();
        let files = paths
            .iter()
            .filter_map(|path| {
                let text = std::fs::read_to_string(root.join(path)).ok()?;
                Some(File { path: path.clone(), text })
            })
            .collect();
        Ok(Self { files, paths })
    }

    /// The files below a folder whose name ends so.
    pub fn below<'a>(&'a self, folder: &'a str, ending: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.starts_with(folder) && file.path.ends_with(ending))
    }

    /// Whether a file of this path, or anything in a folder of this path, exists.
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.paths.iter().any(|known| known == path || known.starts_with(&folder))
    }

    /// The text of a file, if it exists.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|file| file.path == path).map(|file| file.text.as_str())
    }
}
