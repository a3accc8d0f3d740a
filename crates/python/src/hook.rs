use pyo3::prelude::*;

use crate::run;

/// A hook begins on this thread: what it takes until `hook_ends` is charged to the run that it logs to.
#[pyfunction]
pub fn hook_begins() {
    trackline::hook_begins();
}

/// The hook that began last on this thread is over; a run may be charged for it or not.
#[pyfunction]
pub fn hook_ends(charged: bool) {
    trackline::hook_ends(charged);
}

/// As `RunHandle.allows`, while there is no run yet.
#[pyfunction]
#[pyo3(signature = (detail, cost=0.0))]
pub fn allowed_before_run(detail: &str, cost: f64) -> PyResult<bool> {
    Ok(trackline::allowed_before_run(run::detail(detail)?, run::seconds(cost)))
}
