use std::ffi::OsString;
use std::path::PathBuf;

use pyo3::prelude::*;
use trackline::Interpreter;

/// A figure that no thread of the program draws.
#[pyclass(frozen, module = "trackline._native")]
pub struct Picture(pub trackline::Picture);

#[pymethods]
impl Picture {
    /// Hands a figure to the process that `program` with these arguments is, which is started if there is none.
    #[new]
    fn new(figure: &[u8], program: PathBuf, arguments: Vec<OsString>) -> Self {
        Self(trackline::Picture::drawn_by(Interpreter { program, arguments }, figure.to_vec()))
    }
}

impl Picture {
    /// What `draw` gives, which does not touch Python.
    pub fn of(draw: impl FnOnce() -> Vec<u8> + Send + 'static) -> Self {
        Self(trackline::Picture::of(draw))
    }
}
