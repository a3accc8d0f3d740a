use pyo3::prelude::*;
use trackline_capture::rank;

use crate::run::RunHandle;

/// This process is of a group that no launcher made, and has this rank in it. What the environment says counts first. The run that it
/// has joined says why, should it die as another than the first. `first`: the first rank is this child, from 1 on, of the process
/// that started all of them.
#[pyfunction]
pub fn tell_rank(py: Python<'_>, rank: u32, first: Option<u32>, run: Option<&RunHandle>) {
    rank::tell(rank, first);
    if let Some(run) = run {
        py.detach(|| run.0.attend());
    }
}
