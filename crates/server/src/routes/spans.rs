//! The steps of traces: sent in the OpenTelemetry protocol, given back with their traces.

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use prost::Message;
use trackline_model::{Span, Trace};
use trackline_store::Store;

use super::{Answer, blocking};
use crate::artifact_path::checked;
use crate::error::{ApiError, ErrorCode};
use crate::send_file::{Disposition, send_file};
use crate::wire::Json;
use crate::wire::otlp::Export;
use crate::wire::spans::{
    OneTraceWithSpans, TraceFile, TraceInfos, TraceWithSpans, TracesWithSpans, WholeTrace, WholeTraces,
    by_trace, file, is_whole,
};
use crate::wire::traces::TraceInfo;
use crate::wire::{Args, optional_text, required_text};

const PROTOBUF: &str = "application/x-protobuf";
const EXPERIMENT: &str = "x-mlflow-experiment-id";
const RUN: &str = "x-mlflow-run-id";

/// Keeps spans of an experiment, which the header `x-mlflow-experiment-id` names, as any exporter of OTLP over HTTP sends
/// them: protobuf or JSON, packed or not. Traces whose root is among them belong to the run of `x-mlflow-run-id`, too.
#[utoipa::path(post, path = "/v1/traces", tag = "traces",
    params(("x-mlflow-experiment-id" = String, Header), ("x-mlflow-run-id" = Option<String>, Header)),
    request_body(content = Object, description = "`ExportTraceServiceRequest`; as `application/x-protobuf`, too"),
    responses((status = OK, description = "An empty message", body = Vec<u8>, content_type = "application/x-protobuf")))]
pub(crate) async fn export(
    State(store): State<Store>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let text = |name: &str| optional_text(headers.get(name)?.to_str().ok().map(str::to_owned));
    let experiment_id = text(EXPERIMENT).ok_or_else(|| {
        ApiError::unprocessable(format!("The header {EXPERIMENT} is missing: give the id of an experiment."))
    })?;
    let run_id = text(RUN);
    let content_type = text(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    let body = body.map_err(|rejection| ApiError::body(&rejection))?;
    let traces = by_trace(read(&content_type, &body)?)?;
    blocking(move || {
        store.log_spans(&experiment_id, &traces)?;
        let Some(run_id) = run_id else { return Ok(()) };
        let ended = traces.iter().filter(|(_, spans)| spans.iter().any(|span| span.parent_id.is_none()));
        let ended: Vec<String> = ended.map(|(trace, _)| trace.trace_id.clone()).collect();
        store.link_traces(&ended, &run_id)
    })
    .await?;
    Ok(([(header::CONTENT_TYPE, PROTOBUF)], Bytes::new()))
}

fn read(content_type: &str, body: &[u8]) -> Result<Export, ApiError> {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let read = match media_type {
        PROTOBUF => Export::decode(body).map_err(|error| error.to_string()),
        "application/json" => serde_json::from_slice(body).map_err(|error| error.to_string()),
        _ => {
            return Err(ApiError::invalid(format!(
                "Invalid Content-Type: {content_type}. Expected: {PROTOBUF} or application/json"
            )));
        }
    };
    let export: Export =
        read.map_err(|error| ApiError::invalid(format!("Invalid OpenTelemetry format: {error}")))?;
    if export.resource_spans.is_empty() {
        return Err(ApiError::invalid("Invalid OpenTelemetry format - no spans found"));
    }
    Ok(export)
}

/// A trace with its spans.
#[utoipa::path(get, path = "/traces/get", tag = "traces", params(WholeTrace),
    responses((status = OK, body = OneTraceWithSpans)))]
pub(crate) async fn get(
    State(store): State<Store>,
    Args(args): Args<WholeTrace>,
) -> Answer<OneTraceWithSpans> {
    let id = required_text("trace_id", args.trace_id)?;
    let found = with_spans(store, id.clone()).await?;
    if !args.allow_partial.unwrap_or_default() && !is_whole(&found.0, &found.1) {
        return Err(ApiError::new(
            ErrorCode::ResourceDoesNotExist,
            format!("Trace with ID {id} is not fully exported yet, please try again later."),
        ));
    }
    Ok(Json(OneTraceWithSpans { trace: found.into() }))
}

/// Traces with their spans, as far as they are there whole.
#[utoipa::path(get, path = "/traces/batchGet", tag = "traces", params(WholeTraces),
    responses((status = OK, body = TracesWithSpans)))]
pub(crate) async fn get_each(
    State(store): State<Store>,
    Args(args): Args<WholeTraces>,
) -> Answer<TracesWithSpans> {
    let (ids, experiments) = args.checked()?;
    let found = blocking(move || store.traces_with_spans(&ids, experiments.as_deref())).await?;
    let whole = found.into_iter().filter(|(trace, spans)| is_whole(trace, spans));
    Ok(Json(TracesWithSpans { traces: whole.map(TraceWithSpans::from).collect() }))
}

/// What is known of traces, but for their spans.
#[utoipa::path(post, path = "/traces/batchGetInfos", tag = "traces", request_body = WholeTraces,
    responses((status = OK, body = TraceInfos)))]
pub(crate) async fn get_each_info(
    State(store): State<Store>,
    Args(args): Args<WholeTraces>,
) -> Answer<TraceInfos> {
    let (ids, experiments) = args.checked()?;
    let found = blocking(move || store.traces_with_spans(&ids, experiments.as_deref())).await?;
    Ok(Json(TraceInfos { trace_infos: found.into_iter().map(|(trace, _)| TraceInfo::from(trace)).collect() }))
}

/// The spans of a trace as the file `traces.json`, or a file that is attached to it.
#[utoipa::path(get, path = "/get-trace-artifact", tag = "traces", params(TraceFile),
    responses((status = OK, description = "The file", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn file_of_trace(
    State(store): State<Store>,
    headers: HeaderMap,
    Args(args): Args<TraceFile>,
) -> Result<Response, ApiError> {
    let id = required_text("request_id", args.request_id)?;
    let (trace, spans) = with_spans(store.clone(), id).await?;
    let path = match optional_text(args.path) {
        Some(path) => format!("attachments/{}", checked(&path)?),
        None if spans.is_empty() => "traces.json".to_owned(),
        None => {
            let attachment = (header::CONTENT_DISPOSITION, "attachment; filename=traces.json");
            let json = (header::CONTENT_TYPE, "application/json");
            return Ok(([attachment, json], file(&spans)).into_response());
        }
    };
    let root = trace.tags.into_iter().find(|tag| tag.key == "mlflow.artifactLocation");
    let root = root.map(|tag| tag.value).unwrap_or_default();
    send_file(store, root, path, Disposition::Attachment, &headers).await
}

async fn with_spans(store: Store, id: String) -> Result<(Trace, Vec<Span>), ApiError> {
    let found = blocking(move || {
        let found = store.traces_with_spans(std::slice::from_ref(&id), None)?;
        found.into_iter().next().ok_or_else(|| {
            let message = format!("Trace with ID {id} is not found.");
            ApiError::new(ErrorCode::ResourceDoesNotExist, message)
        })
    });
    found.await
}
