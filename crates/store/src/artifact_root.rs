//! Artifact URIs: those of the store's own tree, and those of a root where clients keep files themselves.

use std::io;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use trackline_model::FileInfo;

#[cfg(feature = "bucket")]
use crate::blobs::{Bucket, BucketTree, is_bucket};
use crate::{Error, ReadSeek, Result};

/// What a URI of MLflow's artifact proxy holds before the path.
const PROXY: &str = "/api/2.0/mlflow-artifacts/artifacts";

/// The path in the store's own tree that a URI stands for, such as `mlflow-artifacts:/1/<run_id>/artifacts`; empty for its
/// root, none where artifacts are kept elsewhere. A host in it is this server's.
pub fn tree_path(uri: &str) -> Option<&str> {
    let path = match uri.split_once(':')? {
        ("mlflow-artifacts", rest) => match rest.strip_prefix("//") {
            Some(rest) => rest.split_once('/').map_or("", |(_, path)| path),
            None => rest,
        },
        ("http" | "https", rest) => {
            rest.split_once(PROXY)?.1.strip_prefix('/').or(rest.ends_with(PROXY).then_some(""))?
        }
        _ => return None,
    };
    Some(path.trim_matches('/'))
}

/// The file or folder that a URI without a scheme, or with `file` and no other host, stands for.
pub(crate) fn local_path(uri: &str) -> Option<PathBuf> {
    match uri.split_once(':') {
        None => Some(uri.into()),
        Some(("file", rest)) => {
            let path = match rest.strip_prefix("//") {
                Some(rest) => Some(rest.strip_prefix("localhost").unwrap_or(rest))
                    .filter(|path| path.starts_with('/'))?,
                None => rest,
            };
            Some(percent_decode_str(path).decode_utf8_lossy().into_owned().into())
        }
        Some(_) => None,
    }
}

/// The URI of what lies at `path` below another; a query stays at the end.
pub(crate) fn joined(uri: &str, path: &str) -> String {
    match uri.split_once('?') {
        Some((place, query)) => format!("{}/{path}?{query}", place.trim_end_matches('/')),
        None => format!("{}/{path}", uri.trim_end_matches('/')),
    }
}

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
            address if is_bucket(address) => Files::Bucket(BucketTree::of(Bucket::of_environment(address))),
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
            Files::Folder(root) => Some(list_folder(root, &below)),
            #[cfg(feature = "bucket")]
            Files::Bucket(tree) => Some(tree.list(&below)),
            Files::Unknown => None,
        }
    }

    /// The file at `path` below `uri`; none if that is not below this root.
    pub(crate) fn open(&self, uri: &str, path: &str) -> Option<Result<OpenArtifact>> {
        let below = self.below(uri, path)?;
        match &self.files {
            Files::Folder(root) => Some(open_file(root, &below, path)),
            #[cfg(feature = "bucket")]
            Files::Bucket(tree) => Some(tree.open(&below, path)),
            Files::Unknown => None,
        }
    }

    /// Writes the file at `path` below `uri`; none if that is not below this root.
    pub(crate) fn put(&self, uri: &str, path: &str, bytes: &[u8]) -> Option<Result<()>> {
        let below = self.below(uri, path)?;
        match &self.files {
            Files::Folder(root) => Some(put_file(root, &below, bytes)),
            #[cfg(feature = "bucket")]
            Files::Bucket(tree) => Some(tree.put(&below, bytes)),
            Files::Unknown => None,
        }
    }

    /// The way from this root to `path` below `uri`.
    fn below(&self, uri: &str, path: &str) -> Option<String> {
        let root = self.uri.trim_end_matches('/');
        let inside = uri.strip_prefix(root)?;
        let inside = inside.strip_prefix('/').or(inside.is_empty().then_some(""))?;
        let inside = inside.split('?').next().unwrap_or_default();
        let parts = inside.split('/').chain(path.split('/')).filter(|part| !part.is_empty());
        let parts: Vec<_> = parts.collect();
        parts.iter().all(|part| !matches!(*part, "." | "..") && !part.contains('\0')).then(|| parts.join("/"))
    }
}

