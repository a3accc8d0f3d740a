use std::collections::HashMap;

use pyo3::prelude::*;
use trackline_capture::data;

use super::array::Array;
use super::column::PyColumns;

type Described = HashMap<&'static str, String>;

fn described(found: data::Description) -> Described {
    HashMap::from([("digest", found.digest), ("schema", found.schema), ("profile", found.profile)])
}

/// Digest, schema and profile of arrays; the latter two are JSON texts; with or without statistics of the columns.
#[pyfunction]
#[pyo3(signature = (features, targets=None, statistics=true))]
pub fn describe_tensors(
    features: &Bound<'_, PyAny>,
    targets: Option<&Bound<'_, PyAny>>,
    statistics: bool,
) -> PyResult<Described> {
    let features = Array::new(features)?;
    let targets = targets.map(Array::new).transpose()?;
    let target_view = targets.as_ref().map(Array::view).transpose()?;
    Ok(described(data::describe_tensors(&features.view()?, target_view.as_ref(), statistics)))
}

/// Digest, schema and profile of a table of so many rows; the latter two are JSON texts; with or without statistics of the columns.
#[pyfunction]
#[pyo3(signature = (rows, columns, statistics=true))]
pub fn describe_table(
    rows: usize,
    columns: Vec<(String, Bound<'_, PyAny>)>,
    statistics: bool,
) -> PyResult<Described> {
    let columns = PyColumns::new(columns)?;
    Ok(described(data::describe_table(rows, &columns.view()?, statistics)))
}

/// Digest, schema and profile of an array whose values cannot be looked at; the latter two are JSON texts.
#[pyfunction]
pub fn describe_unseen(dtype: &str, shape: Vec<usize>) -> Described {
    described(data::describe_unseen(dtype, &shape))
}

/// The rows of a table of this size that `describe_table` looks at: a column of texts may hold only those.
#[pyfunction]
pub fn sampled_rows(rows: usize, columns: usize) -> Vec<usize> {
    data::sampled_rows(rows, columns).collect()
}

/// The JSON of a signature for one array.
#[pyfunction]
pub fn tensor_spec(array: &Bound<'_, PyAny>) -> PyResult<String> {
    let array = Array::new(array)?;
    Ok(data::tensor_spec(&array.view()?))
}

/// The JSON of a signature for a table.
#[pyfunction]
pub fn column_spec(columns: Vec<(String, Bound<'_, PyAny>)>) -> PyResult<String> {
    let columns = PyColumns::new(columns)?;
    Ok(data::column_spec(&columns.view()?))
}
