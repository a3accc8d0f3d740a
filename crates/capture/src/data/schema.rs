//! Types as MLflow's schemas spell them.

use serde_json::{Value, json};

use super::statistics::has_missing;
use super::{ArrayView, Column, Dtype, Kind, Values};

/// A signature's JSON for one array: `[{"type":"tensor","tensor-spec":{"dtype":"float64","shape":[-1,4]}}]`.
pub fn tensor_spec(array: &ArrayView<'_>) -> String {
    spec(&array.dtype().name(), array.shape())
}

pub(super) fn spec(dtype: &str, shape: &[usize]) -> String {
    let inner = shape.iter().skip(1).map(|length| json!(length));
    let shape: Vec<Value> = std::iter::once(json!(-1)).chain(inner).collect();
    json!([{"type": "tensor", "tensor-spec": {"dtype": dtype, "shape": shape}}]).to_string()
}

/// A signature's JSON for a table: `[{"type":"double","name":"a","required":true}]`.
pub fn column_spec(columns: &[Column<'_>]) -> String {
    columns_json(columns).to_string()
}

pub(super) fn columns_json(columns: &[Column<'_>]) -> Value {
    let column = |column: &Column<'_>| {
        let required = !has_missing(&column.values);
        json!({"type": column_type(&column.values), "name": column.name, "required": required})
    };
    columns.iter().map(column).collect()
}

fn column_type(values: &Values<'_>) -> &'static str {
    match values {
        Values::Array(array) | Values::Masked(array, _) => array_type(array.dtype()),
        Values::Text(_) => "string",
        Values::Opaque => "any",
    }
}

/// MLflow's data types: <https://mlflow.org/docs/latest/ml/model/signatures/>. It has none for `uint64`; `long` is
/// the one that holds most of it.
fn array_type(dtype: Dtype) -> &'static str {
    match (dtype.kind, dtype.size) {
        (Kind::Bool, _) => "boolean",
        (Kind::Int, ..=4) | (Kind::Uint, ..=2) => "integer",
        (Kind::Int | Kind::Uint, _) => "long",
        (Kind::Float, ..=4) => "float",
        (Kind::Float, _) => "double",
        (Kind::Datetime, _) => "datetime",
        (Kind::Unicode, _) => "string",
        (Kind::Bytes, _) => "binary",
        (Kind::Complex | Kind::Timedelta | Kind::Object | Kind::Void, _) => "any",
    }
}
