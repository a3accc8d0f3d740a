use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use trackline::Backend;
use trackline::store::Result;

use super::{act, answer};

/// The artifact tree; a path is what follows `mlflow-artifacts:/`.
#[pyclass(frozen, module = "trackline._native")]
pub struct ArtifactStore(pub Backend);

#[pymethods]
impl ArtifactStore {
    /// What is in a folder, by name.
    fn list<'py>(&self, py: Python<'py>, path: &str) -> PyResult<Bound<'py, PyAny>> {
        answer(py, || self.0.list_artifacts(path))
    }

    /// `file` or `folder`, if anything is there.
    fn kind(&self, py: Python<'_>, path: &str) -> PyResult<Option<&'static str>> {
        let is_folder = act(py, || self.0.is_artifact_folder(path))?;
        Ok(is_folder.map(|is_folder| if is_folder { "folder" } else { "file" }))
    }

    /// The bytes of a file, if it is there.
    fn read(&self, py: Python<'_>, path: &str) -> PyResult<Option<Vec<u8>>> {
        if act(py, || self.0.is_artifact_folder(path))? != Some(false) {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        let mut file = act(py, || self.0.open_artifact(path))?;
        py.detach(|| file.read_to_end(&mut bytes))?;
        Ok(Some(bytes))
    }

    /// Keeps a copy of a file at this path.
    fn put(&self, py: Python<'_>, path: &str, local: PathBuf) -> PyResult<()> {
        act(py, || self.0.put_artifact_file(path, &local))
    }

    /// Copies a file, or a folder with all that is in it, to `target`.
    fn download(&self, py: Python<'_>, path: &str, target: PathBuf) -> PyResult<()> {
        let mut files = Vec::new();
        act(py, || self.collect(path, &target, &mut files))?;
        py.detach(|| files.iter().try_for_each(|(path, target)| self.copy(path, target)))
    }
}

impl ArtifactStore {
    /// The files at and below `path`, and where they go.
    fn collect(&self, path: &str, target: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<()> {
        match self.0.is_artifact_folder(path)? {
            None => Ok(()),
            Some(false) => {
                files.push((path.to_owned(), target.to_owned()));
                Ok(())
            }
            Some(true) => self.collect_below(path, target, files),
        }
    }

    fn collect_below(&self, path: &str, target: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<()> {
        for item in self.0.list_artifacts(path)? {
            let (path, target) = (format!("{path}/{}", item.path), target.join(&item.path));
            if item.is_dir {
                self.collect_below(&path, &target, files)?;
            } else {
                files.push((path, target));
            }
        }
        Ok(())
    }

    fn copy(&self, path: &str, target: &Path) -> PyResult<()> {
        let mut from = self.0.open_artifact(path).map_err(crate::error::query)?;
        let mut write = || -> io::Result<()> {
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder)?;
            }
            io::copy(&mut from, &mut File::create(target)?).map(drop)
        };
        write().map_err(|error| PyOSError::new_err(format!("Cannot write {}: {error}", target.display())))
    }
}
