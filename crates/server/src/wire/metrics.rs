use std::fmt::Display;

use serde::{Deserialize, Serialize};
use trackline_model::Point;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{IntoParams, ToSchema};

use super::list::list;
use super::number::{Double, Int64, mlflow_double};
use super::{optional_text, required, required_text};
use crate::error::ApiError;

/// A metric in a request.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MetricInput {
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

impl MetricInput {
    /// The metric, or the error that names what is missing; `place` leads to its fields in the request.
    pub(crate) fn checked(self, place: impl Display) -> Result<trackline_model::Metric, ApiError> {
        Ok(trackline_model::Metric {
            key: required_text(format_args!("{place}key"), self.key)?,
            value: required(format_args!("{place}value"), self.value)?.0,
            timestamp: required(format_args!("{place}timestamp"), self.timestamp)?.0,
            step: self.step.map_or(0, |step| step.0),
            model_id: optional_text(self.model_id),
            dataset_name: optional_text(self.dataset_name),
            dataset_digest: optional_text(self.dataset_digest),
        })
    }
}

/// A metric in an answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct Metric {
    key: String,
    #[serde(serialize_with = "mlflow_double")]
    #[schema(schema_with = number_or_text)]
    value: f64,
    timestamp: i64,
    step: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    dataset_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    dataset_digest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    model_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    run_id: Option<String>,
}

impl From<trackline_model::Metric> for Metric {
    fn from(metric: trackline_model::Metric) -> Self {
        Self {
            key: metric.key,
            value: metric.value,
            timestamp: metric.timestamp,
            step: metric.step,
            dataset_name: metric.dataset_name,
            dataset_digest: metric.dataset_digest,
            model_id: metric.model_id,
            run_id: None,
        }
    }
}

impl Metric {
    /// A metric of a logged model, with the run that measured it.
    pub(crate) fn of_model(found: trackline_model::ModelMetric) -> Self {
        Self { run_id: Some(found.run_id), ..found.metric.into() }
    }

    /// A point with the run it belongs to: for answers about several runs.
    pub(crate) fn of_run(run_id: String, key: &str, point: Point) -> Self {
        Self { run_id: Some(run_id), ..trackline_model::Metric::of_point(key, &point).into() }
    }
}

/// The answer for several runs: MLflow writes the list even where it is empty.
#[derive(Serialize, ToSchema)]
pub(crate) struct MetricsOfRuns {
    pub metrics: Vec<Metric>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Metrics {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub metrics: Vec<Metric>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_page_token: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct GetHistory {
    pub run_id: Option<String>,
    pub run_uuid: Option<String>,
    #[param(value_type = String)]
    pub metric_key: Option<String>,
    /// 1 to 25000.
    #[param(value_type = Option<i64>)]
    pub max_results: Option<Int64>,
    pub page_token: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct GetHistoryBulk {
    /// Up to 100.
    #[serde(default, deserialize_with = "list")]
    pub run_id: Vec<String>,
    #[param(value_type = String)]
    pub metric_key: Option<String>,
    /// 1 to 25000, over all runs.
    #[param(value_type = Option<i64>)]
    pub max_results: Option<Int64>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct GetHistoryInterval {
    /// Up to 100.
    #[serde(default, deserialize_with = "list")]
    pub run_ids: Vec<String>,
    #[param(value_type = String)]
    pub metric_key: Option<String>,
    /// With `end_step`, or neither.
    #[param(value_type = Option<i64>)]
    pub start_step: Option<Int64>,
    #[param(value_type = Option<i64>)]
    pub end_step: Option<Int64>,
    /// 1 to 2500, for each run.
    #[param(value_type = Option<i64>)]
    pub max_results: Option<Int64>,
}

/// What the API document says of a double that need not be finite.
pub(crate) fn number_or_text() -> Schema {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(["NaN", "Infinity", "-Infinity"]))
        .build();
    OneOfBuilder::new().item(ObjectBuilder::new().schema_type(Type::Number).build()).item(text).build().into()
}
