use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use trackline::store::{Artifact, Blob, Result, Store};

use super::{act, answer};

/// The artifact tree; a path is what follows `mlflow-artifacts:/`.
#[pyclass(frozen, module = "trackline._native")]
pub struct ArtifactStore(pub Store);

#[pymethods]
impl ArtifactStore {
    /// What is in a folder, by name.
    fn list<'py>(&self, py: Python<'py>, path: &str) -> PyResult<Bound<'py, PyAny>> {
        answer(py, || self.0.list_artifacts(path))
    }

    /// `file` or `folder`, if anything is there.
    fn kind(&self, py: Python<'_>, path: &str) -> PyResult<Option<&'static str>> {
        let found = act(py, || self.0.stat_artifact(path))?;
        Ok(found.map(|artifact| match artifact {
            Artifact::File { .. } => "file",
            Artifact::Folder => "folder",
        }))
    }

    /// The bytes of a file, if it is there.
    fn read(&self, py: Python<'_>, path: &str) -> PyResult<Option<Vec<u8>>> {
        match act(py, || self.0.stat_artifact(path))? {
            Some(Artifact::File { blob, .. }) => {
                let mut bytes = Vec::new();
                let mut file = act(py, || self.0.blobs().open(&blob.digest))?;
                py.detach(|| file.read_to_end(&mut bytes))?;
                Ok(Some(bytes))
            }
            _ => Ok(None),
        }
    }

    /// Keeps a copy of a file at this path.
    fn put(&self, py: Python<'_>, path: &str, local: PathBuf) -> PyResult<()> {
        act(py, || self.0.put_artifact(path, &self.0.blobs().put_file(&local)?))
    }

    /// Copies a file, or a folder with all that is in it, to `target`.
    fn download(&self, py: Python<'_>, path: &str, target: PathBuf) -> PyResult<()> {
        let mut files = Vec::new();
        act(py, || self.collect(path, &target, &mut files))?;
        py.detach(|| files.iter().try_for_each(|(blob, target)| self.copy(blob, target)))
    }
}

impl ArtifactStore {
    /// The files at and below `path`, and where they go.
    fn collect(&self, path: &str, target: &Path, files: &mut Vec<(Blob, PathBuf)>) -> Result<()> {
        match self.0.stat_artifact(path)? {
            None => {}
            Some(Artifact::File { blob, .. }) => files.push((blob, target.to_owned())),
            Some(Artifact::Folder) => {
                for item in self.0.list_artifacts(path)? {
                    self.collect(&format!("{path}/{}", item.path), &target.join(&item.path), files)?;
                }
            }
        }
        Ok(())
    }

    fn copy(&self, blob: &Blob, target: &Path) -> PyResult<()> {
        let write = |mut from: Box<dyn trackline::store::ReadSeek>| -> io::Result<()> {
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder)?;
            }
            io::copy(&mut from, &mut File::create(target)?).map(drop)
        };
        let from = self.0.blobs().open(&blob.digest).map_err(crate::error::query)?;
        write(from).map_err(|error| PyOSError::new_err(format!("Cannot write {}: {error}", target.display())))
    }
}
