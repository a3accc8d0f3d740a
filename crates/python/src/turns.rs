//! What the user's loops compute, turn by turn.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString};
use trackline_capture::turns::{Point, Turns};

/// The values of one place in a loop of the user.
#[pyclass(frozen, module = "trackline._native")]
pub struct LoopValues {
    of: Vec<Value>,
    /// Called with this, now and then, to take what there is.
    take: Py<PyAny>,
    state: Mutex<State>,
}

/// What is looked at in a variable.
struct Value {
    /// Whether whole numbers count.
    whole: bool,
    attribute: Option<Name>,
    key: Option<Name>,
}

type Name = Py<PyString>;

struct State {
    turns: Turns,
    taken: Instant,
    /// Numbers on a device, the oldest first.
    waiting: Vec<Waiting>,
}

struct Waiting {
    name: usize,
    point: Point,
    array: Py<PyAny>,
}

enum Number {
    Here(f64),
    /// An array of JAX, which may not be computed yet.
    Later,
}

const BETWEEN: Duration = Duration::from_secs(2);
const MOST_WAITING: usize = 64;

#[pymethods]
impl LoopValues {
    #[new]
    fn new(values: Vec<(bool, Option<Name>, Option<Name>)>, take: Py<PyAny>) -> Self {
        let of: Vec<_> =
            values.into_iter().map(|(whole, attribute, key)| Value { whole, attribute, key }).collect();
        let now = Instant::now();
        let state = State { turns: Turns::new(of.len(), now), taken: now, waiting: Vec::new() };
        Self { of, take, state: Mutex::new(state) }
    }

    /// The variables of a turn, and the loop's counter. False when looking costs too much beside such short turns.
    #[pyo3(signature = (counter, *variables))]
    pub fn see(
        slf: &Bound<'_, Self>,
        counter: &Bound<'_, PyAny>,
        variables: Vec<Bound<'_, PyAny>>,
    ) -> PyResult<bool> {
        let this = slf.get();
        let now = Instant::now();
        let (step, due) = this.state().turns.begin(whole(counter), now);
        let timestamp = if due { timestamp() } else { 0 };
        for (name, (variable, of)) in variables.into_iter().zip(&this.of).enumerate() {
            let point = Point { step, value: 0.0, timestamp };
            let Some(value) = of.held_in(variable) else { continue };
            match number(&value, of.whole, due) {
                Some(Number::Here(value)) => this.state().turns.add(name, Point { value, ..point }, due),
                Some(Number::Later) if due => this.wait(name, point, &value),
                _ => {}
            }
        }
        if due {
            this.arrived(slf.py(), false);
            if this.is_time(now) {
                this.take.bind(slf.py()).call1((slf,))?;
            }
        }
        Ok(this.state().turns.is_cheap(now))
    }

    /// Steps, values and times of each name since the last call, of those that are curves; in the end all of them, and what
    /// follows begins anew.
    fn points(&self, py: Python<'_>, ended: bool) -> Vec<Vec<(i64, f64, i64)>> {
        self.arrived(py, ended);
        let mut state = self.state();
        let of = |point: Point| (point.step, point.value, point.timestamp);
        let points = (0..self.of.len())
            .map(|name| state.turns.take(name, ended).into_iter().map(of).collect())
            .collect();
        if ended {
            state.turns = Turns::new(self.of.len(), Instant::now());
        }
        points
    }

    /// The latest value of each name.
    fn latest(&self) -> Vec<Option<f64>> {
        let state = self.state();
        (0..self.of.len()).map(|name| state.turns.latest(name)).collect()
    }
}

impl Value {
    /// Read where it lies: properties and methods of the user are not called.
    fn held_in<'py>(&self, variable: Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
        let py = variable.py();
        let mut held = variable;
        if let Some(attribute) = &self.attribute {
            held = dict_of(&held)?.get_item(attribute.bind(py)).ok()??;
        }
        if let Some(key) = &self.key {
            held = held.cast::<PyDict>().ok()?.get_item(key.bind(py)).ok()??;
        }
        Some(held)
    }
}

#[allow(unsafe_code)]
fn dict_of<'py>(instance: &Bound<'py, PyAny>) -> Option<Bound<'py, PyDict>> {
    // SAFETY: called with the interpreter held; it gives a new reference, or none and an error.
    let dict = unsafe {
        let dict = ffi::PyObject_GenericGetDict(instance.as_ptr(), std::ptr::null_mut());
        Bound::from_owned_ptr_or_err(instance.py(), dict)
    };
    dict.ok()?.cast_into().ok()
}

