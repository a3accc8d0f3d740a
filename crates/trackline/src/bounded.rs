use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::drain::too_late;
use crate::process::Process;
use crate::{Error, own_thread};

/// What is done at once needs no more, even when the time is over.
const AT_LEAST: Duration = Duration::from_millis(200);

/// Does the work on a thread of its own, and waits for it until `deadline`: a server may keep us waiting at any step.
///
/// # Errors
/// Those of the work, or `TimedOut`; then the work goes on until the process ends.
pub fn bounded<T: Send + 'static>(
    process: &Arc<Process>,
    deadline: Instant,
    work: impl Fn(&Process) -> Result<T, Error> + Send + Sync + Clone + 'static,
) -> Result<T, Error> {
    let (sender, receiver) = channel();
    let (there, its_work) = (Arc::clone(process), work.clone());
    let started = own_thread::start("trackline-end", move || {
        // Nobody listens any more after the deadline.
        let _ = sender.send(its_work(&there));
    });
    if started.is_err() {
        return work(process);
    }
    let left = deadline.saturating_duration_since(Instant::now());
    match receiver.recv_timeout(left.max(AT_LEAST)) {
        Ok(done) => done,
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
            Err(too_late(process, process.drain.taken(), None))
        }
    }
}
