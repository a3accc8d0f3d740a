use pyo3::prelude::*;
use trackline::{Category, Invalid};

use crate::error;

/// Every category of what is captured.
#[pyfunction]
pub fn capture_categories() -> Vec<&'static str> {
    Category::ALL.iter().map(|category| category.name()).collect()
}

/// Whether a category is captured.
#[pyfunction]
pub fn capture_is_on(category: &str) -> PyResult<bool> {
    Ok(of(category)?.is_on())
}

/// Switches a category for this process; `None` leaves it to the environment and the project again.
#[pyfunction]
#[pyo3(signature = (category, on))]
pub fn choose_capture(category: &str, on: Option<bool>) -> PyResult<()> {
    of(category)?.choose(on);
    Ok(())
}

fn of(name: &str) -> PyResult<Category> {
    Category::of(name)
        .ok_or_else(|| error::invalid(Invalid::new(format!("there is no category `{name}` to capture"))))
}
