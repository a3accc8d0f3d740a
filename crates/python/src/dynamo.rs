//! `torch.compile`, which takes the functions that run under it to be compiled: ours are not the user's.

use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Does our work. What would compile the functions of this thread is put aside until it is done.
pub fn untraced<'py, T>(py: Python<'py>, work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    let Some((frames, compiles)) = compiling(py) else { return work() };
    let set = intern!(py, "set_eval_frame");
    frames.call_method1(set, (py.None(),))?;
    let result = work();
    frames.call_method1(set, (compiles,))?;
    result
}

/// PyTorch's module for this, and what it calls for each function; None where nothing is compiled.
fn compiling(py: Python<'_>) -> Option<(Bound<'_, PyAny>, Bound<'_, PyAny>)> {
    // SAFETY: the interpreter is held, and `sys.modules` lives as long as it.
    #[allow(unsafe_code)]
    let modules = unsafe { Bound::from_borrowed_ptr_or_opt(py, ffi::PyImport_GetModuleDict()) }?;
    let name = intern!(py, "torch._C._dynamo.eval_frame");
    let frames = modules.cast_into::<PyDict>().ok()?.get_item(name).ok()??;
    let compiles = frames.call_method0(intern!(py, "get_eval_frame_callback")).ok()?;
    (!compiles.is_none()).then_some((frames, compiles))
}
