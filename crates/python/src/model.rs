use std::path::PathBuf;

use pyo3::prelude::*;
use trackline::{Invalid, LoggedModelStatus};

use crate::convert::{self, Pairs};
use crate::error;

/// A logged model to put files into.
#[pyclass(frozen, module = "trackline._native")]
pub struct ModelHandle(pub trackline::ModelHandle);

#[pymethods]
impl ModelHandle {
    /// `m-` and 32 hexadecimal digits.
    #[getter]
    fn id(&self) -> &str {
        self.0.id()
    }

    #[pyo3(signature = (local, to=None))]
    fn log_artifact(&self, py: Python<'_>, local: PathBuf, to: Option<&str>) -> PyResult<()> {
        py.detach(|| self.0.log_artifact(&local, to)).map_err(error::invalid)
    }

    #[pyo3(signature = (folder, to=None))]
    fn log_artifacts(&self, py: Python<'_>, folder: PathBuf, to: Option<&str>) -> PyResult<()> {
        py.detach(|| self.0.log_artifacts(&folder, to)).map_err(error::invalid)
    }

    fn log_bytes(&self, py: Python<'_>, data: &[u8], path: &str) -> PyResult<()> {
        py.detach(|| self.0.log_bytes(data, path)).map_err(error::invalid)
    }

    fn set_tags(&self, tags: Pairs) -> PyResult<()> {
        self.0.set_tags(convert::tags(tags)).map_err(error::invalid)
    }

    /// Says that the model is whole (`READY`) or has failed (`FAILED`).
    fn finalize(&self, py: Python<'_>, status: &str) -> PyResult<()> {
        let status = parse_status(status)?;
        py.detach(|| self.0.finalize(status));
        Ok(())
    }
}

/// A status by MLflow's short name.
pub fn parse_status(name: &str) -> PyResult<LoggedModelStatus> {
    match name {
        "PENDING" => Ok(LoggedModelStatus::Pending),
        "READY" => Ok(LoggedModelStatus::Ready),
        "FAILED" => Ok(LoggedModelStatus::UploadFailed),
        _ => Err(error::invalid(Invalid::new(format!(
            "`{name}` is no status of a logged model: use PENDING, READY or FAILED"
        )))),
    }
}
