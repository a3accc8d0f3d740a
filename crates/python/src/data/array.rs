use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use trackline_capture::data::ArrayView;

use crate::error;

/// An object with NumPy's `__array_interface__`, kept alive as long as its memory is looked at.
///
/// <https://numpy.org/doc/stable/reference/arrays.interface.html>
pub struct Array<'py> {
    object: Bound<'py, PyAny>,
    address: usize,
    typestr: String,
    shape: Vec<usize>,
    strides: Option<Vec<isize>>,
}

impl<'py> Array<'py> {
    /// Reads the interface.
    pub fn new(object: &Bound<'py, PyAny>) -> PyResult<Self> {
        let interface = object.getattr("__array_interface__")?;
        let interface = interface.cast::<PyDict>()?;
        let field = |name: &str| {
            let found = interface.get_item(name)?;
            found.ok_or_else(|| PyTypeError::new_err(format!("the array interface lacks `{name}`")))
        };
        let (address, _read_only): (usize, bool) = field("data")?.extract()?;
        let strides = interface.get_item("strides")?.filter(|strides| !strides.is_none());
        Ok(Self {
            object: object.clone(),
            address,
            typestr: field("typestr")?.extract()?,
            shape: field("shape")?.extract()?,
            strides: strides.map(|strides| strides.extract()).transpose()?,
        })
    }

    /// Whether its elements are Python objects.
    pub fn holds_objects(&self) -> bool {
        self.typestr.ends_with('O')
    }

    /// The elements as a list, for what cannot be looked at in memory.
    pub fn to_list(&self) -> PyResult<Bound<'py, PyAny>> {
        self.object.call_method0("tolist")
    }

    /// The elements where they lie.
    pub fn view(&self) -> PyResult<ArrayView<'_>> {
        // SAFETY: the interface promises that this memory holds what it describes while `object` lives, which `self`
        // keeps alive as long as the view; the GIL is held, so no Python code writes to it meanwhile.
        #[allow(unsafe_code)]
        let view = unsafe {
            ArrayView::from_address(self.address, &self.typestr, &self.shape, self.strides.as_deref())
        };
        view.map_err(error::invalid)
    }
}
