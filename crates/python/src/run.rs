use std::path::PathBuf;
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use trackline::{
    Code, Dataset, DatasetInput, Detail, Ending, Exit, Invalid, Metric, ModelOutput, NewModel, RunStatus,
    Source,
};

use crate::convert::{self, Pairs, map_from_python};
use crate::error;
use crate::model::ModelHandle;
use crate::picture::Picture;
use crate::tracker::experiment;

/// A run to log to. Every method appends to the journal of this process and returns; trouble with the store
/// is never raised here.
///
/// Small appends keep the GIL: they take microseconds, and giving it up would let a busy thread hold the caller
/// back for a whole switch interval.
#[pyclass(frozen, module = "trackline._native")]
pub struct RunHandle(pub trackline::RunHandle);

#[pymethods]
impl RunHandle {
    /// 32 hexadecimal digits.
    #[getter]
    fn id(&self) -> &str {
        self.0.id()
    }

    /// Whether another rank of the program keeps the run.
    #[getter]
    fn is_attended(&self) -> bool {
        self.0.is_attended()
    }

    /// The same run, with everything logged through this handle said to come from a hook.
    #[pyo3(signature = (name, confidence=None))]
    fn with_source(&self, name: String, confidence: Option<f64>) -> Self {
        let source = match confidence {
            Some(confidence) => Source::inferred(name, confidence),
            None => Source::hook(name),
        };
        Self(self.0.with_source(source))
    }

    /// A value is a number, or an array or a tensor of one element.
    #[pyo3(signature = (key, value, step=None, timestamp=None))]
    fn log_metric(
        &self,
        key: &str,
        value: &Bound<'_, PyAny>,
        step: Option<i64>,
        timestamp: Option<i64>,
    ) -> PyResult<()> {
        let value = convert::number(key, value)?;
        self.0.log_metric(key, value, step.unwrap_or(0), timestamp).map_err(error::invalid)
    }

    /// Several values of one step, as a mapping or in pairs: all of them or, when one is no number, none.
    #[pyo3(signature = (metrics, step=None, timestamp=None))]
    fn log_metrics(
        &self,
        metrics: &Bound<'_, PyAny>,
        step: Option<i64>,
        timestamp: Option<i64>,
    ) -> PyResult<()> {
        let metrics = convert::metrics(metrics)?;
        self.0.log_metrics(&metrics, step.unwrap_or(0), timestamp).map_err(error::invalid)
    }

    /// Values that were measured of a logged model or on a dataset.
    #[pyo3(signature = (metrics, step, timestamp, model_id=None, dataset_name=None, dataset_digest=None))]
    fn log_linked_metrics(
        &self,
        metrics: &Bound<'_, PyAny>,
        step: i64,
        timestamp: i64,
        model_id: Option<String>,
        dataset_name: Option<String>,
        dataset_digest: Option<String>,
    ) -> PyResult<()> {
        let linked = convert::metrics(metrics)?.into_iter().map(|(key, value)| Metric {
            key: key.to_string(),
            value,
            timestamp,
            step,
            model_id: model_id.clone(),
            dataset_name: dataset_name.clone(),
            dataset_digest: dataset_digest.clone(),
        });
        self.0.log_linked_metrics(linked.collect()).map_err(error::invalid)
    }

    fn log_params(&self, params: Pairs) -> PyResult<()> {
        self.0.log_params(convert::params(params)).map_err(error::invalid)
    }

    fn set_tags(&self, tags: Pairs) -> PyResult<()> {
        self.0.set_tags(convert::tags(tags)).map_err(error::invalid)
    }

    fn delete_tag(&self, key: &str) -> PyResult<()> {
        self.0.delete_tag(key).map_err(error::invalid)
    }

