use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyDict, PyFloat, PyMapping};
use trackline::Invalid;

use crate::error;

/// The keys and values of a mapping, or of pairs.
pub fn metrics(given: &Bound<'_, PyAny>) -> PyResult<Vec<(PyBackedStr, f64)>> {
    if let Ok(dict) = given.cast::<PyDict>() {
        // Before anything is converted: code of the user's may change the dict then.
        let pairs: Vec<_> = dict.iter().collect();
        return pairs.iter().map(|(key, value)| metric(key, value)).collect();
    }
    let pairs = match given.cast::<PyMapping>() {
        Ok(mapping) => mapping.items()?.into_any(),
        Err(_) => given.clone(),
    };
    let pairs = pairs.try_iter()?.map(|pair| {
        let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair?.extract()?;
        metric(&key, &value)
    });
    pairs.collect()
}

fn metric(key: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<(PyBackedStr, f64)> {
    let key: PyBackedStr = key.extract()?;
    let value = number(&key, value)?;
    Ok((key, value))
}

/// A value as a float: numbers, and arrays and tensors of one element.
pub fn number(key: &str, value: &Bound<'_, PyAny>) -> PyResult<f64> {
    if let Ok(value) = value.cast_exact::<PyFloat>() {
        return Ok(value.value());
    }
    convert(value).map_err(|cause| {
        let py = value.py();
        if !cause.is_instance_of::<PyException>(py) {
            return cause;
        }
        let shown = value.repr().map(|text| text.to_string_lossy().chars().take(200).collect());
        let shown: String = shown.unwrap_or_else(|_| value.get_type().to_string());
        let error = error::invalid(Invalid::new(format!(
            "Metric `{key}` has a value that is no number: {shown}. Log a number, or an array of one element."
        )));
        error.set_cause(py, Some(cause));
        error
    })
}

fn convert(value: &Bound<'_, PyAny>) -> PyResult<f64> {
    let py = value.py();
    let item = match value.getattr_opt(intern!(py, "item"))? {
        Some(item) => item.call0()?,
        None => value.clone(),
    };
    // As `float` does: also from a text, and from what has `__float__` or `__index__`.
    py.get_type::<PyFloat>().call1((item,))?.extract()
}
