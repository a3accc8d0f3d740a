use std::env;
use std::ops::Deref;
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value};
use trackline_model::{Ending, Exit, ExitKind, RunStatus};

use crate::{Error, ErrorKind, NewRun, RunHandle, Tracker, panicking};

/// How long the end of the program waits for the store.
const AT_END: Duration = Duration::from_secs(30);

/// A run that lasts as long as this value: dropped, it is finished, or failed with the message of the panic if the
/// thread is panicking, and everything is brought into the store.
#[derive(Debug)]
pub struct Autolog {
    tracker: Tracker,
    run: RunHandle,
}

/// Starts a run in the default experiment, with the program, its arguments, the environment and git on record, and its output
/// where that goes to a file.
///
/// # Errors
/// As [`Tracker::open`].
pub fn autolog() -> Result<Autolog, Error> {
    let tracker = Tracker::open(None)?;
    panicking::remember();
    let argv = env::args_os().map(|argument| Value::from(argument.to_string_lossy())).collect();
    let environment = Map::from_iter([("argv".to_owned(), Value::Array(argv))]);
    let run = tracker
        .start_run(NewRun { environment: Some(environment), ..NewRun::default() })
        .map_err(|error| Error::new(ErrorKind::Invalid, error.message))?;
    run.log_console();
    Ok(Autolog { tracker, run })
}

impl Autolog {
    /// The tracker of the run.
    pub fn tracker(&self) -> &Tracker {
        &self.tracker
    }
}

impl Deref for Autolog {
    type Target = RunHandle;

    fn deref(&self) -> &RunHandle {
        &self.run
    }
}

impl Drop for Autolog {
    fn drop(&mut self) {
        let ending = if thread::panicking() {
            let reason = panicking::last().unwrap_or_else(|| "panic".to_owned());
            Ending { exit: Some(Exit::new(ExitKind::Exception, reason)), ..RunStatus::Failed.into() }
        } else {
            RunStatus::Finished.into()
        };
        self.run.end(ending.clone(), None);
        // What is left stays in the journal, and the next process brings it in: nothing to tell at the end.
        let _ = self.tracker.shutdown(ending, AT_END);
    }
}