fn list_folder(root: &Path, below: &str) -> Result<Vec<FileInfo>> {
    let Some(folder) = found(root, below)?.filter(|folder| folder.is_dir()) else { return Ok(Vec::new()) };
    let wrong = |error| Error::io(&format!("list the folder {}", folder.display()), &error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        // What a link leads to counts; one that leads nowhere is passed over.
        let Ok(metadata) = std::fs::metadata(entry.path()) else { continue };
        let file_size = metadata.is_file().then_some(metadata.len());
        let path = entry.file_name().to_string_lossy().into_owned();
        files.push(FileInfo { path, is_dir: metadata.is_dir(), file_size });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn open_file(root: &Path, below: &str, path: &str) -> Result<OpenArtifact> {
    let Some(file) = found(root, below)? else { return Err(no_such(path)) };
    let wrong = |error| Error::io(&format!("read the file {}", file.display()), &error);
    // Looked at before it is opened: opening a pipe would wait for whoever writes into it.
    let metadata = file.metadata().map_err(wrong)?;
    if !metadata.is_file() {
        return Err(is_folder(path));
    }
    let bytes = std::fs::File::open(&file).map_err(wrong)?;
    let changed = metadata.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let tag = format!("{:x}-{:x}", metadata.len(), changed.unwrap_or_default().as_nanos());
    Ok(OpenArtifact { bytes: Box::new(bytes), size: metadata.len(), tag })
}

fn put_file(root: &Path, below: &str, bytes: &[u8]) -> Result<()> {
    let file = root.join(below);
    let wrong = |error| Error::io(&format!("write the file {}", file.display()), &error);
    std::fs::create_dir_all(root).map_err(wrong)?;
    // What is made lies where the first part that is there already lies.
    let way = below.match_indices('/').map(|(at, _)| &below[..at]).chain([below]);
    for part in way {
        if found(root, part)?.is_some() {
            continue;
        }
        if root.join(part).is_symlink() {
            return Err(Error::invalid(format!(
                "Invalid path: '{below}' is below a link that leads nowhere."
            )));
        }
        break;
    }
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(wrong)?;
    }
    std::fs::write(&file, bytes).map_err(wrong)
}

/// What lies there, if anything does. Links out of the root are not followed.
fn found(root: &Path, below: &str) -> Result<Option<PathBuf>> {
    let real = |path: &Path| match path.canonicalize() {
        Ok(path) => Ok(Some(path)),
        Err(error) if is_nowhere(error.kind()) => Ok(None),
        Err(error) => Err(Error::io(&format!("find {}", path.display()), &error)),
    };
    let (Some(root), Some(path)) = (real(root)?, real(&root.join(below))?) else { return Ok(None) };
    if path.starts_with(&root) {
        Ok(Some(path))
    } else {
        Err(Error::invalid(format!("Invalid path: '{below}'.")))
    }
}

fn is_nowhere(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
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
    fn uris_of_the_own_tree_are_read() {
        assert_eq!(tree_path("mlflow-artifacts:/1/r/artifacts"), Some("1/r/artifacts"));
        assert_eq!(tree_path("mlflow-artifacts://host:5000/1/r"), Some("1/r"));
        assert_eq!(tree_path("mlflow-artifacts:/"), Some(""));
        assert_eq!(tree_path("http://h:5000/api/2.0/mlflow-artifacts/artifacts/1/r"), Some("1/r"));
        assert_eq!(tree_path("https://h/mlflow/api/2.0/mlflow-artifacts/artifacts"), Some(""));
        for other in ["s3://bucket/x", "http://h/x", "/srv/x", "http://h/api/2.0/mlflow-artifacts/artifactsx"]
        {
            assert_eq!(tree_path(other), None, "{other}");
        }
    }

    #[test]
    fn experiments_lie_below_a_root() {
        let location = |uri: &str| ArtifactRoot::new(uri).unwrap().of_experiment(7);
        assert_eq!(location("s3://bucket/a/"), "s3://bucket/a/7");
        assert_eq!(location("hdfs://h/a?user=b"), "hdfs://h/a/7?user=b");
        assert_eq!(location("mlflow-artifacts:/"), "mlflow-artifacts:/7");
        assert_eq!(location("file:///srv/a%20b"), "file:///srv/a%20b/7");
        let here = std::env::current_dir().unwrap();
        assert_eq!(location("./mlruns"), here.join("mlruns/7").to_str().unwrap());
        assert!(ArtifactRoot::new("s3://bucket/#a").is_err());
    }

    #[test]
    fn files_of_another_host_are_not_local() {
        for uri in ["/srv/a b", "file:/srv/a%20b", "file:///srv/a%20b", "file://localhost/srv/a%20b"] {
            assert_eq!(local_path(uri).as_deref(), Some(Path::new("/srv/a b")), "{uri}");
        }
        for uri in ["file://other/srv", "file://localhostile/srv", "s3://bucket/a"] {
            assert_eq!(local_path(uri), None, "{uri}");
        }
        assert_eq!(ArtifactRoot::new("file://other/srv").unwrap().of_experiment(7), "file://other/srv/7");
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
}
