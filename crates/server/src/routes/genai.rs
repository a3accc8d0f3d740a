//! MLflow's calls about scorers and evaluation datasets, which are not kept here, and about traces as MLflow 2 has
//! them; clients are told so, and go on.

use axum::routing::{MethodRouter, get, post};
use serde_json::{Value, json};

use crate::error::{ApiError, ErrorCode};
use crate::wire::Json;

/// By version of the API: searches, lists and deletions, which find nothing.
const FIND_NOTHING: [(&str, &str); 4] = [
    ("2.0", "/traces"),
    ("3.0", "/datasets/search"),
    ("3.0", "/scorers/list"),
    ("3.0", "/label-schemas/list"),
];

/// Calls that would keep something.
const KEEP: [(&str, &str); 2] = [("3.0", "/datasets/create"), ("3.0", "/scorers/register")];

/// Path below `/api/` or `/ajax-api/`, and what answers there.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> impl Iterator<Item = (String, MethodRouter<S>)> {
    let path = |(version, path): (&str, &str)| format!("{version}/mlflow{path}");
    let nothing = FIND_NOTHING.map(|place| (path(place), get(find_nothing).post(find_nothing)));
    let refused = KEEP.map(|place| (path(place), post(refuse)));
    nothing.into_iter().chain(refused)
}

/// A message of protobuf whose lists are empty.
async fn find_nothing() -> Json<Value> {
    Json(json!({}))
}

async fn refuse() -> ApiError {
    let message = "Trackline keeps runs, models, traces and their files; scorers and evaluation datasets are not recorded.";
    ApiError::new(ErrorCode::NotImplemented, message)
}
