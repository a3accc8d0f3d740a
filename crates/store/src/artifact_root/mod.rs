//! Artifact URIs: those of the store's own tree, and those of a root where clients keep files themselves.

mod folder;
mod uri;

use std::path::PathBuf;

use trackline_model::FileInfo;

pub use self::uri::tree_path;
pub(crate) use self::uri::{joined, local_path};
#[cfg(feature = "bucket")]
use crate::blobs::{Bucket, BucketTree, is_bucket};
use crate::{Error, ReadSeek, Result};

/// The place below which new experiments have their artifacts. Unless it is in the store's own tree, clients write there
/// themselves, and the store reads what they wrote.
#[derive(Debug, Clone)]
pub struct ArtifactRoot {
    uri: String,
    files: Files,
}

/// What can be read below a root.
#[derive(Debug, Clone)]
enum Files {
    Folder(PathBuf),
    #[cfg(feature = "bucket")]
    Bucket(BucketTree),
    /// What clients alone can reach.
    Unknown,
}

/// A file of a run, a model or a version, ready to be read.
pub struct OpenArtifact {
    /// All of it.
    pub bytes: Box<dyn ReadSeek>,
    /// How many bytes.
    pub size: u64,
    /// Differs when the bytes do.
    pub tag: String,
}

impl ArtifactRoot {
    /// The root at this URI: a folder, `s3://`, `gs://`, `wasbs://` and the like, or what only clients understand. A relative
    /// folder is found from where this process runs. Nothing is asked of the place yet.
    ///
    /// # Errors
    /// `Invalid` for a URI with a fragment, or a folder that cannot be found from here.
    pub fn new(uri: &str) -> Result<Self> {
        if uri.contains('#') {
            return Err(Error::invalid(format!(
                "'{uri}' cannot be a root of artifacts: leave out what follows '#'."
            )));
        }
        if let Some(folder) = local_path(uri) {
            let folder = std::path::absolute(&folder)
                .map_err(|error| Error::io(&format!("find the folder '{}'", folder.display()), &error))?;
            let uri =
                if uri.starts_with("file:///") { uri.into() } else { folder.to_string_lossy().into_owned() };
            return Ok(Self { uri, files: Files::Folder(folder) });
        }
        let files = match uri {
            #[cfg(feature = "bucket")]
            address if is_bucket(address) => {
                Files::Bucket(BucketTree::of(Bucket::of_environment(without_query(address))))
            }
            _ => Files::Unknown,
        };
        Ok(Self { uri: uri.to_owned(), files })
    }

    /// Where a new experiment has its artifacts.
    pub(crate) fn of_experiment(&self, id: i64) -> String {
        joined(&self.uri, &id.to_string())
    }

    /// What is in the folder at `path` below `uri`; none if that is not below this root.
    pub(crate) fn list(&self, uri: &str, path: &str) -> Option<Result<Vec<FileInfo>>> {
        let below = self.below(uri, path)?;
        match &self.files {
            Files::Folder(root) => Some(folder::list(root, &below)),
            #[cfg(feature = "bucket")]
            Files::Bucket(tree) => Some(tree.list(&below)),
            Files::Unknown => None,
        }
    }

    /// The file at `path` below `uri`; none if that is not below this root.
    pub(crate) fn open(&self, uri: &str, path: &str) -> Option<Result<OpenArtifact>> {
        let below = self.below(uri, path)?;
        match &self.files {
            Files::Folder(root) => Some(folder::open(root, &below, path)),
            #[cfg(feature = "bucket")]
            Files::Bucket(tree) => Some(tree.open(&below, path)),
            Files::Unknown => None,
        }
    }

    /// Writes the file at `path` below `uri`; none if that is not below this root.
    pub(crate) fn put(&self, uri: &str, path: &str, bytes: &[u8]) -> Option<Result<()>> {
        let below = self.below(uri, path)?;
        match &self.files {
            Files::Folder(root) => Some(folder::put(root, &below, bytes)),
            #[cfg(feature = "bucket")]
            Files::Bucket(tree) => Some(tree.put(&below, bytes)),
            Files::Unknown => None,
        }
    }

    /// Removes the files of a run or the like, at `uri`; none if they are not below this root, or not in a folder of its own.
    pub(crate) fn remove(&self, uri: &str, id: &str) -> Option<Result<()>> {
        let below = self.below(uri, "")?;
        if !below.ends_with(&format!("/{id}/artifacts")) {
            return None;
        }
        match &self.files {
            Files::Folder(root) => Some(folder::remove(root, &below)),
            #[cfg(feature = "bucket")]
            Files::Bucket(tree) => Some(tree.remove(&below)),
            Files::Unknown => None,
        }
    }

    /// The way from this root to `path` below `uri`.
    fn below(&self, uri: &str, path: &str) -> Option<String> {
        let root = without_query(&self.uri).trim_end_matches('/');
        let inside = without_query(uri).strip_prefix(root)?;
        let inside = inside.strip_prefix('/').or(inside.is_empty().then_some(""))?;
        let parts = inside.split('/').chain(path.split('/')).filter(|part| !part.is_empty());
        let parts: Vec<_> = parts.collect();
        parts.iter().all(|part| !matches!(*part, "." | "..") && !part.contains('\0')).then(|| parts.join("/"))
    }
}

/// What stands before a query, in which clients are told of users and the like.
fn without_query(uri: &str) -> &str {
    uri.split_once('?').map_or(uri, |(place, _)| place)
}

