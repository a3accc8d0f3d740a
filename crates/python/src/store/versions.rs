use pyo3::prelude::*;
use trackline::Backend;
use trackline::Tag;
use trackline::store::{NewModelVersion, RegistryQuery};

use super::{PyPage, act, answer, named, page};
use crate::convert::{Pairs, tags};

/// Versions of registered models.
#[pyclass(frozen, module = "trackline._native")]
pub struct VersionStore(pub Backend);

#[pymethods]
impl VersionStore {
    #[pyo3(signature = (name, source, run_id=None, run_link=None, model_id=None, description=None, tags=Vec::new()))]
    #[allow(clippy::too_many_arguments)]
    fn create<'py>(
        &self,
        py: Python<'py>,
        name: String,
        source: String,
        run_id: Option<String>,
        run_link: Option<String>,
        model_id: Option<String>,
        description: Option<String>,
        tags: Pairs,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tags = self::tags(tags);
        let version = NewModelVersion { name, source, run_id, run_link, description, model_id, tags };
        answer(py, || self.0.create_model_version(&version))
    }

    fn get<'py>(&self, py: Python<'py>, name: &str, version: u64) -> PyResult<Bound<'py, PyAny>> {
        answer(py, || self.0.get_model_version(name, version))
    }

    fn describe<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        version: u64,
        description: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        answer(py, || self.0.update_model_version(name, version, Some(description)))
    }

    fn delete(&self, py: Python<'_>, name: &str, version: u64) -> PyResult<()> {
        act(py, || self.0.delete_model_version(name, version))
    }

    fn set_stage<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        version: u64,
        stage: &str,
        archive_existing: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let stage = named(stage, "stage: use None, Staging, Production or Archived")?;
        answer(py, || self.0.transition_stage(name, version, stage, archive_existing))
    }

    #[pyo3(signature = (filter, order_by, max_results, page_token=None))]
    fn search<'py>(
        &self,
        py: Python<'py>,
        filter: String,
        order_by: Vec<String>,
        max_results: usize,
        page_token: Option<String>,
    ) -> PyResult<PyPage<'py>> {
        let query = RegistryQuery { filter, order_by, max_results, page_token };
        page(py, || self.0.search_model_versions(&query))
    }

    /// Where the files of a version are.
    fn download_uri(&self, py: Python<'_>, name: &str, version: u64) -> PyResult<String> {
        act(py, || self.0.download_uri(name, version))
    }

    fn set_tag(&self, py: Python<'_>, name: &str, version: u64, key: String, value: String) -> PyResult<()> {
        act(py, || self.0.set_model_version_tag(name, version, &Tag { key, value }))
    }

    fn delete_tag(&self, py: Python<'_>, name: &str, version: u64, key: &str) -> PyResult<()> {
        act(py, || self.0.delete_model_version_tag(name, version, key))
    }
}
