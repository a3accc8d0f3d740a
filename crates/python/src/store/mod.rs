//! Reading a store, and everything that is written to it directly. One class per subject; entities are dicts.

mod artifacts;
mod experiments;
mod models;
mod registry;
mod runs;
mod versions;

use pyo3::prelude::*;
use serde::Serialize;
use serde_json::Value;
use trackline::store::{Page, Result};
use trackline::{Backend, Invalid, Tracker};

pub use artifacts::ArtifactStore;
pub use experiments::ExperimentStore;
pub use models::ModelStore;
pub use registry::Registry;
pub use runs::RunStore;
pub use versions::VersionStore;

use crate::{convert, error};

/// A store, holding everything that was logged before it was asked for.
#[pyclass(frozen, module = "trackline._native")]
pub struct Store(pub Backend, pub Tracker);

#[pymethods]
impl Store {
    /// Experiments.
    #[getter]
    fn experiments(&self) -> ExperimentStore {
        ExperimentStore(self.0.clone())
    }

    /// Runs and what was logged to them.
    #[getter]
    fn runs(&self) -> RunStore {
        RunStore(self.0.clone(), self.1.clone())
    }

    /// Logged models.
    #[getter]
    fn models(&self) -> ModelStore {
        ModelStore(self.0.clone())
    }

    /// Registered models.
    #[getter]
    fn registry(&self) -> Registry {
        Registry(self.0.clone())
    }

    /// Versions of registered models.
    #[getter]
    fn versions(&self) -> VersionStore {
        VersionStore(self.0.clone())
    }

    /// The artifact tree.
    #[getter]
    fn artifacts(&self) -> ArtifactStore {
        ArtifactStore(self.0.clone())
    }
}

/// A page as Python takes it: the items, and the token of what follows.
type PyPage<'py> = (Bound<'py, PyAny>, Option<String>);

/// Does the work without the GIL and gives its answer as plain values.
fn answer<'py, T, W>(py: Python<'py>, work: W) -> PyResult<Bound<'py, PyAny>>
where
    T: Serialize + Send,
    W: FnOnce() -> Result<T> + Send,
{
    let value = py.detach(work).map_err(error::query)?;
    convert::to_python(py, &value)
}

/// The same for a page.
fn page<'py, T, W>(py: Python<'py>, work: W) -> PyResult<PyPage<'py>>
where
    T: Serialize + Send,
    W: FnOnce() -> Result<Page<T>> + Send,
{
    let page = py.detach(work).map_err(error::query)?;
    Ok((convert::to_python(py, &page.items)?, page.next_page_token))
}

/// Does the work without the GIL.
fn act<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T> + Send) -> PyResult<T> {
    py.detach(work).map_err(error::query)
}

/// A value of an enum by its name; `what` says in an error what was expected.
fn named<T: serde::de::DeserializeOwned>(name: &str, what: &str) -> PyResult<T> {
    serde_json::from_value(Value::from(name))
        .map_err(|_| error::invalid(Invalid::new(format!("`{name}` is no {what}"))))
}
