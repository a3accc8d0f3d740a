use serde::{Deserialize, Serialize};
use trackline_model::{LifecycleStage, MetricBatch, RunStatus, ViewType};
use utoipa::{IntoParams, ToSchema};

use super::datasets::DatasetInput;
use super::list::{list, objects};
use super::metrics::{Gathered, Metric, MetricInput, number_or_text};
use super::number::{Double, Int64};
use super::{KeyValue, Text, choice, required_text, run_id};
use crate::error::ApiError;

#[derive(Serialize, ToSchema)]
pub(crate) struct RunInfo {
    run_id: String,
    /// The same; the R client reads it.
    run_uuid: String,
    run_name: String,
    experiment_id: String,
    user_id: String,
    #[schema(schema_with = choice::schema::<RunStatus>)]
    status: RunStatus,
    start_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    end_time: Option<i64>,
    artifact_uri: String,
    #[schema(value_type = String, examples("active", "deleted"))]
    lifecycle_stage: LifecycleStage,
}

impl From<trackline_model::RunInfo> for RunInfo {
    fn from(info: trackline_model::RunInfo) -> Self {
        Self {
            run_uuid: info.run_id.clone(),
            run_id: info.run_id,
            run_name: info.run_name,
            experiment_id: info.experiment_id,
            user_id: info.user_id,
            status: info.status,
            start_time: info.start_time,
            // Protobuf's 0 is "not set", and so it is in MLflow's answers.
            end_time: info.end_time.filter(|time| *time != 0),
            artifact_uri: info.artifact_uri,
            lifecycle_stage: info.lifecycle_stage,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RunData {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    metrics: Vec<Metric>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    params: Vec<KeyValue>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    tags: Vec<KeyValue>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RunInputs {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    dataset_inputs: Vec<DatasetInput>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    model_inputs: Vec<ModelInput>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct ModelInput {
    #[schema(value_type = String)]
    pub model_id: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RunOutputs {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    model_outputs: Vec<ModelOutput>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ModelOutput {
    model_id: String,
    step: i64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Run {
    info: RunInfo,
    data: RunData,
    inputs: RunInputs,
    outputs: RunOutputs,
}

impl From<trackline_model::Run> for Run {
    fn from(run: trackline_model::Run) -> Self {
        let data = run.data;
        let outputs = run.model_outputs.into_iter();
        Self {
            info: run.info.into(),
            data: RunData {
                metrics: data.metrics.into_iter().map(Metric::from).collect(),
                params: data.params.into_iter().map(KeyValue::from).collect(),
                tags: data.tags.into_iter().map(KeyValue::from).collect(),
            },
            inputs: RunInputs {
                dataset_inputs: run.dataset_inputs.into_iter().map(DatasetInput::from).collect(),
                model_inputs: run
                    .model_inputs
                    .into_iter()
                    .map(|model_id| ModelInput { model_id: Some(model_id) })
                    .collect(),
            },
            outputs: RunOutputs {
                model_outputs: outputs.map(|o| ModelOutput { model_id: o.model_id, step: o.step }).collect(),
            },
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RunCreated {
    pub run: NewRun,
}

/// A run as MLflow shows it when it is made: without outputs.
#[derive(Serialize, ToSchema)]
pub(crate) struct NewRun {
    info: RunInfo,
    data: RunData,
    inputs: RunInputs,
}

impl From<trackline_model::Run> for NewRun {
    fn from(run: trackline_model::Run) -> Self {
        let Run { info, data, inputs, .. } = run.into();
        Self { info, data, inputs }
    }
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateRun {
    #[schema(value_type = String)]
    pub experiment_id: Option<String>,
    pub user_id: Option<String>,
    pub run_name: Option<String>,
    #[schema(value_type = Option<i64>)]
    pub start_time: Option<Int64>,
    #[serde(default, deserialize_with = "objects")]
    pub tags: Vec<KeyValue>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct OneRun {
    pub run: Run,
}

#[derive(Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunId {
    pub run_id: Option<String>,
    pub run_uuid: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct UpdateRun {
    pub run_id: Option<String>,
    pub run_uuid: Option<String>,
    #[serde(default, deserialize_with = "choice::optional")]
    #[schema(schema_with = choice::schema::<RunStatus>)]
    pub status: Option<RunStatus>,
    #[schema(value_type = Option<i64>)]
    pub end_time: Option<Int64>,
    pub run_name: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RunUpdated {
    pub run_info: RunInfo,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SearchRuns {
    #[serde(default, deserialize_with = "list")]
    pub experiment_ids: Vec<String>,
    /// Such as `metrics.accuracy > 0.9 AND params.model = 'tree'`.
    pub filter: Option<String>,
    #[serde(default, deserialize_with = "choice::optional")]
    #[schema(schema_with = choice::schema::<ViewType>, required = false)]
    pub run_view_type: Option<ViewType>,
    /// 1 to 50000; 1000 if not given.
    #[schema(value_type = Option<i64>)]
    pub max_results: Option<Int64>,
    /// Such as `metrics.accuracy DESC`.
    #[serde(default, deserialize_with = "list")]
    #[schema(required = false)]
    pub order_by: Vec<String>,
    pub page_token: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Runs {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub runs: Vec<Run>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_page_token: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct LogBatch {
    #[schema(value_type = String)]
    pub run_id: Option<String>,
    #[serde(default, deserialize_with = "Gathered::deserialize")]
    #[schema(value_type = Vec<MetricInput<'_>>, required = false)]
    pub metrics: Gathered,
    #[serde(default, deserialize_with = "objects")]
    pub params: Vec<KeyValue>,
    #[serde(default, deserialize_with = "objects")]
    pub tags: Vec<KeyValue>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct LogMetric {
    pub run_id: Option<String>,
    pub run_uuid: Option<String>,
    #[schema(value_type = String)]
    pub key: Option<String>,
    #[schema(schema_with = number_or_text)]
    pub value: Option<Double>,
    #[schema(value_type = i64)]
    pub timestamp: Option<Int64>,
    #[schema(value_type = Option<i64>)]
    pub step: Option<Int64>,
    pub model_id: Option<String>,
    pub dataset_name: Option<String>,
    pub dataset_digest: Option<String>,
}

impl LogMetric {
    /// The run and the metric, or the error that names what is missing.
    pub(crate) fn checked(self) -> Result<(String, MetricBatch), ApiError> {
        let metric = MetricInput {
            key: self.key.map(Text::from),
            value: self.value,
            timestamp: self.timestamp,
            step: self.step,
            model_id: self.model_id,
            dataset_name: self.dataset_name,
            dataset_digest: self.dataset_digest,
        };
        let run_id = run_id(self.run_id, self.run_uuid)?;
        let mut batch = MetricBatch::default();
        metric.add_to(&mut batch, "")?;
        Ok((run_id, batch))
    }
}

/// Sets a param or a tag of a run.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SetOnRun {
    pub run_id: Option<String>,
    pub run_uuid: Option<String>,
    #[schema(value_type = String)]
    pub key: Option<String>,
    pub value: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct DeleteTag {
    #[schema(value_type = String)]
    pub run_id: Option<String>,
    #[schema(value_type = String)]
    pub key: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct LogInputs {
    #[schema(value_type = String)]
    pub run_id: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    pub datasets: Vec<DatasetInput>,
    #[serde(default, deserialize_with = "objects")]
    pub models: Vec<ModelInput>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct LogOutputs {
    #[schema(value_type = String)]
    pub run_id: Option<String>,
    #[schema(value_type = Vec<ModelOutputInput>)]
    pub models: Option<Vec<ModelOutputInput>>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct ModelOutputInput {
    #[schema(value_type = String)]
    pub model_id: Option<String>,
    #[schema(value_type = Option<i64>)]
    pub step: Option<Int64>,
}

impl ModelOutputInput {
    /// The output, or the error that names what is missing; `index` is its place in the request.
    pub(crate) fn checked(self, index: usize) -> Result<trackline_model::ModelOutput, ApiError> {
        Ok(trackline_model::ModelOutput {
            model_id: required_text(format_args!("models[{index}].model_id"), self.model_id)?,
            step: self.step.map_or(0, |step| step.0),
        })
    }
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct LogModel {
    #[schema(value_type = String)]
    pub run_id: Option<String>,
    /// The MLmodel file as JSON text.
    #[schema(value_type = String)]
    pub model_json: Option<String>,
}
