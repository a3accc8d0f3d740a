use pyo3::prelude::*;
use pyo3::types::PyTuple;
use trackline_capture::data::{Column, Values};

use super::array::Array;

/// The values of a column as Python gives them: an array; an array and a mask, not 0 where the value is missing; a
/// list of texts with `None` where one is missing; `None` for values of another kind.
pub enum PyValues<'py> {
    Array(Array<'py>),
    Masked(Array<'py>, Array<'py>),
    Text(Vec<Option<String>>),
    Opaque,
}

impl<'py> PyValues<'py> {
    /// Finds out which.
    pub fn new(object: &Bound<'py, PyAny>) -> PyResult<Self> {
        if object.is_none() {
            return Ok(Self::Opaque);
        }
        if let Ok(pair) = object.cast::<PyTuple>() {
            return Ok(Self::Masked(Array::new(&pair.get_item(0)?)?, Array::new(&pair.get_item(1)?)?));
        }
        if !object.hasattr("__array_interface__")? {
            return Ok(Self::texts(object));
        }
        let array = Array::new(object)?;
        if array.holds_objects() { Ok(Self::texts(&array.to_list()?)) } else { Ok(Self::Array(array)) }
    }

    fn texts(list: &Bound<'py, PyAny>) -> Self {
        list.extract().map_or(Self::Opaque, Self::Text)
    }

    /// The values for the crate that looks at them.
    pub fn view(&self) -> PyResult<Values<'_>> {
        Ok(match self {
            Self::Array(array) => Values::Array(array.view()?),
            Self::Masked(array, mask) => Values::Masked(array.view()?, mask.view()?),
            Self::Text(texts) => Values::Text(texts.clone()),
            Self::Opaque => Values::Opaque,
        })
    }
}

/// Names and values.
pub struct PyColumns<'py>(Vec<(String, PyValues<'py>)>);

impl<'py> PyColumns<'py> {
    /// From a list of pairs.
    pub fn new(pairs: Vec<(String, Bound<'py, PyAny>)>) -> PyResult<Self> {
        let columns: PyResult<_> =
            pairs.into_iter().map(|(name, values)| Ok((name, PyValues::new(&values)?))).collect();
        columns.map(Self)
    }

    /// The columns for the crate that looks at them.
    pub fn view(&self) -> PyResult<Vec<Column<'_>>> {
        self.0
            .iter()
            .map(|pair| {
                let (name, values) = (pair.0.clone(), pair.1.view()?);
                Ok(Column { name, values })
            })
            .collect()
    }
}
