use pyo3::prelude::*;
use pyo3::types::PyDict;
use trackline::{ExperimentRef, NewRun, Summary};

use crate::convert::{Pairs, map_from_python, tags};
use crate::error;
use crate::run::{RunHandle, ending, seconds};
use crate::store::Store;
use crate::wait::interruptibly;

/// The door to one store, from this process.
#[pyclass(frozen, module = "trackline._native")]
pub struct Tracker(trackline::Tracker);

#[pymethods]
impl Tracker {
    #[new]
    #[pyo3(signature = (uri=None))]
    fn new(py: Python<'_>, uri: Option<&str>) -> PyResult<Self> {
        py.detach(|| trackline::Tracker::open(uri)).map(Self).map_err(error::runtime)
    }

    /// The store's folder, or the spool of the server; it may not exist yet.
    #[getter]
    fn folder(&self) -> String {
        self.0.folder().to_string_lossy().into_owned()
    }

    /// What another process, a worker of this one, opens the same store by.
    #[getter]
    fn uri(&self) -> String {
        self.0.uri()
    }

    #[pyo3(signature = (*, experiment_id=None, experiment_name=None, run_name=None, parent_run_id=None,
                        user_id=None, start_time=None, source_name=None, tags=Vec::new(), environment=None, log_system_metrics=None))]
    #[allow(clippy::too_many_arguments)]
    fn start_run(
        &self,
        py: Python<'_>,
        experiment_id: Option<String>,
        experiment_name: Option<String>,
        run_name: Option<String>,
        parent_run_id: Option<String>,
        user_id: Option<String>,
        start_time: Option<i64>,
        source_name: Option<String>,
        tags: Pairs,
        environment: Option<&Bound<'_, PyDict>>,
        log_system_metrics: Option<bool>,
    ) -> PyResult<RunHandle> {
        let default = NewRun::default();
        let run = NewRun {
            experiment: experiment(experiment_id, experiment_name).unwrap_or(default.experiment),
            run_name,
            parent_run_id,
            user_id,
            start_time,
            source_name,
            tags: crate::convert::tags(tags),
            log_system_metrics,
            environment: Some(environment.map(map_from_python).transpose()?.unwrap_or_default()),
        };
        py.detach(|| self.0.start_run(run)).map(RunHandle).map_err(error::invalid)
    }

    /// Goes on with a run that ended, which this process then owns.
    fn resume(&self, py: Python<'_>, run_id: &str) -> PyResult<RunHandle> {
        py.detach(|| self.0.resume(run_id)).map(RunHandle).map_err(error::invalid)
    }

    /// A handle for logging to a run as it stands.
    fn run(&self, run_id: &str) -> PyResult<RunHandle> {
        self.0.run(run_id).map(RunHandle).map_err(error::invalid)
    }

    /// A handle for logging to a run that another process keeps.
    fn join(&self, run_id: &str) -> PyResult<RunHandle> {
        self.0.join(run_id).map(RunHandle).map_err(error::invalid)
    }

    #[pyo3(signature = (tags, *, experiment_id=None, experiment_name=None))]
    fn set_experiment_tags(
        &self,
        py: Python<'_>,
        tags: Pairs,
        experiment_id: Option<String>,
        experiment_name: Option<String>,
    ) -> PyResult<()> {
        let experiment = experiment(experiment_id, experiment_name).unwrap_or(NewRun::default().experiment);
        py.detach(|| self.0.set_experiment_tags(experiment, self::tags(tags))).map_err(error::invalid)
    }

    /// The line for the end of a program, if the run holds anything.
    fn summary(&self, py: Python<'_>, run_id: &str) -> PyResult<Option<String>> {
        let read = || {
            let backend = self.0.backend()?;
            let summary = Summary::read(&backend, run_id)?;
            Ok((!summary.is_empty()).then(|| summary.line(&backend, run_id)))
        };
        py.detach(read).map_err(error::runtime)
    }

    /// Waits until everything logged so far is in the store, `within` seconds at most if they are given.
    #[pyo3(signature = (within=None))]
    fn flush(&self, py: Python<'_>, within: Option<f64>) -> PyResult<()> {
        let tracker = self.0.clone();
        interruptibly(py, move || match within {
            Some(within) => tracker.flush_within(seconds(within)),
            None => tracker.flush(),
        })?
        .map_err(error::runtime)
    }

    /// Waits until what is made in the background outlives this process, `within` seconds at most.
    fn settle(&self, py: Python<'_>, within: f64) {
        py.detach(|| self.0.settle(seconds(within)));
    }

    /// Flushes; then the store, for reading and for the registry.
    fn store(&self, py: Python<'_>) -> PyResult<Store> {
        let tracker = self.0.clone();
        let opened = interruptibly(py, move || tracker.backend())?.map_err(error::runtime)?;
        Ok(Store(opened, self.0.clone()))
    }

    /// The first trouble since the last call: `(error_code, message)`.
    fn take_problem(&self) -> Option<(&'static str, String)> {
        self.0.take_problem().map(|problem| (error::runtime_code(problem.kind), problem.message))
    }

    /// Ends the runs this process still has open and waits for the store, `within` seconds at most.
    #[pyo3(signature = (status, within, exit=None, traceback=None))]
    fn shutdown(
        &self,
        py: Python<'_>,
        status: &str,
        within: f64,
        exit: Option<(String, String)>,
        traceback: Option<String>,
    ) -> PyResult<()> {
        let ending = ending(status, exit, traceback)?;
        let tracker = self.0.clone();
        interruptibly(py, move || tracker.shutdown(ending, seconds(within)))?.map_err(error::runtime)
    }

    /// Waits for the store, `within` seconds at most. Runs that are still open end with the process: finished if its
    /// exit code is 0, else failed for the reason given, or else the code.
    #[pyo3(signature = (within, exit=None, traceback=None))]
    fn end_at_exit(
        &self,
        py: Python<'_>,
        within: f64,
        exit: Option<(String, String)>,
        traceback: Option<String>,
    ) -> PyResult<()> {
        let failure = exit.map(|exit| ending("FAILED", Some(exit), traceback)).transpose()?;
        let tracker = self.0.clone();
        interruptibly(py, move || tracker.end_at_exit(failure, seconds(within)))?.map_err(error::runtime)
    }
}

/// An experiment by id or by name, if one is given.
pub fn experiment(id: Option<String>, name: Option<String>) -> Option<ExperimentRef> {
    id.map(ExperimentRef::Id).or_else(|| name.map(ExperimentRef::Name))
}