    /// A dataset that the run read; `source`, `schema` and `profile` are JSON texts.
    #[pyo3(signature = (*, name, digest, source_type, source, schema=None, profile=None, tags=Vec::new()))]
    #[allow(clippy::too_many_arguments)]
    fn log_input(
        &self,
        name: String,
        digest: String,
        source_type: String,
        source: String,
        schema: Option<String>,
        profile: Option<String>,
        tags: Pairs,
    ) -> PyResult<()> {
        let dataset = Dataset { name, digest, source_type, source, schema, profile };
        let input = DatasetInput { dataset, tags: convert::tags(tags) };
        self.0.log_input(input).map_err(error::invalid)
    }

    /// A file, or a folder with all that is in it, into the artifact folder `to`.
    #[pyo3(signature = (local, to=None))]
    fn log_artifact(&self, py: Python<'_>, local: PathBuf, to: Option<&str>) -> PyResult<()> {
        py.detach(|| self.0.log_artifact(&local, to)).map_err(error::invalid)
    }

    /// What is in a folder, into the artifact folder `to`.
    #[pyo3(signature = (folder, to=None))]
    fn log_artifacts(&self, py: Python<'_>, folder: PathBuf, to: Option<&str>) -> PyResult<()> {
        py.detach(|| self.0.log_artifacts(&folder, to)).map_err(error::invalid)
    }

    fn log_bytes(&self, py: Python<'_>, data: &[u8], path: &str) -> PyResult<()> {
        py.detach(|| self.0.log_bytes(data, path)).map_err(error::invalid)
    }

    /// Facts beside the run; a second document of a kind takes the place of the first.
    fn log_document(&self, py: Python<'_>, kind: &str, data: &[u8]) -> PyResult<()> {
        py.detach(|| self.0.log_document(kind, data)).map_err(error::invalid)
    }

    /// A file as the artifact `path`, copied in the background; left out if it is written to before.
    fn log_file_later(&self, local: PathBuf, path: &str) -> PyResult<()> {
        self.0.log_file_later(&local, path).map_err(error::invalid)
    }

    /// A picture as the artifact `path`, once it is drawn.
    fn log_picture(&self, picture: &Picture, path: &str) -> PyResult<()> {
        self.0.log_picture(&picture.0, path).map_err(error::invalid)
    }

    /// Takes a file or folder away from the artifacts; it is no error if nothing is there.
    fn delete_artifact(&self, path: &str) -> PyResult<()> {
        self.0.delete_artifact(path).map_err(error::invalid)
    }

    /// The latest value and step of each metric that this process logged.
    fn latest_metrics(&self) -> Vec<(String, f64, i64)> {
        let latest = self.0.latest_metrics().into_iter();
        latest.map(|(key, point)| (key, point.value, point.step)).collect()
    }

    /// The last three values, or fewer, of each metric that this process logged, in that order.
    fn recent_metrics(&self) -> Vec<(String, Vec<f64>)> {
        self.0.recent_metrics()
    }

    /// Adds facts to the document `environment`.
    fn add_environment(&self, facts: &Bound<'_, PyDict>) -> PyResult<()> {
        self.0.add_environment(map_from_python(facts)?);
        Ok(())
    }

    /// Logs what the machine does until the run ends.
    #[pyo3(signature = (wanted=None, first_step=0))]
    fn log_system_metrics(&self, wanted: Option<bool>, first_step: i64) {
        self.0.log_system_metrics(wanted, first_step);
    }

    /// Keeps code below `code/`: files by their paths there, and texts.
    fn log_code(&self, files: Vec<(String, PathBuf)>, texts: Pairs) {
        let files = files.into_iter().map(|(path, file)| (path, Code::File(file)));
        let texts = texts.into_iter().map(|(path, text)| (path, Code::Text(text)));
        self.0.log_code(files.chain(texts).collect());
    }

    /// Keeps what the program writes to its console until the run ends.
    fn log_console(&self) {
        self.0.log_console();
    }

