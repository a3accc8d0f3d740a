//! Texts and pictures that are written here and not in Python.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt};
use trackline::Invalid;
use trackline_capture::csv::{self, Cell};
use trackline_capture::mlmodel::ModelFile;
use trackline_capture::structure::Node;
use trackline_capture::{figure, html};

use crate::convert::{from_python, to_python};
use crate::error;
use crate::picture::Picture;

/// Plain values as YAML.
#[pyfunction]
pub fn to_yaml(value: &Bound<'_, PyAny>) -> PyResult<String> {
    serde_saphyr::to_string(&from_python(value)?).map_err(|error| invalid("YAML cannot be written", &error))
}

/// The plain values of a YAML text.
#[pyfunction]
pub fn from_yaml<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let value: serde_json::Value =
        serde_saphyr::from_str(text).map_err(|error| invalid("YAML cannot be read", &error))?;
    to_python(py, &value)
}

/// The text of an `MLmodel` file with these fields.
#[pyfunction]
pub fn write_mlmodel(fields: &Bound<'_, PyAny>) -> PyResult<String> {
    let file: ModelFile = serde_json::from_value(from_python(fields)?)
        .map_err(|error| invalid("The fields of an MLmodel file are wrong", &error))?;
    file.to_yaml().map_err(error::invalid)
}

/// The fields of an `MLmodel` file, MLflow's or ours.
#[pyfunction]
pub fn read_mlmodel<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    to_python(py, &ModelFile::from_yaml(text).map_err(error::invalid)?)
}

/// `estimator.html` of a tree of estimators, as the document `structure` holds it.
#[pyfunction]
pub fn estimator_html(tree: &Bound<'_, PyAny>) -> PyResult<String> {
    let root: Node = serde_json::from_value(from_python(tree)?)
        .map_err(|error| invalid("The tree of estimators is wrong", &error))?;
    Ok(html::estimator(&root))
}

/// A PNG of the largest importances as bars.
#[pyfunction]
pub fn draw_feature_importance(importance: Vec<(String, f64)>, title: String) -> Picture {
    Picture::of(move || figure::feature_importance(&importance, &title))
}

/// Columns as CSV: numbers, truth values, `None`, and `str` of everything else.
#[pyfunction]
pub fn write_csv(columns: Vec<(String, Vec<Bound<'_, PyAny>>)>) -> PyResult<String> {
    let column = |(name, values): (String, Vec<Bound<'_, PyAny>>)| {
        let cells: PyResult<Vec<Cell>> = values.iter().map(cell).collect();
        Ok((name, cells?))
    };
    let columns: PyResult<Vec<_>> = columns.into_iter().map(column).collect();
    Ok(csv::write(&columns?))
}

fn cell(value: &Bound<'_, PyAny>) -> PyResult<Cell> {
    if value.is_none() {
        return Ok(Cell::Null);
    }
    if let Ok(flag) = value.cast::<PyBool>() {
        return Ok(Cell::Bool(flag.is_true()));
    }
    if value.is_instance_of::<PyInt>()
        && let Ok(number) = value.extract()
    {
        return Ok(Cell::Int(number));
    }
    if value.is_instance_of::<PyFloat>() {
        return Ok(Cell::Float(value.extract()?));
    }
    Ok(Cell::Text(value.str()?.to_string_lossy().into_owned()))
}

fn invalid(what: &str, error: &impl std::fmt::Display) -> PyErr {
    error::invalid(Invalid::new(format!("{what}: {error}")))
}
