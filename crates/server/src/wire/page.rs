//! Messages of the page's own endpoints; doubles are exact here, infinities included.

use serde::{Deserialize, Serialize};
use trackline_model::CapturedKind;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, Schema};
use utoipa::{IntoParams, ToSchema};

use super::list::list;
use super::metrics::number_or_text;
use super::number::{ExactDouble, Int64};

#[derive(Serialize, ToSchema)]
pub(crate) struct Changes {
    /// Differs from the last answer if anything was written in between.
    pub count: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Captured {
    #[schema(value_type = String, examples("param", "metric", "tag", "dataset", "artifact", "model"))]
    kind: CapturedKind,
    key: String,
    /// `user`, or the hook that captured it.
    source: String,
    /// 0 to 1, where the hook had to guess.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    confidence: Option<f64>,
}

impl From<trackline_model::Captured> for Captured {
    fn from(item: trackline_model::Captured) -> Self {
        Self { kind: item.kind, key: item.key, source: item.source, confidence: item.confidence }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CapturedItems {
    pub items: Vec<Captured>,
}

/// One value that a param once had.
#[derive(Serialize, ToSchema)]
pub(crate) struct ParamValue {
    key: String,
    value: String,
    /// In milliseconds since 1970.
    time: i64,
    /// `user`, or the hook that captured it.
    source: String,
}

impl From<trackline_store::ParamChange> for ParamValue {
    fn from(change: trackline_store::ParamChange) -> Self {
        Self { key: change.key, value: change.value, time: change.time, source: change.source }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ParamHistory {
    pub values: Vec<ParamValue>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Point {
    step: i64,
    timestamp: i64,
    #[schema(schema_with = number_or_text)]
    value: ExactDouble,
}

impl From<trackline_model::Point> for Point {
    fn from(point: trackline_model::Point) -> Self {
        Self { step: point.step, timestamp: point.timestamp, value: ExactDouble(point.value) }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MetricSummary {
    key: String,
    count: u64,
    first: Point,
    latest: Point,
    #[schema(schema_with = number_or_text)]
    min: ExactDouble,
    #[schema(schema_with = number_or_text)]
    max: ExactDouble,
}

impl From<trackline_model::MetricSummary> for MetricSummary {
    fn from(summary: trackline_model::MetricSummary) -> Self {
        Self {
            key: summary.key,
            count: summary.count,
            first: summary.first.into(),
            latest: summary.latest.into(),
            min: ExactDouble(summary.min),
            max: ExactDouble(summary.max),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MetricSummaries {
    pub metrics: Vec<MetricSummary>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Document {
    /// `environment`, `git`, `console`, …
    pub kind: String,
    /// BLAKE3 of the bytes, hexadecimal.
    pub digest: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Documents {
    pub documents: Vec<Document>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct GetSeries {
    /// Up to 1000.
    #[serde(default, deserialize_with = "list")]
    pub run_id: Vec<String>,
    #[param(value_type = String)]
    pub key: Option<String>,
    /// Of each series; 2000 if not given.
    #[param(value_type = Option<i64>)]
    pub max_points: Option<Int64>,
    #[param(value_type = Option<i64>)]
    pub start_step: Option<Int64>,
    #[param(value_type = Option<i64>)]
    pub end_step: Option<Int64>,
}

/// One metric of one run as columns of equal length, thinned so that spikes stay.
#[derive(Serialize, ToSchema)]
pub(crate) struct Series {
    pub run_id: String,
    pub key: String,
    /// How many points there are before thinning.
    pub total: u64,
    pub steps: Vec<i64>,
    pub timestamps: Vec<i64>,
    #[schema(schema_with = numbers_or_texts)]
    pub values: Vec<ExactDouble>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SeriesList {
    pub series: Vec<Series>,
}

/// Of a run or of a logged model.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct OwnedPath {
    pub run_id: Option<String>,
    pub model_id: Option<String>,
    /// Relative to the root of the run's or the model's files.
    pub path: Option<String>,
}

fn numbers_or_texts() -> Schema {
    ArrayBuilder::new().items(RefOr::T(number_or_text())).build().into()
}
