//! From spans as OTLP has them to what is kept of them and of their traces.

use std::collections::{BTreeMap, HashSet};

use trackline_model::limits::{KeyKind, truncated, validate_key};
use trackline_model::{Span, SpanStatus, Tag, Trace, TraceState};

use super::file::{SpanFile, hex, trace_id};
use crate::error::ApiError;
use crate::wire::otlp::value::{AnyValue, KeyValue, Plain, any_value::Kind, python_json, storable};
use crate::wire::otlp::{self, StatusCode};

const TRACE_ID: &str = "mlflow.traceRequestId";
const TYPE: &str = "mlflow.spanType";
const INPUTS: &str = "mlflow.spanInputs";
const OUTPUTS: &str = "mlflow.spanOutputs";
/// Begins the keys of attributes of a root that are tags of its trace.
const TAG: &str = "mlflow.traceTag.";

/// The most characters of a preview.
const PREVIEW: usize = 1000;

/// The spans by trace, with what they say of it.
pub(crate) fn by_trace(export: otlp::Export) -> Result<Vec<(Trace, Vec<Span>)>, ApiError> {
    let mut traces: BTreeMap<String, (Trace, Vec<Span>)> = BTreeMap::new();
    for made in export.resource_spans {
        let tags = resource_tags(&made.resource.unwrap_or_default());
        let mut tagged = HashSet::new();
        for span in made.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            check(&span)?;
            let id = trace_id(&span.trace_id);
            let (trace, spans) = traces.entry(id.clone()).or_insert_with(|| (begun(id, &span), Vec::new()));
            if tagged.insert(span.trace_id.clone()) {
                trace.tags.extend(tags.iter().cloned());
            }
            spans.push(kept(span, trace)?);
        }
    }
    Ok(traces.into_values().collect())
}

fn check(span: &otlp::Span) -> Result<(), ApiError> {
    let ids = [("trace_id", &span.trace_id, 16), ("span_id", &span.span_id, 8)];
    for (name, id, length) in ids {
        if id.len() != length {
            return Err(ApiError::unprocessable(format!(
                "The {name} of the span '{}' has {} bytes. It must have {length}.",
                span.name,
                id.len()
            )));
        }
    }
    Ok(())
}

/// A trace of which nothing is known but one of its spans.
fn begun(trace_id: String, span: &otlp::Span) -> Trace {
    Trace {
        trace_id,
        experiment_id: String::new(),
        request_time: milliseconds(span.start_time_unix_nano),
        duration: None,
        state: TraceState::InProgress,
        client_request_id: None,
        request_preview: None,
        response_preview: None,
        metadata: Vec::new(),
        tags: Vec::new(),
        assessments: Vec::new(),
    }
}

/// What is kept of a span; what it says of its trace goes there.
fn kept(span: otlp::Span, trace: &mut Trace) -> Result<Span, ApiError> {
    let attributes = attributes(&span.attributes, &trace.trace_id);
    let status = match span.status.as_ref().map(otlp::Status::code) {
        Some(StatusCode::Ok) => SpanStatus::Ok,
        Some(StatusCode::Error) => SpanStatus::Error,
        Some(StatusCode::Unset) | None => SpanStatus::Unset,
    };
    lengthen(trace, &span);
    if span.parent_span_id.is_empty() {
        let failed = status == SpanStatus::Error;
        trace.state = if failed { TraceState::Error } else { TraceState::Ok };
        told_by_root(trace, &span, &attributes);
    }
    let span_type = span.attributes.iter().find(|pair| pair.key == TYPE).map(text);
    let start_time = i64::try_from(span.start_time_unix_nano);
    Ok(Span {
        span_id: hex(&span.span_id),
        parent_id: (!span.parent_span_id.is_empty()).then(|| hex(&span.parent_span_id)),
        name: storable(&span.name).into_owned(),
        span_type,
        status,
        start_time: start_time.map_err(|_| ApiError::invalid("A time is after the year 2262."))?,
        content: SpanFile::new(&span, attributes).text(),
    })
}

/// By key, as JSON, the last of each key; the id of the trace is what the span says it is, not what an attribute says.
fn attributes(given: &[KeyValue], trace_id: &str) -> Vec<(String, String)> {
    let id = || (TRACE_ID.to_owned(), python_json(&trace_id));
    let json = |pair: &KeyValue| match pair.key.as_str() {
        TRACE_ID => id(),
        key => (storable(key).into_owned(), python_json(&Plain(pair.value.clone().unwrap_or_default()))),
    };
    let missing = !given.iter().any(|pair| pair.key == TRACE_ID);
    let mut keys = HashSet::new();
    let mut last: Vec<_> = missing.then(id).into_iter().chain(given.iter().rev().map(json)).collect();
    last.retain(|(key, _)| keys.insert(key.clone()));
    last.reverse();
    last
}

fn lengthen(trace: &mut Trace, span: &otlp::Span) {
    let end = trace.duration.map(|duration| trace.request_time.saturating_add(duration));
    let ended = (span.end_time_unix_nano > 0).then(|| milliseconds(span.end_time_unix_nano));
    trace.request_time = trace.request_time.min(milliseconds(span.start_time_unix_nano));
    trace.duration = end.max(ended).map(|end| end.saturating_sub(trace.request_time).max(0));
}

fn told_by_root(trace: &mut Trace, span: &otlp::Span, attributes: &[(String, String)]) {
    let preview = |key: &str| {
        let (_, text) = attributes.iter().find(|(other, _)| other == key)?;
        Some(truncated(text, PREVIEW).to_owned())
    };
    trace.request_preview = preview(INPUTS);
    trace.response_preview = preview(OUTPUTS);
    let tags = span.attributes.iter().filter_map(|pair| tag(pair.key.strip_prefix(TAG)?, pair));
    trace.tags.extend(tags);
}

/// What is known of the program, but for its SDK; names of MLflow's own are not for others.
fn resource_tags(resource: &otlp::Resource) -> Vec<Tag> {
    let own = |key: &str| key.starts_with("telemetry.sdk.") || key.starts_with("mlflow.");
    let others = resource.attributes.iter().filter(|pair| !own(&pair.key));
    others.filter_map(|pair| tag(&pair.key, pair)).collect()
}

/// None for a key that is not allowed.
fn tag(key: &str, pair: &KeyValue) -> Option<Tag> {
    validate_key(KeyKind::Tag, key).ok()?;
    Some(Tag { key: key.to_owned(), value: text(pair) })
}

/// Text as it is, anything else as JSON.
fn text(pair: &KeyValue) -> String {
    match &pair.value {
        Some(AnyValue { kind: Some(Kind::String(text)) }) => storable(text).into_owned(),
        value => python_json(&Plain(value.clone().unwrap_or_default())),
    }
}

fn milliseconds(nanoseconds: u64) -> i64 {
    i64::try_from(nanoseconds / 1_000_000).unwrap_or(i64::MAX)
}
