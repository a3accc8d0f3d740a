//! Traces as MLflow 3 has them. Times are texts in its messages, as protobuf's JSON writes them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use trackline_model::{Assessment, Tag, Trace, TraceState};
use trackline_store::OldTraces;
use utoipa::ToSchema;

use super::choice;
use super::list::{list, objects};
use super::number::Int64;
use super::{optional_text, required, required_text};
use crate::error::ApiError;

/// Where a trace is kept.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct TraceLocation {
    #[serde(rename = "type")]
    kind: Option<String>,
    mlflow_experiment: Option<ExperimentLocation>,
}

#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
struct ExperimentLocation {
    experiment_id: Option<String>,
}

impl TraceLocation {
    fn of(experiment_id: String) -> Self {
        let experiment = ExperimentLocation { experiment_id: Some(experiment_id) };
        Self { kind: Some("MLFLOW_EXPERIMENT".to_owned()), mlflow_experiment: Some(experiment) }
    }

    fn experiment_id(self) -> Result<String, ApiError> {
        let place = self.mlflow_experiment.and_then(|experiment| experiment.experiment_id);
        required_text("trace_location.mlflow_experiment.experiment_id", place)
    }
}

/// What is known of a trace, but for its spans.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct TraceInfo {
    trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_request_id: Option<String>,
    trace_location: Option<TraceLocation>,
    /// Such as `2026-01-31T12:00:00.123Z`.
    request_time: Option<String>,
    /// Seconds, such as `0.25s`.
    #[serde(skip_serializing_if = "Option::is_none")]
    execution_duration: Option<String>,
    #[serde(default, deserialize_with = "choice::optional")]
    #[schema(schema_with = choice::schema::<TraceState>)]
    state: Option<TraceState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_preview: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_preview: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    trace_metadata: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    tags: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "objects", skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    assessments: Vec<Map<String, Value>>,
}

impl From<Trace> for TraceInfo {
    fn from(trace: Trace) -> Self {
        let by_key = |tags: Vec<Tag>| tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
        Self {
            trace_id: Some(trace.trace_id),
            client_request_id: trace.client_request_id,
            trace_location: Some(TraceLocation::of(trace.experiment_id)),
            request_time: Some(time_text(trace.request_time)),
            execution_duration: trace.duration.map(duration_text),
            state: Some(trace.state),
            request_preview: trace.request_preview,
            response_preview: trace.response_preview,
            trace_metadata: by_key(trace.metadata),
            tags: by_key(trace.tags),
            assessments: trace.assessments.into_iter().map(content).collect(),
        }
    }
}

impl TraceInfo {
    /// The trace, without its assessments, and these.
    pub(crate) fn checked(self) -> Result<(Trace, Vec<Map<String, Value>>), ApiError> {
        let tags = |by_key: BTreeMap<String, String>| {
            by_key.into_iter().map(|(key, value)| Tag { key, value }).collect()
        };
        let location = required("trace_location", self.trace_location)?;
        let trace = Trace {
            trace_id: required_text("trace_id", self.trace_id)?,
            experiment_id: location.experiment_id()?,
            request_time: time(&required_text("request_time", self.request_time)?)?,
            duration: self.execution_duration.as_deref().map(duration).transpose()?,
            state: self.state.unwrap_or_default(),
            client_request_id: optional_text(self.client_request_id),
            request_preview: self.request_preview,
            response_preview: self.response_preview,
            metadata: tags(self.trace_metadata),
            tags: tags(self.tags),
            assessments: Vec::new(),
        };
        Ok((trace, self.assessments))
    }
}

/// A trace without its spans, which are among its artifacts.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct TraceOfInfo {
    pub(crate) trace_info: Option<TraceInfo>,
}

#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct OneTrace {
    pub(crate) trace: Option<TraceOfInfo>,
}

impl From<Trace> for OneTrace {
    fn from(trace: Trace) -> Self {
        Self { trace: Some(TraceOfInfo { trace_info: Some(trace.into()) }) }
    }
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SearchTraces {
    #[serde(default, deserialize_with = "objects")]
    pub(crate) locations: Vec<TraceLocation>,
    pub(crate) filter: Option<String>,
    #[schema(value_type = Option<i64>)]
    pub(crate) max_results: Option<Int64>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) order_by: Vec<String>,
    pub(crate) page_token: Option<String>,
}

