use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::run;

/// The generation of objects that a collection of all comes to.
const OLDEST: u32 = 2;

/// A hook begins on this thread: what it takes until `hook_ends` is charged to the run that it logs to, or to none.
#[pyfunction]
pub fn hook_begins(charged: bool) {
    trackline::hook_begins(charged);
}

/// The hook that began last on this thread is over.
#[pyfunction]
pub fn hook_ends() {
    trackline::hook_ends();
}

/// As `RunHandle.allows`, while there is no run yet.
#[pyfunction]
#[pyo3(signature = (detail, cost=0.0))]
pub fn allowed_before_run(detail: &str, cost: f64) -> PyResult<bool> {
    Ok(trackline::allowed_before_run(run::detail(detail)?, run::seconds(cost)))
}

/// A callback of Python's `gc`. A collection of all objects, which those of the program have made due, is no work of the hook that it
/// happens in.
#[pyfunction]
pub fn collection(phase: &str, info: &Bound<'_, PyDict>) {
    let generation = info.get_item("generation").ok().flatten();
    let of_all = generation.and_then(|generation| generation.extract::<u32>().ok()) == Some(OLDEST);
    match phase {
        "start" if of_all => trackline::hook_pauses(),
        "stop" if of_all => trackline::hook_goes_on(),
        _ => {}
    }
}
