//! GraphQL, which MLflow's page asks by: a query selects fields of the answers of the calls in `routes/`.
//!
//! `selection` reads a query, `schema` says which fields there are, `ask` gets an answer, and `execute` takes from it what
//! was selected. Without introspection; a fragment is taken wherever it is spread, as no type here has subtypes.

mod ask;
mod execute;
mod schema;
mod selection;

use serde_json::{Map, Value, json};
use trackline_store::Store;

use crate::error::ApiError;
use execute::Execution;
use selection::Selection;

/// `{"data": …, "errors": […] or null}`, with messages for errors; without data if the query is wrong in itself.
pub(crate) async fn answer(
    store: Store,
    query: &str,
    operation: Option<&str>,
    variables: &Map<String, Value>,
) -> Result<Value, ApiError> {
    let schema = schema::schema()?;
    let selection = match Selection::read(query, operation, variables) {
        Ok(selection) => selection,
        Err(error) => return Ok(refused(&[error])),
    };
    let problems = schema.problems(selection.root, &selection.fields);
    if !problems.is_empty() {
        return Ok(refused(&problems));
    }
    let mut execution = Execution::new(schema, store);
    let data = execution.object(selection.root, &selection.fields, &Value::Null).await;
    let errors = execution.errors;
    Ok(json!({ "data": data, "errors": if errors.is_empty() { Value::Null } else { json!(errors) } }))
}

fn refused(errors: &[String]) -> Value {
    json!({ "data": null, "errors": errors })
}
