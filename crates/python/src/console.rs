use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use trackline::console::{self, Stream};

/// The method `write` of `sys.stdout` or `sys.stderr`, which also tells the runs that listen. A class of the extension leaves
/// no frame in the user's tracebacks.
#[pyclass(frozen, module = "trackline._native")]
pub struct ConsoleWriter {
    stream: Stream,
    write: Py<PyAny>,
}

#[pymethods]
impl ConsoleWriter {
    #[new]
    fn new(stream: &str, write: Py<PyAny>) -> PyResult<Self> {
        let stream = match stream {
            "stdout" => Stream::Out,
            "stderr" => Stream::Err,
            _ => return Err(PyValueError::new_err(format!("`{stream}` is neither stdout nor stderr"))),
        };
        Ok(Self { stream, write })
    }

    /// What is observed.
    #[getter]
    fn __wrapped__(&self, py: Python<'_>) -> Py<PyAny> {
        self.write.clone_ref(py)
    }

    #[pyo3(signature = (*args, **kwargs))]
    fn __call__(
        &self,
        py: Python<'_>,
        args: &Bound<'_, PyTuple>,
        kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Py<PyAny>> {
        if let Ok(text) = args.get_item(0)
            && let Ok(text) = text.cast::<PyString>()
            && let Ok(text) = text.to_str()
        {
            console::writes(self.stream, text.as_bytes());
        }
        self.write.call(py, args, kwargs)
    }
}
