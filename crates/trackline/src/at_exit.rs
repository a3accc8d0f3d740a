//! Runs that are open when the program ends: how it ended shows in its exit code, which the C library tells.

use std::time::{Duration, Instant};

use trackline_model::{Ending, ExitKind, RunStatus};

use crate::{Error, Tracker};

impl Tracker {
    /// Brings everything into the store, and ends the runs that are still open when the process ends: finished with
    /// the exit code 0, else failed; why, says `failure`, or else the code. For the end of an interpreter, which does
    /// not know the code. Where the C library does not tell it, they end now.
    ///
    /// # Errors
    /// As [`shutdown`](Self::shutdown).
    pub fn end_at_exit(&self, failure: Option<Ending>, within: Duration) -> Result<(), Error> {
        let began = Instant::now();
        let process = self.process();
        let has_open_runs = !process.open_runs().is_empty();
        if has_open_runs && by_code::register(self, failure.clone()) {
            return process.flush(Some(began + within));
        }
        // A program may catch that it is left, and end well.
        let failure = failure.filter(|failure| !is_exit(failure));
        self.shutdown(failure.unwrap_or(RunStatus::Finished.into()), within.saturating_sub(began.elapsed()))
    }
}

/// Whether a program was left with an exit code.
fn is_exit(ending: &Ending) -> bool {
    ending.exit.as_ref().is_some_and(|exit| exit.kind == ExitKind::Exit)
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod by_code {
    use std::ffi::{c_int, c_void};
    use std::ptr;
    use std::sync::{Mutex, OnceLock, PoisonError};
    use std::time::Duration;

    use trackline_model::{Ending, Exit, ExitKind, RunStatus};

    use super::is_exit;
    use crate::Tracker;

    /// All that is waited for at this point: what was there before is in the store.
    const WITHIN: Duration = Duration::from_secs(5);
    static TRACKERS: Mutex<Vec<(Tracker, Option<Ending>)>> = Mutex::new(Vec::new());

    #[allow(unsafe_code)]
    unsafe extern "C" {
        fn on_exit(function: extern "C" fn(c_int, *mut c_void), argument: *mut c_void) -> c_int;
    }

    /// False if it cannot be.
    #[allow(unsafe_code)]
    pub fn register(tracker: &Tracker, failure: Option<Ending>) -> bool {
        static DONE: OnceLock<bool> = OnceLock::new();
        // SAFETY: the function is there as long as the process, and takes any argument.
        let done = *DONE.get_or_init(|| unsafe { on_exit(end, ptr::null_mut()) } == 0);
        if done {
            TRACKERS.lock().unwrap_or_else(PoisonError::into_inner).push((tracker.clone(), failure));
        }
        done
    }

    extern "C" fn end(code: c_int, _: *mut c_void) {
        let trackers = std::mem::take(&mut *TRACKERS.lock().unwrap_or_else(PoisonError::into_inner));
        for (tracker, failure) in trackers {
            let ending = match (code, failure) {
                (0, _) => RunStatus::Finished.into(),
                (code, Some(failure)) if !is_exit(&failure) || is_with(&failure, code) => failure,
                (code, _) => failed_with(code),
            };
            // What is left is in the journal, with the end of the runs.
            let _ = tracker.shutdown(ending, WITHIN);
        }
    }

    /// Whether it is this code that the program was left with, and not an earlier one that it caught.
    fn is_with(ending: &Ending, code: c_int) -> bool {
        let reason = ending.exit.as_ref().map_or("", |exit| exit.reason.as_str());
        reason.split(':').next() == Some(&format!("exit code {code}"))
    }

    fn failed_with(code: c_int) -> Ending {
        let exit = Exit::new(ExitKind::Exit, format!("exit code {code}"));
        Ending { exit: Some(exit), ..RunStatus::Failed.into() }
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
mod by_code {
    pub fn register(_: &crate::Tracker, _: Option<trackline_model::Ending>) -> bool {
        false
    }
}