impl LoopValues {
    /// Held for moments in which no Python runs, so a fork finds it free.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_time(&self, now: Instant) -> bool {
        let mut state = self.state();
        let time = now.duration_since(state.taken) >= BETWEEN;
        if time {
            state.taken = now;
        }
        time
    }

    fn wait(&self, name: usize, point: Point, value: &Bound<'_, PyAny>) {
        let mut state = self.state();
        if state.waiting.len() < MOST_WAITING {
            state.waiting.push(Waiting { name, point, array: value.clone().unbind() });
        }
    }

    /// Reads the numbers that are there; in the end, all of them.
    fn arrived(&self, py: Python<'_>, ended: bool) {
        let mut waiting = std::mem::take(&mut self.state().waiting);
        let there = waiting.iter().take_while(|one| ended || is_ready(one.array.bind(py))).count();
        for one in waiting.drain(..there) {
            // It may have been given to a computation that took its memory.
            if let Ok(value) = one.array.bind(py).call_method0("__float__").and_then(|value| value.extract())
            {
                self.state().turns.add(one.name, Point { value, ..one.point }, true);
            }
        }
        self.state().waiting.splice(0..0, waiting);
    }
}

fn is_ready(array: &Bound<'_, PyAny>) -> bool {
    array.call_method0("is_ready").and_then(|ready| ready.is_truthy()).unwrap_or(true)
}

fn timestamp() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn whole(value: &Bound<'_, PyAny>) -> Option<i64> {
    value.is_exact_instance_of::<PyInt>().then(|| value.extract().ok()).flatten()
}

/// A number of Python, NumPy, JAX or TensorFlow, also in an array of one element or at the end of a list. Nothing of other types is touched: that could run
/// code of the user.
fn number(value: &Bound<'_, PyAny>, whole: bool, due: bool) -> Option<Number> {
    if let Ok(float) = value.cast::<PyFloat>() {
        return Some(Number::Here(float.value()));
    }
    if value.is_instance_of::<PyBool>() || value.is_none() {
        return None;
    }
    if value.is_exact_instance_of::<PyInt>() {
        return whole.then(|| value.extract().ok().map(Number::Here)).flatten();
    }
    if !due {
        return None;
    }
    match value.cast_exact::<PyList>() {
        Ok(list) => match number(&list.get_item(list.len().checked_sub(1)?).ok()?, false, due) {
            Some(Number::Here(value)) => Some(Number::Here(value)),
            _ => None,
        },
        Err(_) => of_library(value, whole),
    }
}

fn of_library(value: &Bound<'_, PyAny>, whole: bool) -> Option<Number> {
    let kind = value.get_type();
    let module = kind.module().ok()?;
    let module = module.to_str().ok()?;
    if module != "numpy" && !module.starts_with("jaxlib") && !module.starts_with("tensorflow") {
        return None;
    }
    let name = kind.name().ok()?;
    let name = name.to_str().ok()?;
    match (module, name) {
        ("numpy", "ndarray") => single(value).and_then(|value| value.extract().ok()).map(Number::Here),
        ("numpy", _) if name.starts_with("float") || (whole && name.starts_with("int")) => {
            value.extract().ok().map(Number::Here)
        }
        (_, "ArrayImpl") => {
            (value.getattr("ndim").ok()?.extract::<usize>().ok()? == 0).then_some(Number::Later)
        }
        (_, "EagerTensor") => of_tensorflow(value).map(Number::Here),
        _ => None,
    }
}

/// A tensor does not say whether it is computed yet, so that one on a device is left alone.
fn of_tensorflow(tensor: &Bound<'_, PyAny>) -> Option<f64> {
    let here = tensor.getattr("device").ok()?.extract::<String>().ok()?.contains("CPU");
    let one = here && tensor.getattr("ndim").ok()?.extract::<usize>().ok()? == 0;
    let float = one && tensor.getattr("dtype").ok()?.getattr("is_floating").ok()?.is_truthy().ok()?;
    if float { tensor.call_method0("__float__").ok()?.extract().ok() } else { None }
}

fn single<'py>(array: &Bound<'py, PyAny>) -> Option<Bound<'py, PyAny>> {
    let one = array.getattr("size").ok()?.extract::<usize>().ok()? == 1;
    let float = one && array.getattr("dtype").ok()?.getattr("kind").ok()?.eq("f").ok()?;
    if float { array.call_method0("item").ok() } else { None }
}
