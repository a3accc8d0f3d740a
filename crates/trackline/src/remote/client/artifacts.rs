use std::fs::File;
use std::io::Read;
use std::path::Path;

use trackline_model::FileInfo;
use trackline_store::{Error, ErrorKind, Result};
use ureq::http::Method;

use super::fields::{Fields, file};
use super::{failed, in_path};
use crate::remote::{Kind, Server};

/// What `mlflow-artifacts:/` stands for.
const ROOT: &str = "/api/2.0/mlflow-artifacts/artifacts";

impl Server {
    /// What is in a folder, by name; empty for a file, and where nothing is.
    pub fn list_artifacts(&self, path: &str) -> Result<Vec<FileInfo>> {
        let found = self.ask(Method::GET, &format!("{ROOT}{}", self.query(&[("path", path)])?), None)?;
        Ok(Fields(&found).list("files", file))
    }

    /// Whether a folder is at a path; none where nothing is.
    pub fn is_artifact_folder(&self, path: &str) -> Result<Option<bool>> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let found = self.list_artifacts(folder)?.into_iter().find(|file| file.path == name);
        Ok(found.map(|file| file.is_dir))
    }

    fn artifact(&self, path: &str) -> Result<String> {
        let path = format!("{ROOT}/{}", in_path(path));
        match self.known_kind()? {
            Kind::Trackline => Ok(path),
            Kind::Mlflow => Ok(self.mlflow.ids.to_server(&path).into_owned()),
        }
    }

    /// The bytes of a file, as they come in.
    pub fn open_artifact(&self, path: &str) -> Result<Box<dyn Read + Send>> {
        let path = self.artifact(path)?;
        self.http.patiently(|http| http.download(&path)).map_err(failed)
    }

    /// Keeps a copy of a file at this path.
    pub fn put_artifact_file(&self, path: &str, local: &Path) -> Result<()> {
        let unreadable = |error| Error {
            kind: ErrorKind::Io,
            message: format!("Cannot read the file {}: {error}.", local.display()),
        };
        let path = self.artifact(path)?;
        let size = local.metadata().map_err(unreadable)?.len();
        let file = File::open(local).map_err(unreadable)?;
        self.http.upload(&path, file, size).map_err(failed)
    }
}
