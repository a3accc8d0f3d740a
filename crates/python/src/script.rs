//! Code of the user that is about to run, and running other code of the same effect in its place.
//!
//! The interpreter compiles the script itself, and asks nobody but the audit hooks before it runs the code: the event `exec`
//! (<https://docs.python.org/3/library/audit_events.html>). So the hook runs other code in its place, and then ends the program
//! as the interpreter would. No frame is below that of the script.

use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::exceptions::{PyKeyboardInterrupt, PySystemExit};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

/// An audit hook; `begins(code)` is called with each code object that is about to be run by name: a script, a module, a cell of a
/// notebook, a text given to `exec`.
#[pyclass(frozen, module = "trackline._native")]
pub struct CodeHook {
    begins: Py<PyAny>,
}

#[pymethods]
impl CodeHook {
    #[new]
    fn new(begins: Py<PyAny>) -> Self {
        Self { begins }
    }

    fn __call__(&self, event: &Bound<'_, PyString>, args: &Bound<'_, PyTuple>) -> PyResult<()> {
        if event.to_str().is_ok_and(|event| event == "exec") {
            self.begins.bind(event.py()).call1((args.get_item(0)?,))?;
        }
        Ok(())
    }
}

/// The `get_code` of a module's loader, for once; `replaced(code)` gives the code that runs instead, None for its own. It has no
/// frame: the traceback of a syntax error is what it would be without it.
#[pyclass(frozen, module = "trackline._native")]
pub struct ModuleCode {
    loader: Py<PyAny>,
    replaced: Py<PyAny>,
}

#[pymethods]
impl ModuleCode {
    #[new]
    fn new(loader: Py<PyAny>, replaced: Py<PyAny>) -> Self {
        Self { loader, replaced }
    }

    fn __call__<'py>(&self, py: Python<'py>, name: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let loader = self.loader.bind(py);
        loader.delattr("get_code")?; // It stood in front of the class's own.
        let code = loader.call_method1("get_code", (name,))?;
        let replaced = self.replaced.bind(py).call1((&code,))?;
        Ok(if replaced.is_none() { code } else { replaced })
    }
}

/// An audit hook for the script of this process; `replaced(code)` gives the code that runs in its place, None for its own.
#[pyclass(frozen, module = "trackline._native")]
pub struct ScriptHook {
    file: String,
    replaced: Py<PyAny>,
    met: AtomicBool,
}

#[pymethods]
impl ScriptHook {
    #[new]
    fn new(file: String, replaced: Py<PyAny>) -> Self {
        Self { file, replaced, met: AtomicBool::new(false) }
    }

    /// A debugger that the script starts sees its lines: without this, nothing is traced below an audit hook.
    #[classattr]
    fn __cantrace__() -> bool {
        true
    }

    fn __call__(&self, event: &Bound<'_, PyString>, args: &Bound<'_, PyTuple>) -> PyResult<()> {
        if self.met.load(Ordering::Relaxed) || !event.to_str().is_ok_and(|event| event == "exec") {
            return Ok(());
        }
        let Ok(code) = args.get_item(0) else { return Ok(()) };
        let is_script = code.getattr("co_filename").is_ok_and(|file| file.eq(&self.file).unwrap_or(false));
        if !is_script || self.met.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        let py = event.py();
        let code = self.replaced.bind(py).call1((code,))?;
        if code.is_none() {
            return Ok(());
        }
        let names = py.import("__main__")?.dict();
        let result = evaluate(&code, &names);
        if let Err(error) = &result
            && error.get_type(py).is(py.get_type::<PyKeyboardInterrupt>())
        {
            end_by_interrupt();
        }
        result?;
        // What the interpreter takes out again after the script.
        for name in ["__file__", "__cached__"] {
            drop(names.del_item(name));
        }
        Err(PySystemExit::new_err(()))
    }
}

/// The call of the hook counts as one on the way to the limit of recursion, which the script has no less of.
#[allow(unsafe_code)]
fn evaluate(code: &Bound<'_, PyAny>, names: &Bound<'_, PyDict>) -> PyResult<()> {
    // SAFETY: called with the interpreter held, with a code object and a dict; it gives a new reference, or none and an error.
    // The call that is left is entered again.
    let result = unsafe {
        ffi::Py_LeaveRecursiveCall();
        let value = ffi::PyEval_EvalCode(code.as_ptr(), names.as_ptr(), names.as_ptr());
        let result = Bound::from_owned_ptr_or_err(code.py(), value);
        ffi::Py_EnterRecursiveCall(c"".as_ptr());
        result
    };
    result.map(drop)
}

/// An interrupt that the script does not catch kills the process once the interpreter has ended: whoever waits for it then
/// knows that Ctrl-C was its end.
#[allow(unsafe_code)]
fn end_by_interrupt() {
    unsafe extern "C" {
        fn Py_AtExit(then: Option<extern "C" fn()>) -> c_int;
    }
    extern "C" fn die() {
        // SAFETY: both calls take plain numbers, and this is the last thing that the process does.
        unsafe {
            libc::signal(libc::SIGINT, libc::SIG_DFL);
            libc::kill(libc::getpid(), libc::SIGINT);
        }
    }
    // SAFETY: a function of the stable ABI, called with the interpreter held.
    unsafe {
        Py_AtExit(Some(die));
    }
}
