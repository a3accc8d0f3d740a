//! Traces with their spans, as OTLP has them, in MLflow's answers.

mod file;
mod received;

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use trackline_model::{Span, Trace};
use utoipa::{IntoParams, ToSchema};

use super::flag;
use super::list::list;
use super::otlp;
use super::traces::TraceInfo;
use crate::error::ApiError;
use file::as_otlp;

pub(crate) use received::by_trace;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WholeTrace {
    #[param(value_type = String)]
    pub(crate) trace_id: Option<String>,
    /// Whether to give a trace that goes on, too.
    #[serde(default, deserialize_with = "flag::optional")]
    pub(crate) allow_partial: Option<bool>,
}

#[derive(Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WholeTraces {
    #[serde(default, deserialize_with = "list")]
    trace_ids: Vec<String>,
    /// Traces of others are left out.
    experiment_ids: Option<Vec<String>>,
}

impl WholeTraces {
    /// The ids of traces, and of the experiments that they may belong to.
    pub(crate) fn checked(self) -> Result<(Vec<String>, Option<Vec<String>>), ApiError> {
        if self.trace_ids.is_empty() {
            return Err(ApiError::invalid("Missing value for required parameter 'trace_ids'."));
        }
        Ok((self.trace_ids, self.experiment_ids))
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TraceFile {
    #[param(value_type = String)]
    pub(crate) request_id: Option<String>,
    /// Of a file that is attached; the spans, if it is missing.
    pub(crate) path: Option<String>,
}

/// A trace with its spans, as OTLP has them.
#[derive(Serialize, ToSchema)]
pub(crate) struct TraceWithSpans {
    trace_info: TraceInfo,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>, required = false)]
    spans: Vec<otlp::Span>,
}

impl From<(Trace, Vec<Span>)> for TraceWithSpans {
    fn from((trace, spans): (Trace, Vec<Span>)) -> Self {
        Self { trace_info: trace.into(), spans: spans.iter().map(as_otlp).collect() }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct OneTraceWithSpans {
    pub(crate) trace: TraceWithSpans,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TracesWithSpans {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) traces: Vec<TraceWithSpans>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TraceInfos {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(crate) trace_infos: Vec<TraceInfo>,
}

/// Whether all spans have come that the client has counted, as far as it has.
pub(crate) fn is_whole(trace: &Trace, spans: &[Span]) -> bool {
    let counted = trace
        .metadata
        .iter()
        .find(|tag| tag.key == "mlflow.trace.sizeStats")
        .and_then(|stats| serde_json::from_str::<Value>(&stats.value).ok()?.get("num_spans")?.as_u64());
    spans.len() as u64 >= counted.unwrap_or(1)
}

/// The file `traces.json`.
pub(crate) fn file(spans: &[Span]) -> String {
    let mut file = String::from("{\"spans\":[");
    for (index, span) in spans.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        // Text takes all that is written to it.
        let _ = write!(file, "{comma}{}", span.content);
    }
    file + "]}"
}
