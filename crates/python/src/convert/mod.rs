//! Entities as plain dicts and lists, and back.

mod metrics;
mod to_python;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde::Serialize;
use serde_json::{Map, Number, Value};
use trackline::{Param, Tag};

pub use self::metrics::{metrics, number};

/// Keys and values as they come from Python.
pub type Pairs = Vec<(String, String)>;

/// The pairs as tags.
pub fn tags(pairs: Pairs) -> Vec<Tag> {
    pairs.into_iter().map(|(key, value)| Tag { key, value }).collect()
}

/// The pairs as parameters.
pub fn params(pairs: Pairs) -> Vec<Param> {
    pairs.into_iter().map(|(key, value)| Param { key, value }).collect()
}

/// Anything serializable as dicts, lists, strings, numbers, `True`, `False` and `None`. Numbers that JSON lacks
/// (NaN, the infinities) survive.
pub fn to_python<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    value.serialize(to_python::ToPython(py)).map_err(PyErr::from)
}

/// Dicts, lists, tuples, strings, numbers, `True`, `False` and `None` as JSON; keys become strings, and numbers
/// that JSON lacks become `null`.
pub fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    if object.is_none() {
        Ok(Value::Null)
    } else if let Ok(flag) = object.cast::<PyBool>() {
        Ok(Value::Bool(flag.is_true()))
    } else if let Ok(text) = object.cast::<PyString>() {
        Ok(Value::String(text.to_string_lossy().into_owned()))
    } else if object.is_instance_of::<PyInt>() {
        integer(object)
    } else if object.is_instance_of::<PyFloat>() {
        Ok(Number::from_f64(object.extract()?).map_or(Value::Null, Value::Number))
    } else if let Ok(dict) = object.cast::<PyDict>() {
        Ok(Value::Object(map_from_python(dict)?))
    } else if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        let items: PyResult<Vec<Value>> = object.try_iter()?.map(|item| from_python(&item?)).collect();
        Ok(Value::Array(items?))
    } else {
        Err(PyTypeError::new_err(format!("{} cannot be written as JSON", object.get_type())))
    }
}

/// A dict as a JSON object.
pub fn map_from_python(dict: &Bound<'_, PyDict>) -> PyResult<Map<String, Value>> {
    let mut map = Map::with_capacity(dict.len());
    for (key, value) in dict {
        map.insert(key.str()?.to_string_lossy().into_owned(), from_python(&value)?);
    }
    Ok(map)
}

/// Integers beyond 64 bits keep their size as a float: JSON has no other place for them.
fn integer(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    if let Ok(number) = object.extract::<i64>() {
        return Ok(Value::from(number));
    }
    if let Ok(number) = object.extract::<u64>() {
        return Ok(Value::from(number));
    }
    Ok(Number::from_f64(object.extract()?).map_or(Value::Null, Value::Number))
}