    /// Puts the run into another experiment.
    #[pyo3(signature = (*, experiment_id=None, experiment_name=None))]
    fn move_to(&self, experiment_id: Option<String>, experiment_name: Option<String>) -> PyResult<()> {
        match experiment(experiment_id, experiment_name) {
            Some(experiment) => self.0.move_to(experiment).map_err(error::invalid),
            None => Ok(()),
        }
    }

    /// Begins a logged model; its files follow through the handle.
    #[pyo3(signature = (name=None, model_type=None, params=Vec::new(), tags=Vec::new()))]
    fn create_model(
        &self,
        name: Option<String>,
        model_type: Option<String>,
        params: Pairs,
        tags: Pairs,
    ) -> PyResult<ModelHandle> {
        let params = convert::params(params);
        let model = NewModel { name, model_type, params, tags: convert::tags(tags) };
        self.0.create_model(model).map(ModelHandle).map_err(error::invalid)
    }

    /// Records that the run made a logged model.
    #[pyo3(signature = (model_id, step=0))]
    fn log_output(&self, model_id: String, step: i64) {
        self.0.log_output(ModelOutput { model_id, step });
    }

    /// Seconds of processor time that calls for this run, and hooks, have taken of the threads of the program.
    #[getter]
    fn spent(&self) -> f64 {
        self.0.spent().as_secs_f64()
    }

    /// Seconds of processor time that tracking may have taken of this run until now; infinite without a limit.
    #[getter]
    fn budget(&self) -> f64 {
        match self.0.budget() {
            Duration::MAX => f64::INFINITY,
            budget => budget.as_secs_f64(),
        }
    }

    /// Whether a hook may record something of this kind now, which takes so many seconds: `statistics`, `steps` or `figures`.
    #[pyo3(signature = (detail, cost=0.0))]
    fn allows(&self, detail: &str, cost: f64) -> PyResult<bool> {
        Ok(self.0.allows(self::detail(detail)?, seconds(cost)))
    }

    /// Adds seconds that were taken outside these calls and of hooks.
    fn add_spent(&self, seconds: f64) {
        self.0.add_spent(self::seconds(seconds));
    }

    /// Ends the run; `exit` is why, in a word and in a sentence.
    #[pyo3(signature = (status="FINISHED", end_time=None, exit=None, traceback=None))]
    fn end(
        &self,
        py: Python<'_>,
        status: &str,
        end_time: Option<i64>,
        exit: Option<(String, String)>,
        traceback: Option<String>,
    ) -> PyResult<()> {
        let ending = ending(status, exit, traceback)?;
        py.detach(|| self.0.end(ending, end_time));
        Ok(())
    }
}

/// A kind of detail by its name.
pub fn detail(name: &str) -> PyResult<Detail> {
    Detail::of(name).ok_or_else(|| {
        let message = format!("`{name}` is no detail: use statistics, steps or figures");
        error::invalid(Invalid::new(message))
    })
}

/// A time; none for what is no time.
pub fn seconds(given: f64) -> Duration {
    Duration::try_from_secs_f64(given).unwrap_or(Duration::ZERO)
}

/// How a run ended, as Python tells it.
pub fn ending(status: &str, exit: Option<(String, String)>, traceback: Option<String>) -> PyResult<Ending> {
    let exit = exit.map(|(word, reason)| {
        let kind = serde_json::from_value(serde_json::Value::from(word.as_str()));
        let kind = kind.map_err(|_| error::invalid(Invalid::new(format!("`{word}` is no way to end"))))?;
        Ok::<_, PyErr>(Exit { kind, reason })
    });
    Ok(Ending { status: parse_status(status)?, exit: exit.transpose()?, traceback })
}

/// A status by its name.
pub fn parse_status(name: &str) -> PyResult<RunStatus> {
    serde_json::from_value(serde_json::Value::from(name)).map_err(|_| {
        error::invalid(Invalid::new(format!(
            "`{name}` is no status of a run: use RUNNING, SCHEDULED, FINISHED, FAILED or KILLED"
        )))
    })
}
