use pyo3::prelude::*;
use trackline::Backend;
use trackline::Tag;
use trackline::store::{ErrorKind, ExperimentQuery};

use super::{PyPage, act, answer, named, page};
use crate::convert::{Pairs, tags};

/// Experiments.
#[pyclass(frozen, module = "trackline._native")]
pub struct ExperimentStore(pub Backend);

#[pymethods]
impl ExperimentStore {
    #[pyo3(signature = (name, artifact_location=None, tags=Vec::new()))]
    fn create(
        &self,
        py: Python<'_>,
        name: &str,
        artifact_location: Option<&str>,
        tags: Pairs,
    ) -> PyResult<String> {
        let tags = self::tags(tags);
        act(py, || self.0.create_experiment(name, artifact_location, &tags)).map(|made| made.experiment_id)
    }

    fn get<'py>(&self, py: Python<'py>, experiment_id: &str) -> PyResult<Bound<'py, PyAny>> {
        answer(py, || self.0.get_experiment(experiment_id))
    }

    fn get_by_name<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        answer(py, || match self.0.get_experiment_by_name(name) {
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            found => found.map(Some),
        })
    }

    #[pyo3(signature = (filter, order_by, view, max_results, page_token=None))]
    fn search<'py>(
        &self,
        py: Python<'py>,
        filter: String,
        order_by: Vec<String>,
        view: &str,
        max_results: usize,
        page_token: Option<String>,
    ) -> PyResult<PyPage<'py>> {
        let view = named(view, "view type")?;
        let query = ExperimentQuery { filter, view, order_by, max_results, page_token };
        page(py, || self.0.search_experiments(&query))
    }

    fn rename(&self, py: Python<'_>, experiment_id: &str, new_name: &str) -> PyResult<()> {
        act(py, || self.0.rename_experiment(experiment_id, new_name))
    }

    fn delete(&self, py: Python<'_>, experiment_id: &str) -> PyResult<()> {
        act(py, || self.0.delete_experiment(experiment_id))
    }

    fn restore(&self, py: Python<'_>, experiment_id: &str) -> PyResult<()> {
        act(py, || self.0.restore_experiment(experiment_id))
    }

    fn set_tag(&self, py: Python<'_>, experiment_id: &str, key: String, value: String) -> PyResult<()> {
        act(py, || self.0.set_experiment_tag(experiment_id, &Tag { key, value }))
    }

    fn delete_tag(&self, py: Python<'_>, experiment_id: &str, key: &str) -> PyResult<()> {
        act(py, || self.0.delete_experiment_tag(experiment_id, key))
    }
}
