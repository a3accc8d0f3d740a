//! What a program shows on its way to the screen.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use trackline::{Hook, SampledHook};
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
    /// it, the outermost first, `results` the numbers on it that the code has computed.
    #[pyo3(signature = (line, turns=Vec::new(), results=Vec::new()))]
    fn read(&self, line: &str, turns: Vec<i64>, results: Vec<f64>) -> Vec<(String, f64, i64, f64)> {
        let shown = self.0.lock().unwrap_or_else(PoisonError::into_inner).read(line, &turns, &results);
        shown.into_iter().map(|shown| (shown.key, shown.value, shown.step, shown.confidence)).collect()
    }
}

/// The method `write` of a stream, with each line that goes through it shown to `on_line` as well, as long as `allows` says
/// that there is time for it. It has no frame, and what it calls gets, returns and raises what it would without it.
#[pyclass(frozen, module = "trackline._native")]
pub struct Tap {
    write: Py<PyAny>,
    on_line: Py<PyAny>,
    allows: Py<PyAny>,
    state: Mutex<Written>,
}

struct Written {
    /// What each thread has written since its last line ended.
    begun: HashMap<u64, String>,
    /// Lines that there was no time for; the last ones are read in the end.
    skipped: VecDeque<String>,
    /// Whether there was time when that was asked last.
    allowed: bool,
    asked: Instant,
    shown: usize,
}

/// While there is time, it is asked again after so many lines; while there is none, after so long.
const ASKED_EVERY: usize = 16;
const ASKED_AFTER: Duration = Duration::from_millis(10);
const LONGEST: usize = 4096;
const MOST_SKIPPED: usize = 32;

#[pymethods]
impl Tap {
    #[new]
    fn new(write: Py<PyAny>, on_line: Py<PyAny>, allows: Py<PyAny>) -> Self {
        let state = Mutex::new(Written {
            begun: HashMap::new(),
            skipped: VecDeque::new(),
            allowed: true,
            asked: Instant::now(),
            shown: 0,
        });
        Self { write, on_line, allows, state }
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
            // Not in one expression: the lock would be held while they are shown.
            let lines = self.state().lines(text);
            for line in lines {
                self.show(py, line)?;
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
    fn state(&self) -> MutexGuard<'_, Written> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, py: Python<'_>, line: String) -> PyResult<()> {
        let _hook = Hook::begin();
        let asks = self.state().is_to_ask();
        if asks {
            let allowed = self.allows.bind(py).call0()?.is_truthy()?;
            let mut state = self.state();
            (state.allowed, state.asked) = (allowed, Instant::now());
            if !allowed {
                state.skip(line);
                return Ok(());
            }
        }
        self.on_line.bind(py).call1((line,)).map(drop)
    }
}

impl Written {
    /// The lines that end with this text and may be shown.
    fn lines(&mut self, text: &str) -> Vec<String> {
        let _hook = SampledHook::begin();
        let begun = self.begun.entry(thread_number()).or_default();
        let mut ended = Vec::new();
        for part in text.split_inclusive('\n') {
            if begun.len() + part.len() <= LONGEST {
                begun.push_str(part);
            }
            if part.ends_with('\n') {
                ended.push(std::mem::take(begun));
            }
        }
        if self.allowed || self.asked.elapsed() >= ASKED_AFTER {
            return ended;
        }
        ended.into_iter().for_each(|line| self.skip(line));
        Vec::new()
    }

    fn is_to_ask(&mut self) -> bool {
        self.shown += 1;
        !self.allowed || self.shown.is_multiple_of(ASKED_EVERY)
    }

    fn skip(&mut self, line: String) {
        if self.skipped.len() >= MOST_SKIPPED {
            self.skipped.pop_front();
        }
        self.skipped.push_back(line);
    }
}
