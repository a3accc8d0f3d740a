use pyo3::prelude::*;
use trackline::Mode;

use crate::error;

/// `online`, `offline` or `off`, as the environment says.
#[pyfunction]
pub fn mode() -> PyResult<&'static str> {
    Mode::from_environment().map(Mode::as_str).map_err(error::runtime)
}
