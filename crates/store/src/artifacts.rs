//! The artifact tree. It lives in the database: a path is a key, never a path of the file system.

use trackline_model::{FileInfo, USER_SOURCE};

use crate::artifact_root::{OpenArtifact, is_folder, no_such, tree_path};
use crate::sql::{Connection, Row, Scope, Transaction, values};
use crate::store::now;
use crate::{Blob, Error, Result, Store};

/// What is at a path of the artifact tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Artifact {
    /// A file.
    File {
        /// The bytes.
        blob: Blob,
        /// When it was written.
        time: i64,
    },
    /// A folder: it is there as long as something is in it.
    Folder,
}

impl Store {
    /// Puts a file, whose bytes are among the blobs, at `path`: what follows `mlflow-artifacts:/`, such
    /// as `1/<run_id>/artifacts/model/MLmodel`. A file that is there is replaced.
    ///
    /// # Errors
    /// `Invalid` for a path that is absolute or has an empty part, `.`, `..` or NUL, and where a folder
    /// would have to become a file, or a file a folder.
    pub fn put_artifact(&self, path: &str, blob: &Blob) -> Result<()> {
        let key = ArtifactKey::parse(path)?;
        self.write_in(
            |_| Scope::of([Scope::ARTIFACTS]),
            |transaction| put(transaction, &key, blob, now(), USER_SOURCE),
        )
    }

    /// What is in a folder, by name; paths are the last part alone. Empty for a file, and for a path
    /// where nothing is. The root is the empty path.
    pub fn list_artifacts(&self, path: &str) -> Result<Vec<FileInfo>> {
        let parent = if path.is_empty() { String::new() } else { ArtifactKey::parse(path)?.path() };
        self.read(|connection| {
            let rows = connection.query(
                "SELECT name, digest, size FROM artifacts WHERE parent = ? ORDER BY name",
                values![&parent],
            )?;
            rows.iter()
                .map(|row| {
                    let is_dir = row.optional_text(1)?.is_none();
                    let size = row.optional_integer(2)?.map(i64::unsigned_abs);
                    Ok(FileInfo { path: row.text(0)?, is_dir, file_size: size })
                })
                .collect()
        })
    }

    /// What is in a folder below `uri`, the artifact root of a run, a model or a version; as [`Store::list_artifacts`].
    ///
    /// # Errors
    /// `Invalid` where the store does not reach the artifacts.
    pub fn list_artifacts_of(&self, uri: &str, path: &str) -> Result<Vec<FileInfo>> {
        if let Some(root) = tree_path(uri) {
            return self.list_artifacts(&below_root(root, path));
        }
        let elsewhere = self.root().and_then(|root| root.list(uri, path));
        elsewhere.unwrap_or_else(|| Err(out_of_reach(uri)))
    }

    /// Writes a small file below `uri`, the artifact root of a run; one that is there is replaced.
    ///
    /// # Errors
    /// Those of [`Store::put_artifact`]; `Invalid` where the store does not reach the artifacts.
    pub fn write_artifact(&self, uri: &str, path: &str, bytes: &[u8]) -> Result<()> {
        if let Some(root) = tree_path(uri) {
            return self.put_artifact(&below_root(root, path), &self.blobs().put_bytes(bytes)?);
        }
        let elsewhere = self.root().and_then(|root| root.put(uri, path, bytes));
        elsewhere.unwrap_or_else(|| Err(out_of_reach(uri)))
    }

    /// The file at a path below `uri`, the artifact root of a run, a model or a version.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for a folder, and where the store does not reach the artifacts.
    pub fn open_artifact(&self, uri: &str, path: &str) -> Result<OpenArtifact> {
        let Some(root) = tree_path(uri) else {
            let elsewhere = self.root().and_then(|root| root.open(uri, path));
            return elsewhere.unwrap_or_else(|| Err(out_of_reach(uri)));
        };
        match self.stat_artifact(&below_root(root, path))? {
            Some(Artifact::File { blob, .. }) => {
                let bytes = self.blobs().open(&blob.digest)?;
                Ok(OpenArtifact { bytes, size: blob.size, tag: blob.digest })
            }
            Some(Artifact::Folder) => Err(is_folder(path)),
            None => Err(no_such(path)),
        }
    }

    /// What is at a path, if anything.
    pub fn stat_artifact(&self, path: &str) -> Result<Option<Artifact>> {
        let key = ArtifactKey::parse(path)?;
        self.read(|connection| stat(connection, &key))
    }

    /// Takes a file away, or a folder with all that is in it. It is no error if nothing is there.
    pub fn delete_artifact(&self, path: &str) -> Result<()> {
        let key = ArtifactKey::parse(path)?;
        self.write_in(|_| Scope::of([Scope::ARTIFACTS]), |transaction| delete(transaction, &key))
    }
}

/// A path of the tree below a root in it; either may be empty.
fn below_root(root: &str, path: &str) -> String {
    match (root, path) {
        ("", whole) | (whole, "") => whole.to_owned(),
        (root, path) => format!("{root}/{path}"),
    }
}

fn out_of_reach(uri: &str) -> Error {
    Error::invalid(format!("The artifacts at '{uri}' are not kept by this server. Ask that place for them."))
}

/// A checked path, cut before its last part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ArtifactKey {
    /// Empty for the root.
    parent: String,
    name: String,
}

