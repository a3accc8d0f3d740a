//! GraphQL, which MLflow's page speaks and its clients do not. Whoever asks is told of the other way, as GraphQL tells
//! errors: with the status of a success.

use axum::Json;
use serde_json::{Value, json};

pub(crate) async fn answer() -> Json<Value> {
    let message = "Trackline answers no GraphQL: what it would tell is below /api/2.0/mlflow/.";
    Json(json!({ "data": null, "errors": [message] }))
}
