//! Gets the answers that fields are taken from, by the handlers of the REST calls.

use std::borrow::Cow;

use axum::extract::State;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use trackline_store::Store;

use super::selection::Field;
use crate::error::ApiError;
use crate::routes::{Answer, artifacts, datasets, experiments, metrics, model_versions, runs};
use crate::wire::{Args, Json};

/// The message for a field of an object, or `None` if it is part of the object's own message `from`.
pub(super) async fn ask(
    store: &Store,
    object: &str,
    field: &Field,
    from: &Value,
) -> Option<Result<Value, ApiError>> {
    let store = State(store.clone());
    let input = || in_rest_names(field.arguments.get("input"));
    Some(match (object, field.name.as_str()) {
        ("Query", "test") => Ok(json!({ "output": field.arguments.get("inputString") })),
        ("Query", "mlflowGetExperiment") => call(input(), |args| experiments::get(store, args)).await,
        ("Query", "mlflowGetRun") => call(input(), |args| runs::get(store, args)).await,
        ("Query" | "Mutation", "mlflowSearchRuns") => call(input(), |args| runs::search(store, args)).await,
        ("Query", "mlflowGetMetricHistoryBulkInterval") => {
            call(input(), |args| metrics::history_interval(store, args)).await
        }
        ("Query", "mlflowListArtifacts") => call(input(), |args| artifacts::list_of_run(store, args)).await,
        ("Query", "mlflowSearchModelVersions") => {
            call(input(), |args| model_versions::search(store, args)).await
        }
        ("Mutation", "mlflowSearchDatasets") => call(input(), |args| datasets::search(store, args)).await,
        ("MlflowRun", "experiment") => {
            let of_run = json!({ "experiment_id": from["info"]["experiment_id"] });
            call(of_run, |args| experiments::get(store, args))
                .await
                .map(|mut found| found["experiment"].take())
        }
        ("MlflowRun", "modelVersions") => {
            let run_id = from["info"]["run_id"].as_str().unwrap_or_default();
            let of_run = json!({ "filter": format!("run_id = '{run_id}'") });
            call(of_run, |args| model_versions::search(store, args))
                .await
                .map(|mut found| found["model_versions"].take())
        }
        _ => return None,
    })
}

async fn call<T, R, F>(input: Value, handler: impl FnOnce(Args<T>) -> F) -> Result<Value, ApiError>
where
    T: DeserializeOwned,
    R: Serialize,
    F: Future<Output = Answer<R>>,
{
    let Json(answer) = handler(Args::from_message(&input)?).await?;
    serde_json::to_value(answer).map_err(|error| ApiError::internal(error.to_string()))
}

/// The name of a field in REST's messages.
pub(super) fn rest_name(name: &str) -> Cow<'_, str> {
    if !name.contains(|letter: char| letter.is_ascii_uppercase()) {
        return Cow::Borrowed(name);
    }
    let letters = name.chars().flat_map(|letter| {
        let gap = letter.is_ascii_uppercase().then_some('_');
        gap.into_iter().chain([letter.to_ascii_lowercase()])
    });
    Cow::Owned(letters.collect())
}

fn in_rest_names(input: Option<&Value>) -> Value {
    match input {
        Some(Value::Object(fields)) => {
            fields.iter().map(|(name, value)| (rest_name(name).into_owned(), value.clone())).collect()
        }
        Some(value) if !value.is_null() => value.clone(),
        _ => json!({}),
    }
}
