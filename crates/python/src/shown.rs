//! What a program shows on its way to the screen.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use trackline_capture::shown::Lines;

use crate::thread::thread_number;

/// Reads metrics out of lines; knows the lines before.
#[pyclass(frozen, module = "trackline._native")]
#[derive(Default)]
pub struct ShownLines(Mutex<Lines>);

#[pymethods]
impl ShownLines {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Key, value, step and confidence of each metric on a line; `turns` are the loops around the code that shows
    /// it, the outermost first.
    #[pyo3(signature = (line, turns=Vec::new()))]
    fn read(&self, line: &str, turns: Vec<i64>) -> Vec<(String, f64, i64, f64)> {
        let shown = self.0.lock().unwrap_or_else(PoisonError::into_inner).read(line, &turns);
        shown.into_iter().map(|shown| (shown.key, shown.value, shown.step, shown.confidence)).collect()
    }
}

/// The method `write` of a stream, with each line that goes through it shown to `on_line` as well. It has no frame, and
/// what it calls gets, returns and raises what it would without it.
#[pyclass(frozen, module = "trackline._native")]
pub struct Tap {
    write: Py<PyAny>,
    on_line: Py<PyAny>,
    state: Mutex<Written>,
}

struct Written {
    /// What each thread has written since its last line ended.
    begun: HashMap<u64, String>,
    /// Lines that there was no time for; the last ones are read in the end.
    skipped: Vec<String>,
    since: Instant,
    spent: Duration,
}

/// What processor time may be spent on lines: so much in all, and that share of the program's time.
const FREE: Duration = Duration::from_millis(50);
const SHARE: u32 = 200;
const LONGEST: usize = 4096;
const MOST_SKIPPED: usize = 32;

#[pymethods]
impl Tap {
    #[new]
    fn new(write: Py<PyAny>, on_line: Py<PyAny>) -> Self {
        let written = Written {
            begun: HashMap::new(),
            skipped: Vec::new(),
            since: Instant::now(),
            spent: Duration::ZERO,
        };
        Self { write, on_line, state: Mutex::new(written) }
    }

    #[pyo3(signature = (*args, **kwargs))]
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let result = self.write.bind(py).call(args, kwargs)?;
        if let Ok(text) = args.get_item(0)
            && let Ok(text) = text.cast::<PyString>()
            && let Ok(text) = text.to_str()
        {
            for line in self.lines(text) {
                self.show(py, &line)?;
            }
        }
        Ok(result)
    }

    /// Shows what was written last and not shown yet.
    fn flush(&self, py: Python<'_>) -> PyResult<()> {
        let mut state = self.state();
        let mut lines = std::mem::take(&mut state.skipped);
        lines.extend(state.begun.drain().map(|(_, line)| line));
        drop(state);
        lines.iter().try_for_each(|line| self.on_line.bind(py).call1((line,)).map(drop))
    }

    /// What is observed.
    #[getter]
    fn __wrapped__(&self, py: Python<'_>) -> Py<PyAny> {
        self.write.clone_ref(py)
    }

    fn __getattr__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        self.write.bind(py).getattr(name)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.write.bind(py).repr()?.to_string())
    }
}

impl Tap {
    fn state(&self) -> std::sync::MutexGuard<'_, Written> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lines that end with this text.
    fn lines(&self, text: &str) -> Vec<String> {
        let mut state = self.state();
        let begun = state.begun.entry(thread_number()).or_default();
        let mut ended = Vec::new();
        for part in text.split_inclusive('\n') {
            if begun.len() + part.len() <= LONGEST {
                begun.push_str(part);
            }
            if part.ends_with('\n') {
                ended.push(std::mem::take(begun));
            }
        }
        ended
    }

    fn show(&self, py: Python<'_>, line: &str) -> PyResult<()> {
        let started = trackline::thread_time();
        let mut state = self.state();
        if state.spent > FREE.max(state.since.elapsed() / SHARE) {
            if state.skipped.len() >= MOST_SKIPPED {
                state.skipped.remove(0);
            }
            state.skipped.push(line.to_owned());
            return Ok(());
        }
        drop(state);
        let result = self.on_line.bind(py).call1((line,));
        self.state().spent += trackline::thread_time().saturating_sub(started);
        result.map(drop)
    }
}