pub(crate) fn no_such(path: &str) -> Error {
    Error::not_found(format!("No such artifact: '{path}'"))
}

pub(crate) fn is_folder(path: &str) -> Error {
    Error::invalid(format!("Artifact path refers to a directory, not a file: '{path}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn experiments_lie_below_a_root() {
        let location = |uri: &str| ArtifactRoot::new(uri).unwrap().of_experiment(7);
        assert_eq!(location("s3://bucket/a/"), "s3://bucket/a/7");
        assert_eq!(location("hdfs://h/a?user=b"), "hdfs://h/a/7?user=b");
        assert_eq!(location("mlflow-artifacts:/"), "mlflow-artifacts:/7");
        assert_eq!(location("file:///srv/a%20b"), "file:///srv/a%20b/7");
        assert_eq!(location("file://other/srv"), "file://other/srv/7");
        let here = std::env::current_dir().unwrap();
        assert_eq!(location("./mlruns"), here.join("mlruns/7").to_str().unwrap());
        assert!(ArtifactRoot::new("s3://bucket/#a").is_err());
    }

    #[cfg(feature = "bucket")]
    #[test]
    fn a_query_is_no_part_of_the_place() {
        let root = ArtifactRoot::new("s3://bucket/a?region=x").unwrap();
        let uri = root.of_experiment(7);
        assert_eq!(uri, "s3://bucket/a/7?region=x");
        assert_eq!(root.below(&uri, "model").as_deref(), Some("7/model"));
        let Files::Bucket(tree) = &root.files else { panic!("{root:?}") };
        assert!(!format!("{tree:?}").contains('?'), "{tree:?}");
    }

    #[test]
    fn only_what_is_below_the_root_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        std::fs::create_dir_all(root.join("0/r/artifacts/model")).unwrap();
        std::fs::write(root.join("0/r/artifacts/a.txt"), "abc").unwrap();
        std::fs::write(folder.path().join("secret"), "no").unwrap();
        std::os::unix::fs::symlink(folder.path().join("secret"), root.join("0/r/artifacts/link")).unwrap();
        let uri = root.to_str().unwrap();
        let roots = ArtifactRoot::new(uri).unwrap();
        let run = format!("{uri}/0/r/artifacts");

        let files = roots.list(&run, "").unwrap().unwrap();
        let names: Vec<_> =
            files.iter().map(|file| (file.path.as_str(), file.is_dir, file.file_size)).collect();
        assert_eq!(names, [("a.txt", false, Some(3)), ("link", false, Some(2)), ("model", true, None)]);
        assert_eq!(roots.list(&run, "a.txt").unwrap().unwrap(), []);
        let mut text = String::new();
        roots.open(&run, "a.txt").unwrap().unwrap().bytes.read_to_string(&mut text).unwrap();
        assert_eq!(text, "abc");

        assert!(roots.open(&run, "link").unwrap().is_err());
        assert!(roots.put(&run, "link", b"mine").unwrap().is_err());
        std::os::unix::fs::symlink(folder.path().join("none"), root.join("0/r/artifacts/lost")).unwrap();
        assert!(roots.put(&run, "lost", b"mine").unwrap().is_err() && !folder.path().join("none").exists());
        roots.put(&run, "new/b.bin", b"put").unwrap().unwrap();
        assert_eq!(std::fs::read(root.join("0/r/artifacts/new/b.bin")).unwrap(), b"put");
        assert_eq!(std::fs::read(folder.path().join("secret")).unwrap(), b"no");
        assert!(roots.open(&run, "model").unwrap().is_err_and(|error| error.message.contains("directory")));
        for missing in ["b.txt", "a.txt/b.txt"] {
            let opened = roots.open(&run, missing).unwrap();
            assert!(opened.is_err_and(|error| error.kind == crate::ErrorKind::NotFound), "{missing}");
        }
        for (uri, path) in [(run.as_str(), "../../../../secret"), (folder.path().to_str().unwrap(), "secret")]
        {
            assert!(roots.open(uri, path).is_none(), "{uri} {path}");
        }
        assert!(roots.list(&format!("{uri}-other/0"), "").is_none());
    }

    #[test]
    fn only_what_is_its_own_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("root");
        let uri = root.to_str().unwrap();
        let roots = ArtifactRoot::new(uri).unwrap();
        for id in ["r", "s"] {
            roots.put(&format!("{uri}/0/{id}/artifacts"), "model/a.bin", b"put").unwrap().unwrap();
        }
        std::os::unix::fs::symlink(root.join("0/s"), root.join("0/link")).unwrap();
        roots.remove(&format!("{uri}/0/link/artifacts"), "link").unwrap().unwrap();
        assert!(root.join("0/s/artifacts/model/a.bin").exists());
        for (place, id) in [("0/s", "s"), ("0/s/artifacts", "r"), ("../root/0/s/artifacts", "s")] {
            assert!(roots.remove(&format!("{uri}/{place}"), id).is_none(), "{place}");
        }
        assert!(roots.remove(&format!("{}/0/s/artifacts", folder.path().display()), "s").is_none());
        roots.remove(&format!("{uri}/0/r/artifacts"), "r").unwrap().unwrap();
        roots.remove(&format!("{uri}/0/none/artifacts"), "none").unwrap().unwrap();
        assert!(!root.join("0/r").exists() && root.join("0/s/artifacts/model/a.bin").exists());
    }
}
