use pyo3::prelude::*;
use serde::Serialize;
use trackline::store::{NewRun, Result, RunQuery};
use trackline::{Backend, Tracker};
use trackline_model::Run;

use super::{PyPage, act, answer, named, page};
use crate::convert::{self, Pairs, tags};
use crate::error;
use crate::run::parse_status;
use crate::wait::interruptibly;

/// Runs and what was logged to them.
#[pyclass(frozen, module = "trackline._native")]
pub struct RunStore(pub Backend, pub Tracker);

impl RunStore {
    /// What is there of a run, or what this rank says of one that is not written.
    fn of<T: Send>(
        &self,
        py: Python<'_>,
        run_id: &str,
        unwritten: impl FnOnce(Run) -> T,
        read: impl FnOnce(&Backend) -> Result<T> + Send,
    ) -> PyResult<T> {
        if self.1.attends(run_id) {
            let (tracker, id) = (self.1.clone(), run_id.to_owned());
            if let Some(run) = interruptibly(py, move || tracker.unwritten(&id))?.map_err(error::runtime)? {
                return Ok(unwritten(run));
            }
        }
        act(py, || read(&self.0))
    }

    /// The same as plain values.
    fn told<'py, T: Serialize + Send>(
        &self,
        py: Python<'py>,
        run_id: &str,
        unwritten: impl FnOnce(Run) -> T,
        read: impl FnOnce(&Backend) -> Result<T> + Send,
    ) -> PyResult<Bound<'py, PyAny>> {
        convert::to_python(py, &self.of(py, run_id, unwritten, read)?)
    }
}

#[pymethods]
impl RunStore {
    #[pyo3(signature = (experiment_id, user_id, run_name, start_time, tags=Vec::new()))]
    fn create<'py>(
        &self,
        py: Python<'py>,
        experiment_id: String,
        user_id: String,
        run_name: Option<String>,
        start_time: i64,
        tags: Pairs,
    ) -> PyResult<Bound<'py, PyAny>> {
        let tags = self::tags(tags);
        let run = NewRun { run_id: None, experiment_id, user_id, run_name, start_time, tags };
        answer(py, || self.0.create_run(&run))
    }

    fn get<'py>(&self, py: Python<'py>, run_id: &str) -> PyResult<Bound<'py, PyAny>> {
        self.told(py, run_id, |run| run, |store| store.get_run(run_id))
    }

    #[pyo3(signature = (experiment_ids, filter, order_by, view, max_results, page_token=None))]
    #[allow(clippy::too_many_arguments)]
    fn search<'py>(
        &self,
        py: Python<'py>,
        experiment_ids: Vec<String>,
        filter: String,
        order_by: Vec<String>,
        view: &str,
        max_results: usize,
        page_token: Option<String>,
    ) -> PyResult<PyPage<'py>> {
        let view = named(view, "view type")?;
        let query = RunQuery { experiment_ids, filter, view, order_by, max_results, page_token };
        page(py, || self.0.search_runs(&query))
    }

    #[pyo3(signature = (run_id, status=None, end_time=None, run_name=None))]
    fn update<'py>(
        &self,
        py: Python<'py>,
        run_id: &str,
        status: Option<&str>,
        end_time: Option<i64>,
        run_name: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let status = status.map(parse_status).transpose()?;
        self.told(py, run_id, |run| run.info, |store| store.update_run(run_id, status, end_time, run_name))
    }

    fn delete(&self, py: Python<'_>, run_id: &str) -> PyResult<()> {
        self.of(py, run_id, drop, |store| store.delete_run(run_id))
    }

    fn restore(&self, py: Python<'_>, run_id: &str) -> PyResult<()> {
        act(py, || self.0.restore_run(run_id))
    }

    fn delete_tag(&self, py: Python<'_>, run_id: &str, key: &str) -> PyResult<()> {
        self.of(py, run_id, drop, |store| store.delete_tag(run_id, key))
    }

    /// Every value of a metric.
    fn history<'py>(&self, py: Python<'py>, run_id: &str, key: &str) -> PyResult<Bound<'py, PyAny>> {
        self.told(py, run_id, |_| Vec::new(), |store| store.history(run_id, key))
    }

    /// Where every item of a run came from.
    fn captured<'py>(&self, py: Python<'py>, run_id: &str) -> PyResult<Bound<'py, PyAny>> {
        self.told(py, run_id, |_| Vec::new(), |store| store.captured(run_id))
    }

    /// The facts beside the run: kind and digest.
    fn documents(&self, py: Python<'_>, run_id: &str) -> PyResult<Vec<(String, String)>> {
        self.of(py, run_id, |_| Vec::new(), |store| store.documents(run_id))
    }
}
