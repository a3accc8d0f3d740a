//! Assessments of traces. They are kept as the objects that clients send.

use axum::extract::State;
use serde_json::{Map, Value, json};
use trackline_model::Assessment;
use trackline_store::{Error, ErrorKind, Store};
use uuid::Uuid;

use super::{Answer, blocking, done};
use crate::clock::now;
use crate::error::ApiError;
use crate::wire::assessments::{ChangeAssessment, OneAssessment};
use crate::wire::traces::{content, time_text};
use crate::wire::{Args, Done, Json, Path, required};

/// Adds what someone thinks of a trace.
#[utoipa::path(post, path = "/traces/{trace_id}/assessments", tag = "assessments",
    params(("trace_id" = String, Path)), request_body = OneAssessment,
    responses((status = OK, body = OneAssessment)))]
pub(crate) async fn create(
    State(store): State<Store>,
    Path(trace_id): Path<String>,
    Args(args): Args<OneAssessment>,
) -> Answer<OneAssessment> {
    let given = required("assessment", args.assessment)?;
    let replaced = given.get("overrides").and_then(Value::as_str).map(str::to_owned);
    let assessment = new(&trace_id, given)?;
    let kept = blocking(move || {
        if let Some(replaced) = replaced {
            set_valid(&store, &trace_id, &replaced, false)?;
        }
        store.create_assessment(&trace_id, &assessment)
    });
    Ok(Json(kept.await?.into()))
}

/// One assessment.
#[utoipa::path(get, path = "/traces/{trace_id}/assessments/{assessment_id}", tag = "assessments",
    params(("trace_id" = String, Path), ("assessment_id" = String, Path)),
    responses((status = OK, body = OneAssessment)))]
pub(crate) async fn get(
    State(store): State<Store>,
    Path((trace_id, assessment_id)): Path<(String, String)>,
) -> Answer<OneAssessment> {
    let found = blocking(move || store.get_assessment(&trace_id, &assessment_id)).await?;
    Ok(Json(found.into()))
}

/// Changes the fields that `update_mask` names.
#[utoipa::path(patch, path = "/traces/{trace_id}/assessments/{assessment_id}", tag = "assessments",
    params(("trace_id" = String, Path), ("assessment_id" = String, Path)), request_body = ChangeAssessment,
    responses((status = OK, body = OneAssessment)))]
pub(crate) async fn update(
    State(store): State<Store>,
    Path((trace_id, assessment_id)): Path<(String, String)>,
    Args(args): Args<ChangeAssessment>,
) -> Answer<OneAssessment> {
    let mut changes = args.changes()?;
    changes.insert("last_update_time".to_owned(), time_text(now()).into());
    let changed = blocking(move || {
        store.update_assessment(&trace_id, &assessment_id, |before| Ok(merged(before, &changes)))
    });
    Ok(Json(changed.await?.into()))
}

/// Deletes an assessment; the one that it has replaced is valid again.
#[utoipa::path(delete, path = "/traces/{trace_id}/assessments/{assessment_id}", tag = "assessments",
    params(("trace_id" = String, Path), ("assessment_id" = String, Path)),
    responses((status = OK, body = Done)))]
pub(crate) async fn delete(
    State(store): State<Store>,
    Path((trace_id, assessment_id)): Path<(String, String)>,
) -> Answer<Done> {
    done(move || {
        let replaced = match store.get_assessment(&trace_id, &assessment_id) {
            Ok(deleted) => content(deleted).remove("overrides"),
            Err(error) if error.kind == ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        store.delete_assessment(&trace_id, &assessment_id)?;
        match replaced.as_ref().and_then(Value::as_str) {
            Some(replaced) => set_valid(&store, &trace_id, replaced, true).or_else(unless_gone),
            None => Ok(()),
        }
    })
    .await
}

/// A new assessment of a trace, with an id and times.
pub(super) fn new(trace_id: &str, mut given: Map<String, Value>) -> Result<Assessment, ApiError> {
    let name = given.get("assessment_name").and_then(Value::as_str).unwrap_or_default();
    if name.is_empty() {
        return Err(ApiError::invalid("Missing value for required parameter 'assessment.assessment_name'."));
    }
    let assessment_id = id(trace_id, &given);
    given.insert("assessment_id".to_owned(), assessment_id.clone().into());
    given.insert("trace_id".to_owned(), trace_id.into());
    for field in ["create_time", "last_update_time"] {
        given.entry(field).or_insert_with(|| time_text(now()).into());
    }
    given.entry("valid").or_insert(Value::Bool(true));
    given.get_mut("expectation").map(serialize);
    Ok(Assessment { assessment_id, content: Value::Object(given).to_string() })
}

/// An expectation that is a list or an object is given back as text.
fn serialize(expectation: &mut Value) {
    if let Some(value) = expectation.get("value").filter(|value| value.is_array() || value.is_object()) {
        *expectation =
            json!({"serialized_value": {"serialization_format": "JSON_FORMAT", "value": value.to_string()}});
    }
}

fn unless_gone(error: Error) -> trackline_store::Result<()> {
    if error.kind == ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn set_valid(store: &Store, trace_id: &str, assessment_id: &str, valid: bool) -> trackline_store::Result<()> {
    let change = Map::from_iter([("valid".to_owned(), Value::Bool(valid))]);
    store.update_assessment(trace_id, assessment_id, |before| Ok(merged(before, &change))).map(drop)
}

/// A client that has not heard the answer sends an assessment again, as it was: with the same time, it is the same
/// assessment. Without one, it may be meant anew.
fn id(trace_id: &str, given: &Map<String, Value>) -> String {
    let id = if given.contains_key("create_time") {
        let hash = blake3::hash(serde_json::json!([trace_id, given]).to_string().as_bytes());
        let (halves, _) = hash.as_bytes().as_chunks::<16>();
        Uuid::from_bytes(halves[0])
    } else {
        Uuid::new_v4()
    };
    format!("a-{}", id.simple())
}

/// The object with changes; a null takes a field away.
fn merged(before: &str, changes: &Map<String, Value>) -> String {
    let mut object: Map<String, Value> = serde_json::from_str(before).unwrap_or_default();
    object.extend(changes.clone());
    object.retain(|_, value| !value.is_null());
    Value::Object(object).to_string()
}

impl From<Assessment> for OneAssessment {
    fn from(assessment: Assessment) -> Self {
        Self { assessment: Some(content(assessment)) }
    }
}
