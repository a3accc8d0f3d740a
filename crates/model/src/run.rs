use serde::{Deserialize, Serialize};

use crate::{DatasetInput, Metric, ModelOutput};

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RunStatus {
    /// Under way.
    Running,
    /// Planned, not begun.
    Scheduled,
    /// Ended as it should.
    Finished,
    /// Ended by an error.
    Failed,
    /// Ended by a signal or by a person.
    Killed,
}

impl RunStatus {
    /// Each of them.
    pub const ALL: [Self; 5] = [Self::Running, Self::Scheduled, Self::Finished, Self::Failed, Self::Killed];
}

/// Whether an experiment or a run was deleted (softly).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LifecycleStage {
    /// In use.
    #[default]
    Active,
    /// Hidden until restored or swept away for good.
    Deleted,
}

/// Which lifecycle stages a search returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ViewType {
    /// Only what is in use.
    #[default]
    ActiveOnly,
    /// Only what was deleted.
    DeletedOnly,
    /// Both.
    All,
}

/// A key with a text value; of tags, the last value written stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Unique within its run, experiment or model.
    pub key: String,
    /// Any text.
    pub value: String,
}

/// A hyperparameter: a key with a text value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// Unique within its run.
    pub key: String,
    /// The value that shows: the last one written.
    pub value: String,
}

/// What identifies a run, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInfo {
    /// 32 hexadecimal digits.
    pub run_id: String,
    /// Also kept as the tag `mlflow.runName`, in step.
    pub run_name: String,
    /// The experiment it belongs to.
    pub experiment_id: String,
    /// Who started it.
    pub user_id: String,
    /// How it stands.
    pub status: RunStatus,
    /// When it began.
    pub start_time: i64,
    /// When it ended, if it has.
    pub end_time: Option<i64>,
    /// Where its artifacts are, e.g. `mlflow-artifacts:/1/<run_id>/artifacts`.
    pub artifact_uri: String,
    /// Whether it was deleted (softly).
    pub lifecycle_stage: LifecycleStage,
}

/// What was logged to a run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunData {
    /// The latest value of each key, sorted by key.
    pub metrics: Vec<Metric>,
    /// Sorted by key.
    pub params: Vec<Param>,
    /// Sorted by key.
    pub tags: Vec<Tag>,
}

/// A run, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Identity and state.
    pub info: RunInfo,
    /// Metrics, params and tags.
    pub data: RunData,
    /// Datasets it read.
    pub dataset_inputs: Vec<DatasetInput>,
    /// Logged models it read, by id.
    pub model_inputs: Vec<String>,
    /// Logged models it made.
    pub model_outputs: Vec<ModelOutput>,
}
