use serde::{Deserialize, Serialize};

use crate::{LifecycleStage, Metric, Param, Tag};

/// How far a logged model has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoggedModelStatus {
    /// Not said.
    #[serde(rename = "LOGGED_MODEL_STATUS_UNSPECIFIED")]
    Unspecified,
    /// Its files are being written.
    #[serde(rename = "LOGGED_MODEL_PENDING")]
    Pending,
    /// Whole.
    #[serde(rename = "LOGGED_MODEL_READY")]
    Ready,
    /// Its files could not be written.
    #[serde(rename = "LOGGED_MODEL_UPLOAD_FAILED")]
    UploadFailed,
}

/// A model with files, parameters and metrics of its own, made by a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoggedModel {
    /// `m-` and 32 hexadecimal digits.
    pub model_id: String,
    /// The experiment it belongs to.
    pub experiment_id: String,
    /// Not unique; `model` unless said otherwise.
    pub name: String,
    /// When it was made.
    pub creation_timestamp: i64,
    /// When it last changed.
    pub last_updated_timestamp: i64,
    /// Where its files are, e.g. `mlflow-artifacts:/1/models/<model_id>/artifacts`.
    pub artifact_uri: String,
    /// How far it has come.
    pub status: LoggedModelStatus,
    /// `agent`, `classifier`, …; free text.
    pub model_type: Option<String>,
    /// The run that made it.
    pub source_run_id: Option<String>,
    /// Whether it was deleted (softly).
    pub lifecycle_stage: LifecycleStage,
    /// Sorted by key.
    pub tags: Vec<Tag>,
    /// Sorted by key.
    pub params: Vec<Param>,
    /// The latest value of each key, sorted by key.
    pub metrics: Vec<ModelMetric>,
}

/// A metric of a logged model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelMetric {
    /// The run that measured it.
    pub run_id: String,
    /// What it measured.
    pub metric: Metric,
}

/// A logged model that a run made, and when on its training axis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelOutput {
    /// The logged model.
    pub model_id: String,
    /// The step at which it was made.
    pub step: i64,
}