impl SearchTraces {
    pub(crate) fn experiment_ids(locations: Vec<TraceLocation>) -> Result<Vec<String>, ApiError> {
        locations.into_iter().map(TraceLocation::experiment_id).collect()
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Traces {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) traces: Vec<TraceInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_page_token: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct DeleteTraces {
    #[schema(value_type = String)]
    pub(crate) experiment_id: Option<String>,
    #[schema(value_type = Option<i64>)]
    max_timestamp_millis: Option<Int64>,
    #[schema(value_type = Option<i64>)]
    max_traces: Option<Int64>,
    #[serde(default, deserialize_with = "list")]
    request_ids: Vec<String>,
}

impl DeleteTraces {
    pub(crate) fn old(self) -> Result<OldTraces, ApiError> {
        match (self.max_timestamp_millis, self.max_traces) {
            (Some(_), _) if !self.request_ids.is_empty() => {
                Err(ApiError::invalid("Give either max_timestamp_millis or request_ids, not both."))
            }
            (None, Some(_)) => Err(ApiError::invalid("max_traces goes with max_timestamp_millis.")),
            (_, Some(Int64(most))) if most <= 0 => Err(ApiError::invalid("max_traces must be positive.")),
            (Some(Int64(time)), most) => Ok(OldTraces::Until { time, most: most.map(|most| most.0) }),
            (None, None) if !self.request_ids.is_empty() => Ok(OldTraces::Ids(self.request_ids)),
            (None, None) => Err(ApiError::invalid("Give max_timestamp_millis or request_ids.")),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TracesDeleted {
    pub(crate) traces_deleted: u64,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct LinkTraces {
    #[serde(default, deserialize_with = "list")]
    pub(crate) trace_ids: Vec<String>,
    #[schema(value_type = String)]
    pub(crate) run_id: Option<String>,
}

/// A tag to be set, or to be taken away.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TraceTag {
    #[schema(value_type = String)]
    pub(crate) key: Option<String>,
    pub(crate) value: Option<String>,
}

/// The object that an assessment is.
pub(crate) fn content(assessment: Assessment) -> Map<String, Value> {
    // It was written as an object.
    serde_json::from_str(&assessment.content).unwrap_or_default()
}

/// Milliseconds since the epoch as RFC 3339.
pub(crate) fn time_text(time: i64) -> String {
    let shown = Timestamp::from_millisecond(time).unwrap_or_default();
    if time % 1000 == 0 { format!("{shown:.0}") } else { format!("{shown:.3}") }
}

fn time(text: &str) -> Result<i64, ApiError> {
    let parsed = text.parse::<Timestamp>().map(Timestamp::as_millisecond);
    parsed
        .map_err(|_| ApiError::invalid(format!("Invalid time '{text}': write it like 2026-01-31T12:00:00Z.")))
}

fn duration_text(milliseconds: i64) -> String {
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    if rest == 0 { format!("{seconds}s") } else { format!("{seconds}.{rest:03}s") }
}

fn duration(text: &str) -> Result<i64, ApiError> {
    let seconds = text.strip_suffix('s').and_then(|seconds| seconds.parse::<f64>().ok());
    let seconds = seconds.filter(|seconds| (0.0..=3.2e11).contains(seconds));
    let wrong = || ApiError::invalid(format!("Invalid duration '{text}': write seconds, like 0.25s."));
    #[allow(clippy::cast_possible_truncation)] // within the bounds above
    seconds.map(|seconds| (seconds * 1000.0).round() as i64).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_protobuf() {
        assert_eq!(time_text(1_795_369_834_402), "2026-11-22T17:50:34.402Z");
        assert_eq!(time_text(1_795_369_834_000), "2026-11-22T17:50:34Z");
        assert_eq!(time("2026-11-22T17:50:34.402Z").unwrap(), 1_795_369_834_402);
        assert!(time("yesterday").is_err());
    }

    #[test]
    fn durations_are_seconds() {
        for (text, milliseconds) in [("0s", 0), ("0.035s", 35), ("12s", 12_000), ("1.500s", 1500)] {
            assert_eq!(duration(text).unwrap(), milliseconds);
            assert_eq!(duration(&duration_text(milliseconds)).unwrap(), milliseconds);
        }
        for wrong in ["1", "-1s", "s", "NaNs", "1e300s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
