//! What only our own page calls, under `/api/trackline`.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use trackline_store::Store;

use super::artifacts::list_below;
use super::{Answer, blocking, max_results};
use crate::artifact_path::checked;
use crate::error::ApiError;
use crate::send_file::{Disposition, send_file};
use crate::wire::artifacts::Files;
use crate::wire::drift::{DatasetDrift, DriftOfRun};
use crate::wire::number::ExactDouble;
use crate::wire::page::{
    Captured, CapturedItems, Changes, Document, Documents, GetSeries, MetricSummaries, MetricSummary,
    OwnedPath, ParamHistory, ParamValue, Series, SeriesList,
};
use crate::wire::{Args, Json, Path, required_text};

const MAX_SERIES: usize = 1000;
const MAX_POINTS: usize = 100_000;
const DEFAULT_POINTS: usize = 2000;

/// A number that differs after anything was written, by any process.
#[utoipa::path(get, path = "/changes", tag = "page", responses((status = OK, body = Changes)))]
pub(crate) async fn changes(State(store): State<Store>) -> Answer<Changes> {
    let count = blocking(move || store.change_count()).await?;
    Ok(Json(Changes { count }))
}

/// Where each item of a run came from.
#[utoipa::path(get, path = "/runs/{run_id}/captured", tag = "page", params(("run_id" = String, Path)),
    responses((status = OK, body = CapturedItems)))]
pub(crate) async fn captured(State(store): State<Store>, Path(id): Path<String>) -> Answer<CapturedItems> {
    let items = blocking(move || store.captured(&id)).await?;
    Ok(Json(CapturedItems { items: items.into_iter().map(Captured::from).collect() }))
}

/// Every value of the params of a run that were given more than one, by key, the first value first.
#[utoipa::path(get, path = "/runs/{run_id}/param-history", tag = "page", params(("run_id" = String, Path)),
    responses((status = OK, body = ParamHistory)))]
pub(crate) async fn param_history(
    State(store): State<Store>,
    Path(id): Path<String>,
) -> Answer<ParamHistory> {
    let values = blocking(move || store.param_history(&id)).await?;
    Ok(Json(ParamHistory { values: values.into_iter().map(ParamValue::from).collect() }))
}

/// How the datasets of a run differ from those of the same name and context in the run before that has them.
#[utoipa::path(get, path = "/runs/{run_id}/drift", tag = "page", params(("run_id" = String, Path)),
    responses((status = OK, body = DriftOfRun)))]
pub(crate) async fn drift(State(store): State<Store>, Path(id): Path<String>) -> Answer<DriftOfRun> {
    let found = blocking(move || store.drift(&id)).await?;
    Ok(Json(DriftOfRun { datasets: found.into_iter().map(DatasetDrift::from).collect() }))
}

/// What is known of each metric of a run without reading its history.
#[utoipa::path(get, path = "/runs/{run_id}/metrics", tag = "page", params(("run_id" = String, Path)),
    responses((status = OK, body = MetricSummaries)))]
pub(crate) async fn metrics(State(store): State<Store>, Path(id): Path<String>) -> Answer<MetricSummaries> {
    let metrics = blocking(move || store.summaries(&id)).await?;
    Ok(Json(MetricSummaries { metrics: metrics.into_iter().map(MetricSummary::from).collect() }))
}

/// Which documents a run has.
#[utoipa::path(get, path = "/runs/{run_id}/documents", tag = "page", params(("run_id" = String, Path)),
    responses((status = OK, body = Documents)))]
pub(crate) async fn documents(State(store): State<Store>, Path(id): Path<String>) -> Answer<Documents> {
    let found = blocking(move || store.documents(&id)).await?.into_iter();
    Ok(Json(Documents { documents: found.map(|(kind, digest)| Document { kind, digest }).collect() }))
}

/// One document of a run: JSON, or plain text for the console.
#[utoipa::path(get, path = "/runs/{run_id}/documents/{kind}", tag = "page",
    params(("run_id" = String, Path), ("kind" = String, Path)),
    responses((status = OK, content((Object = "application/json"), (String = "text/plain")))))]
