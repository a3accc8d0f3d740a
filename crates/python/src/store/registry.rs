use pyo3::prelude::*;
use trackline::Backend;
use trackline::Tag;
use trackline::store::RegistryQuery;

use super::{PyPage, act, answer, page};
use crate::convert::{Pairs, tags};

/// Registered models.
#[pyclass(frozen, module = "trackline._native")]
pub struct Registry(pub Backend);

#[pymethods]
impl Registry {
    #[pyo3(signature = (name, description=None, tags=Vec::new()))]
    fn create<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        description: Option<&str>,
        tags: Pairs,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tags = self::tags(tags);
        answer(py, || self.0.create_registered_model(name, description, &tags))
    }

    fn get<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        answer(py, || self.0.get_registered_model(name))
    }

    fn describe<'py>(&self, py: Python<'py>, name: &str, description: &str) -> PyResult<Bound<'py, PyAny>> {
        answer(py, || self.0.update_registered_model(name, Some(description)))
    }

    fn rename<'py>(&self, py: Python<'py>, name: &str, new_name: &str) -> PyResult<Bound<'py, PyAny>> {
        answer(py, || self.0.rename_registered_model(name, new_name))
    }

    fn delete(&self, py: Python<'_>, name: &str) -> PyResult<()> {
        act(py, || self.0.delete_registered_model(name))
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
        page(py, || self.0.search_registered_models(&query))
    }

    fn set_tag(&self, py: Python<'_>, name: &str, key: String, value: String) -> PyResult<()> {
        act(py, || self.0.set_registered_model_tag(name, &Tag { key, value }))
    }

    fn delete_tag(&self, py: Python<'_>, name: &str, key: &str) -> PyResult<()> {
        act(py, || self.0.delete_registered_model_tag(name, key))
    }

    fn set_alias(&self, py: Python<'_>, name: &str, alias: &str, version: u64) -> PyResult<()> {
        act(py, || self.0.set_alias(name, alias, version))
    }

    fn delete_alias(&self, py: Python<'_>, name: &str, alias: &str) -> PyResult<()> {
        act(py, || self.0.delete_alias(name, alias))
    }

    /// The version that an alias points to; for `latest` the one with the highest number.
    fn version_by_alias<'py>(&self, py: Python<'py>, name: &str, alias: &str) -> PyResult<Bound<'py, PyAny>> {
        answer(py, || self.0.get_version_by_alias(name, alias))
    }

    /// The newest version of each of these stages, or of every stage if none is named.
    fn latest_versions<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        stages: Vec<String>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let stages: PyResult<Vec<_>> = stages.iter().map(|stage| super::named(stage, "stage")).collect();
        let stages = stages?;
        answer(py, || self.0.latest_versions(name, &stages))
    }
}
