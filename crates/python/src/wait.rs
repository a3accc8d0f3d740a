use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// How often signals are looked after.
const GLANCE: Duration = Duration::from_millis(50);

/// Does work that may wait for a server or a busy database on a thread of its own, so that Ctrl-C ends the wait; the work
/// then goes on by itself.
pub fn interruptibly<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    let (sender, receiver) = channel();
    thread::Builder::new().name("trackline-wait".to_owned()).spawn(move || {
        // Nobody listens any more after Ctrl-C.
        let _ = sender.send(work());
    })?;
    let receiver = Mutex::new(receiver);
    loop {
        let next = || receiver.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(GLANCE);
        match py.detach(next) {
            Ok(done) => return Ok(done),
            Err(RecvTimeoutError::Timeout) => py.check_signals()?,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(PyRuntimeError::new_err("a thread of Trackline's ended without an answer"));
            }
        }
    }
}
