use pyo3::prelude::*;
use trackline_capture::redact;

/// The value without what is secret in it, by its name or by its shape.
#[pyfunction]
pub fn redacted(name: &str, value: &str) -> String {
    if redact::is_secret_name(name) { redact::REDACTED.to_owned() } else { redact::text(value) }
}
