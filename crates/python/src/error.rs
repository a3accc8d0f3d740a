//! Errors as the package's one exception type, with MLflow's `error_code`.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use trackline::store;
use trackline::{ErrorKind, Invalid};

/// The caller's own data broke a rule.
pub fn invalid(error: Invalid) -> PyErr {
    raise(error.message, "INVALID_PARAMETER_VALUE")
}

/// The runtime could not do what was asked.
pub fn runtime(error: trackline::Error) -> PyErr {
    raise(error.message, runtime_code(error.kind))
}

/// The store refused a query.
pub fn query(error: store::Error) -> PyErr {
    let code = match error.kind {
        store::ErrorKind::Invalid | store::ErrorKind::Conflict => "INVALID_PARAMETER_VALUE",
        store::ErrorKind::NotFound => "RESOURCE_DOES_NOT_EXIST",
        store::ErrorKind::AlreadyExists => "RESOURCE_ALREADY_EXISTS",
        store::ErrorKind::Denied => "PERMISSION_DENIED",
        store::ErrorKind::Unavailable | store::ErrorKind::Locked => "TEMPORARILY_UNAVAILABLE",
        store::ErrorKind::Full => "RESOURCE_EXHAUSTED",
        _ => "INTERNAL_ERROR",
    };
    raise(error.message, code)
}

/// MLflow's name for the trouble.
pub fn runtime_code(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Invalid | ErrorKind::Unsupported => "INVALID_PARAMETER_VALUE",
        ErrorKind::ReadOnly | ErrorKind::Denied => "PERMISSION_DENIED",
        ErrorKind::Unreachable => "TEMPORARILY_UNAVAILABLE",
        ErrorKind::DiskFull => "RESOURCE_EXHAUSTED",
        ErrorKind::TimedOut => "DEADLINE_EXCEEDED",
        _ => "INTERNAL_ERROR",
    }
}

/// `trackline.exceptions.TracklineException(message, error_code)`.
fn raise(message: String, code: &'static str) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    Python::attach(|py| match CLASS.import(py, "trackline.exceptions", "TracklineException") {
        Ok(class) => PyErr::from_type(class.clone(), (message, code)),
        Err(error) => error,
    })
}
