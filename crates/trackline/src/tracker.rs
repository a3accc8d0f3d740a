use std::path::{Path, PathBuf};
use std::time::Duration;

use trackline_journal::ExperimentRef;
use trackline_model::{Invalid, RunStatus, Tag};

use crate::{Error, NewRun, RunHandle};

/// The door to one store, from one process. Clones are cheap and share everything; threads and forked
/// children may use it at will.
#[derive(Debug, Clone)]
pub struct Tracker {
    folder: PathBuf,
}

impl Tracker {
    /// Finds the store: `uri`, else `TRACKLINE_URI`, else `MLFLOW_TRACKING_URI`, else the folder `.trackline`
    /// here or above, else one to be made here. Nothing is written before the first run starts.
    ///
    /// # Errors
    /// `Unsupported` or `Invalid` for a URI that names no folder.
    pub fn open(uri: Option<&str>) -> Result<Self, Error> {
        Ok(Self { folder: PathBuf::from(uri.unwrap_or(".trackline")) })
    }

    /// The store's folder; it may not exist yet.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts a run, which this process then owns. An id is there at once; facts about the process are
    /// gathered in the background.
    ///
    /// # Errors
    /// Only for a name or tags that break a rule.
    pub fn start_run(&self, _run: NewRun) -> Result<RunHandle, Invalid> {
        Err(Invalid::new("not there yet"))
    }

    /// Goes on with a run that ended (or never did), which this process then owns.
    ///
    /// # Errors
    /// For an id that is none. Whether there is such a run only the store knows.
    pub fn resume(&self, _run_id: &str) -> Result<RunHandle, Invalid> {
        Err(Invalid::new("not there yet"))
    }

    /// A handle for logging to a run as it stands: running elsewhere, or ended.
    ///
    /// # Errors
    /// For an id that is none.
    pub fn run(&self, _run_id: &str) -> Result<RunHandle, Invalid> {
        Err(Invalid::new("not there yet"))
    }

    /// Sets tags of an experiment, which is created if only its name is known.
    ///
    /// # Errors
    /// For tags that break a rule.
    pub fn set_experiment_tags(&self, _experiment: ExperimentRef, _tags: Vec<Tag>) -> Result<(), Invalid> {
        Ok(())
    }

    /// Waits until everything appended so far is in the store.
    ///
    /// # Errors
    /// What keeps the store from taking it; it stays in the journal and is tried again.
    pub fn flush(&self) -> Result<(), Error> {
        Ok(())
    }

    /// The first trouble since the last call, once per kind: for one calm line to the user.
    pub fn take_problem(&self) -> Option<Error> {
        None
    }

    /// Ends the runs this process still owns with `status`, and brings everything into the store. The tracker
    /// stays usable.
    ///
    /// # Errors
    /// `TimedOut` when something is left after `within`; it stays in the journal, for the next process.
    pub fn shutdown(&self, _status: RunStatus, _within: Duration) -> Result<(), Error> {
        Ok(())
    }
}
