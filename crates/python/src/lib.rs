//! The extension module `trackline._native`: thin classes over the runtime, and no logic.

use pyo3::prelude::*;

/// The native half of the package.
#[pymodule]
fn _native(_module: &Bound<'_, PyModule>) -> PyResult<()> {
    Ok(())
}
