//! How clients before MLflow 3 say that a run made a model.

use axum::extract::State;
use serde_json::{Map, Value};
use trackline_model::Tag;
use trackline_store::Store;

use super::{Answer, done};
use crate::error::ApiError;
use crate::wire::runs::LogModel;
use crate::wire::{Args, Done, required_text};

const HISTORY_TAG: &str = "mlflow.log-model.history";
const MANDATORY: [&str; 4] = ["artifact_path", "flavors", "utc_time_created", "run_id"];

/// Appends a model to the tag `mlflow.log-model.history`.
#[utoipa::path(post, path = "/runs/log-model", tag = "runs", request_body = LogModel,
    responses((status = OK, body = Done)))]
pub(crate) async fn log_model(State(store): State<Store>, Args(args): Args<LogModel>) -> Answer<Done> {
    let id = required_text("run_id", args.run_id)?;
    let model = parse(&required_text("model_json", args.model_json)?)?;
    done(move || append(&store, &id, model)).await
}

fn parse(model_json: &str) -> Result<Map<String, Value>, ApiError> {
    let model: Map<String, Value> = serde_json::from_str(model_json).map_err(|error| {
        ApiError::invalid(format!("Malformed model info: it is not a JSON object: {error}."))
    })?;
    let missing: Vec<&str> = MANDATORY.into_iter().filter(|field| !model.contains_key(*field)).collect();
    if missing.is_empty() {
        return Ok(model);
    }
    Err(ApiError::invalid(format!("Model json is missing mandatory fields: {}.", missing.join(", "))))
}

fn append(store: &Store, run_id: &str, model: Map<String, Value>) -> Result<(), ApiError> {
    let run = store.get_run(run_id)?;
    let before = run.data.tags.iter().find(|tag| tag.key == HISTORY_TAG);
    let mut history: Vec<Value> =
        before.and_then(|tag| serde_json::from_str(&tag.value).ok()).unwrap_or_default();
    history.push(Value::Object(model));
    let value = Value::Array(history).to_string();
    Ok(store.set_tag(run_id, &Tag { key: HISTORY_TAG.to_owned(), value })?)
}