impl ArtifactKey {
    pub fn parse(path: &str) -> Result<Self> {
        let bad = |part: &str| part.is_empty() || part == "." || part == ".." || part.contains('\0');
        if path.split('/').any(bad) {
            return Err(Error::invalid(format!(
                "Invalid path: '{path}'. An artifact path is relative, and none of its parts is empty, \
                 '.' or '..'."
            )));
        }
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        Ok(Self { parent: parent.to_owned(), name: name.to_owned() })
    }

    /// The place in the tree that a URI stands for; none if its artifacts are kept elsewhere.
    pub fn of_uri(uri: &str) -> Option<Self> {
        Self::parse(tree_path(uri)?).ok()
    }

    pub fn join(&self, path: &str) -> Result<Self> {
        Self::parse(&format!("{}/{path}", self.path()))
    }

    pub fn path(&self) -> String {
        if self.parent.is_empty() { self.name.clone() } else { format!("{}/{}", self.parent, self.name) }
    }

    /// The folder that it is in; none at the root.
    fn folder(&self) -> Option<Self> {
        let (parent, name) = self.parent.rsplit_once('/').unwrap_or(("", &self.parent));
        (!name.is_empty()).then(|| Self { parent: parent.to_owned(), name: name.to_owned() })
    }
}

pub(crate) fn put(
    transaction: &dyn Transaction,
    key: &ArtifactKey,
    blob: &Blob,
    time: i64,
    source: &str,
) -> Result<()> {
    if stat(transaction.reader(), key)? == Some(Artifact::Folder) {
        return Err(Error::invalid(format!(
            "Invalid path: '{}' is a folder, and cannot become a file. Choose another name.",
            key.path()
        )));
    }
    make_folders(transaction, key, time)?;
    let size = i64::try_from(blob.size).map_err(|_| Error::invalid("A file cannot be this large."))?;
    transaction.execute(
        "INSERT INTO artifacts (parent, name, digest, size, time, source) VALUES (?, ?, ?, ?, ?, ?) \
         ON CONFLICT (parent, name) DO UPDATE SET digest = excluded.digest, size = excluded.size, \
         time = excluded.time, source = excluded.source",
        values![&key.parent, &key.name, &blob.digest, size, time, source],
    )?;
    Ok(())
}

/// The folders above a file are implied by it.
fn make_folders(transaction: &dyn Transaction, key: &ArtifactKey, time: i64) -> Result<()> {
    let mut above = key.folder();
    while let Some(folder) = above {
        match stat(transaction.reader(), &folder)? {
            Some(Artifact::Folder) => return Ok(()),
            Some(Artifact::File { .. }) => {
                return Err(Error::invalid(format!(
                    "Invalid path: '{}' is a file, and cannot become a folder. Choose another name.",
                    folder.path()
                )));
            }
            None => transaction.execute(
                "INSERT INTO artifacts (parent, name, time, source) VALUES (?, ?, ?, '')",
                values![&folder.parent, &folder.name, time],
            )?,
        };
        above = folder.folder();
    }
    Ok(())
}

fn stat(connection: &dyn Connection, key: &ArtifactKey) -> Result<Option<Artifact>> {
    let row = connection.first(
        "SELECT digest, size, time FROM artifacts WHERE parent = ? AND name = ?",
        values![&key.parent, &key.name],
    )?;
    row.map(|row| artifact(&row)).transpose()
}

pub(crate) fn exists(connection: &dyn Connection, key: &ArtifactKey) -> Result<bool> {
    stat(connection, key).map(|found| found.is_some())
}

fn artifact(row: &Row) -> Result<Artifact> {
    let Some(digest) = row.optional_text(0)? else { return Ok(Artifact::Folder) };
    let blob = Blob { digest, size: row.integer(1)?.unsigned_abs() };
    Ok(Artifact::File { blob, time: row.integer(2)? })
}

/// Takes away what is at the key and below, and the folders that are empty then.
pub(crate) fn delete(transaction: &dyn Transaction, key: &ArtifactKey) -> Result<()> {
    let (from, to) = below(key);
    transaction.execute(
        "DELETE FROM artifacts WHERE parent = ? OR (parent >= ? AND parent < ?)",
        values![key.path(), from, to],
    )?;
    let mut gone = Some(key.clone());
    while let Some(key) = gone {
        transaction.execute(
            "DELETE FROM artifacts WHERE parent = ? AND name = ?",
            values![&key.parent, &key.name],
        )?;
        let sibling = transaction
            .reader()
            .first("SELECT 1 FROM artifacts WHERE parent = ? LIMIT 1", values![&key.parent])?;
        gone = if sibling.is_none() { key.folder() } else { None };
    }
    Ok(())
}

/// The range of the parents below a folder: `/` is followed by `0`.
fn below(key: &ArtifactKey) -> (String, String) {
    let path = key.path();
    (format!("{path}/"), format!("{path}0"))
}

/// The files below a folder, by their path in it, with their sources.
pub(crate) fn files_below(connection: &dyn Connection, root: &ArtifactKey) -> Result<Vec<(String, String)>> {
    let path = root.path();
    let (from, to) = below(root);
    let rows = connection.query(
        "SELECT parent, name, source FROM artifacts \
         WHERE (parent = ? OR (parent >= ? AND parent < ?)) AND digest IS NOT NULL ORDER BY parent, name",
        values![&path, &from, to],
    )?;
    rows.iter()
        .map(|row| {
            let (parent, name) = (row.text(0)?, row.text(1)?);
            let inside = parent.strip_prefix(&from).map(|inside| format!("{inside}/"));
            Ok((format!("{}{name}", inside.unwrap_or_default()), row.text(2)?))
        })
        .collect()
}
