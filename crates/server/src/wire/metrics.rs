use std::fmt::Display;

use serde::{Deserialize, Deserializer, Serialize};
use trackline_model::{MetricBatch, Point};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{IntoParams, ToSchema};

use super::list::{each_object, list};
use super::number::{Double, Int64, mlflow_double};
use super::{Text, optional_text, required, required_text};
use crate::error::ApiError;

/// A metric in a request.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MetricInput<'a> {
    #[serde(borrow)]
    #[schema(value_type = String)]
    pub key: Option<Text<'a>>,
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

impl MetricInput<'_> {
    /// Adds the metric to a batch, or returns the error that names what is missing; `place` leads to its fields in the
    /// request.
    pub(crate) fn add_to(self, batch: &mut MetricBatch, place: impl Display) -> Result<(), ApiError> {
        let key = required_text(format_args!("{place}key"), self.key)?;
        let point = Point {
            value: required(format_args!("{place}value"), self.value)?.0,
            timestamp: required(format_args!("{place}timestamp"), self.timestamp)?.0,
            step: self.step.map_or(0, |step| step.0),
        };
        match optional_text(self.model_id) {
            None => batch.push(key.as_ref(), point),
            Some(model_id) => batch.push_of_model(trackline_model::Metric {
                model_id: Some(model_id),
                dataset_name: optional_text(self.dataset_name),
                dataset_digest: optional_text(self.dataset_digest),
                ..trackline_model::Metric::of_point(key.as_ref(), &point)
            }),
        }
        Ok(())
    }
}

/// The metrics of a request, gathered as they are read.
#[derive(Default)]
pub(crate) struct Gathered {
    batch: MetricBatch,
    count: usize,
    /// What is wrong with the first that cannot be taken.
    wrong: Option<ApiError>,
}

impl Gathered {
    /// Reads the list `metrics`.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        each_object(deserializer, Self::add)
    }

    fn add(&mut self, metric: MetricInput<'_>) {
        if self.wrong.is_none() {
            self.wrong = metric.add_to(&mut self.batch, format_args!("metrics[{}].", self.count)).err();
        }
        self.count += 1;
    }

    /// The metrics, or the error that names what is missing.
    pub(crate) fn checked(self) -> Result<MetricBatch, ApiError> {
        self.wrong.map_or(Ok(self.batch), Err)
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