pub(crate) async fn document(
    State(store): State<Store>,
    Path((id, kind)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let bytes = blocking(move || read_document(&store, &id, &kind)).await?;
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok();
    let content_type = if is_json { "application/json" } else { "text/plain; charset=utf-8" };
    Ok(([(header::CONTENT_TYPE, content_type)], bytes).into_response())
}

fn read_document(store: &Store, run_id: &str, kind: &str) -> Result<Vec<u8>, ApiError> {
    let documents = store.documents(run_id)?;
    let Some((_, digest)) = documents.into_iter().find(|(found, _)| found == kind) else {
        return Err(ApiError::not_found(format!("Run '{run_id}' has no document '{kind}'.")));
    };
    Ok(store.blobs().read(&digest)?)
}

/// One metric of several runs, thinned to what a chart can show.
#[utoipa::path(get, path = "/series", tag = "page", params(GetSeries),
    responses((status = OK, body = SeriesList)))]
pub(crate) async fn series(State(store): State<Store>, Args(args): Args<GetSeries>) -> Answer<SeriesList> {
    let key = required_text("key", args.key)?;
    let most = max_results(args.max_points, DEFAULT_POINTS, MAX_POINTS)?;
    let (start, end) = (args.start_step.map(|step| step.0), args.end_step.map(|step| step.0));
    let whole = start.is_none() && end.is_none();
    let steps = (!whole).then(|| (start.unwrap_or(i64::MIN), end.unwrap_or(i64::MAX)));
    let ids = args.run_id;
    if ids.is_empty() || ids.len() > MAX_SERIES {
        let message = format!("run_id must name 1 to {MAX_SERIES} runs, but it names {}.", ids.len());
        return Err(ApiError::invalid(message));
    }
    let found = blocking(move || store.series(&ids, &key, steps, most)).await?;
    Ok(Json(SeriesList { series: found.into_iter().map(columns).collect() }))
}

fn columns(series: trackline_store::Series) -> Series {
    let points = series.points;
    Series {
        run_id: series.run_id,
        key: series.key,
        total: series.total,
        steps: points.iter().map(|point| point.step).collect(),
        timestamps: points.iter().map(|point| point.timestamp).collect(),
        values: points.iter().map(|point| ExactDouble(point.value)).collect(),
    }
}

/// The content of a folder of a run or a logged model, with paths relative to its root.
#[utoipa::path(get, path = "/artifacts", tag = "page", params(OwnedPath), responses((status = OK, body = Files)))]
pub(crate) async fn artifacts(State(store): State<Store>, Args(args): Args<OwnedPath>) -> Answer<Files> {
    let files = blocking(move || {
        let path = args.path.clone().unwrap_or_default();
        list_below(&store, root(&store, args)?, &path)
    });
    files.await.map(Json)
}

/// A file of a run or a logged model, to be shown; no script in it runs.
#[utoipa::path(get, path = "/artifact", tag = "page", params(OwnedPath),
    responses((status = OK, description = "The file", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn artifact(
    State(store): State<Store>,
    headers: HeaderMap,
    Args(args): Args<OwnedPath>,
) -> Result<Response, ApiError> {
    let path = required_text("path", args.path.clone())?;
    let path = checked(&path)?.to_owned();
    let reader = store.clone();
    let root = blocking(move || root(&reader, args)).await?;
    send_file(store, root, path, Disposition::Inline, &headers).await
}

/// The artifact root of the run or the model that `args` names.
fn root(store: &Store, args: OwnedPath) -> Result<String, ApiError> {
    match (args.run_id, args.model_id) {
        (Some(run_id), None) => Ok(store.get_run(&run_id)?.info.artifact_uri),
        (None, Some(model_id)) => Ok(store.get_logged_model(&model_id)?.artifact_uri),
        _ => Err(ApiError::invalid("Give either run_id or model_id.")),
    }
}
