//! The steps of a training loop that nobody looks at: they are counted here, and Python is not entered.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pyo3::prelude::*;
use trackline_capture::pace::Pace;

type Shared = Arc<Mutex<Pace>>;

/// How often a step of one loop is looked at.
#[pyclass(frozen, module = "trackline._native")]
pub struct LoopPace(Shared);

#[pymethods]
impl LoopPace {
    #[new]
    fn new(all: u64, seconds_apart: f64) -> Self {
        let apart = Duration::try_from_secs_f64(seconds_apart).unwrap_or(Duration::MAX);
        Self(Arc::new(Mutex::new(Pace::new(all, apart))))
    }

    #[getter]
    fn due(&self) -> bool {
        locked(&self.0).due
    }

    #[getter]
    fn step(&self) -> u64 {
        locked(&self.0).step()
    }

    #[getter]
    fn interval(&self) -> u64 {
        locked(&self.0).interval
    }

    #[setter]
    fn set_interval(&self, interval: u64) {
        locked(&self.0).interval = interval;
    }

    #[getter]
    fn of_these_one(&self) -> Option<u64> {
        locked(&self.0).of_these_one
    }

    #[setter]
    fn set_of_these_one(&self, many: Option<u64>) {
        locked(&self.0).of_these_one = many;
    }

    fn begin(&self, optimizer: usize, made: u64) {
        locked(&self.0).begin(optimizer, made);
    }

    fn forget(&self, optimizer: usize) {
        locked(&self.0).forget(optimizer);
    }

    fn made(&self, optimizer: usize) -> Option<u64> {
        locked(&self.0).made(optimizer)
    }

    fn stepped(&self, optimizer: usize) -> bool {
        locked(&self.0).stepped(optimizer)
    }

    fn looked(&self) -> bool {
        locked(&self.0).looked()
    }

    fn thin(&self, room: bool) {
        locked(&self.0).thin(room);
    }
}

/// What the hooks of a loop pass through while none of its steps is looked at.
#[pyclass(frozen, module = "trackline._native")]
pub struct StepGate(Mutex<Option<Shared>>);

#[pymethods]
impl StepGate {
    #[new]
    fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Is open at the steps of this loop that are looked at.
    fn follow(&self, pace: &LoopPace) {
        *locked(&self.0) = Some(Arc::clone(&pace.0));
    }

    /// Is open until it follows a loop again.
    fn open(&self) {
        *locked(&self.0) = None;
    }
}

impl StepGate {
    /// Whether a call is passed by.
    pub fn is_shut(&self) -> bool {
        self.followed().is_some_and(|pace| !locked(&pace).due)
    }

    /// Whether a step of this optimizer is passed by; it is counted then.
    pub fn counts(&self, optimizer: usize) -> bool {
        self.followed().is_some_and(|pace| {
            let mut pace = locked(&pace);
            !pace.due && pace.stepped(optimizer)
        })
    }

    fn followed(&self) -> Option<Shared> {
        locked(&self.0).clone()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
