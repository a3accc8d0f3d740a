use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value};
use trackline_model::{DatasetInput, Invalid, Metric, ModelOutput, Param, RunStatus, Tag};

use crate::{ModelHandle, NewModel, Source};

/// A run to log to. Clones are cheap; all logging methods append to the journal and return.
///
/// They fail only for data of the caller that breaks a rule; trouble of our own is told by
/// [`Tracker::take_problem`](crate::Tracker::take_problem).
#[derive(Debug, Clone)]
pub struct RunHandle {
    run_id: String,
}

impl RunHandle {
    /// 32 hexadecimal digits.
    pub fn id(&self) -> &str {
        &self.run_id
    }

    /// The same run, with everything logged through this handle said to come from `source`.
    pub fn with_source(&self, _source: Source) -> Self {
        self.clone()
    }

    /// Logs one value; `timestamp` in milliseconds since the epoch, now if absent.
    pub fn log_metric(&self, _key: &str, _value: f64, _step: i64, _timestamp: Option<i64>) -> Result<(), Invalid> {
        Ok(())
    }

    /// Logs several values of one step: all or, if one of them breaks a rule, none.
    pub fn log_metrics(&self, _metrics: &[(&str, f64)], _step: i64, _timestamp: Option<i64>) -> Result<(), Invalid> {
        Ok(())
    }

    /// Logs values that belong to a logged model or a dataset.
    pub fn log_linked_metrics(&self, _metrics: Vec<Metric>) -> Result<(), Invalid> {
        Ok(())
    }

    /// Logs parameters. A second value of a key is no error: the last one shows.
    pub fn log_params(&self, _params: Vec<Param>) -> Result<(), Invalid> {
        Ok(())
    }

    /// Sets tags.
    pub fn set_tags(&self, _tags: Vec<Tag>) -> Result<(), Invalid> {
        Ok(())
    }

    /// Takes a tag away.
    pub fn delete_tag(&self, _key: &str) -> Result<(), Invalid> {
        Ok(())
    }

    /// Records a dataset that the run read.
    pub fn log_input(&self, _input: DatasetInput) -> Result<(), Invalid> {
        Ok(())
    }

    /// Keeps a file under its name, or a folder with all that is in it under its name, in the artifact folder
    /// `to` (the root if absent).
    pub fn log_artifact(&self, _local: &Path, _to: Option<&str>) -> Result<(), Invalid> {
        Ok(())
    }

    /// Keeps what is in a folder in the artifact folder `to` (the root if absent).
    pub fn log_artifacts(&self, _folder: &Path, _to: Option<&str>) -> Result<(), Invalid> {
        Ok(())
    }

    /// Keeps bytes as an artifact of this path.
    pub fn log_bytes(&self, _bytes: &[u8], _path: &str) -> Result<(), Invalid> {
        Ok(())
    }

    /// Keeps facts beside the run; a second document of a kind takes the place of the first.
    pub fn log_document(&self, _kind: &str, _bytes: &[u8]) -> Result<(), Invalid> {
        Ok(())
    }

    /// Adds facts to the document `environment`, written in the background.
    pub fn add_environment(&self, _facts: Map<String, Value>) {}

    /// Begins a logged model; its files follow through the handle.
    pub fn create_model(&self, _model: NewModel) -> Result<ModelHandle, Invalid> {
        Err(Invalid::new("not there yet"))
    }

    /// Records that the run made a logged model.
    pub fn log_output(&self, _output: ModelOutput) -> Result<(), Invalid> {
        Ok(())
    }

    /// How long calls for this run have kept the threads of the program.
    pub fn spent(&self) -> Duration {
        Duration::ZERO
    }

    /// Adds time that a hook took outside these calls.
    pub fn add_spent(&self, _time: Duration) {}

    /// Ends the run; `end_time` in milliseconds since the epoch, now if absent.
    pub fn end(&self, _status: RunStatus, _end_time: Option<i64>) {}
}
