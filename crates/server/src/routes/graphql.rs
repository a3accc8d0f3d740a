use axum::extract::State;
use serde_json::Value;
use trackline_store::Store;

use super::Answer;
use crate::graphql;
use crate::wire::graphql::Query;
use crate::wire::{Args, Json, optional_text, required_text};

/// What MLflow's page asks by. What is wrong with a query is told as GraphQL tells it, with the status of a success.
pub(crate) async fn answer(State(store): State<Store>, Args(args): Args<Query>) -> Answer<Value> {
    let query = required_text("query", args.query)?;
    let operation = optional_text(args.operation_name);
    graphql::answer(store, &query, operation.as_deref(), &args.variables).await.map(Json)
}
