use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use trackline_journal::Event;
use trackline_store::{Blobs, Store};

use crate::drain::Drain;
use crate::facts::Facts;
use crate::own_journal::OwnJournal;
use crate::problems::Problems;
use crate::run::RunState;
use crate::system_metrics::SystemMetrics;
use crate::{Error, ErrorKind, fork, locate, recover};

/// All that a tracker has in one process; a forked child starts with a new one.
#[derive(Debug)]
pub struct Process {
    pub folder: PathBuf,
    pub problems: Problems,
    pub drain: Drain,
    pub facts: Facts,
    pub system_metrics: Arc<SystemMetrics>,
    /// False in a forked child that must not open the database: others carry its journal.
    carries: bool,
    /// One thread at a time brings in what others left: a second one would find it locked, and read too early.
    bringing_in: Mutex<()>,
    journal: Mutex<OwnJournal>,
    open_runs: Mutex<HashMap<String, Arc<RunState>>>,
    store: Mutex<Option<Store>>,
    blobs: OnceLock<Blobs>,
}

impl Process {
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            problems: Problems::default(),
            drain: Drain::default(),
            facts: Facts::default(),
            system_metrics: Arc::default(),
            carries: !fork::inherited_store(),
            bringing_in: Mutex::default(),
            journal: Mutex::default(),
            open_runs: Mutex::default(),
            store: Mutex::default(),
            blobs: OnceLock::new(),
        }
    }

    /// Where journals and blobs lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn journal(&self) -> MutexGuard<'_, OwnJournal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs that this process started or resumed and has not ended.
    pub fn open_runs(&self) -> MutexGuard<'_, HashMap<String, Arc<RunState>>> {
        self.open_runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends events of a run (or of none).
    pub fn append(self: &Arc<Self>, run: Option<&RunState>, events: impl IntoIterator<Item = Event>) {
        let mut journal = self.journal();
        if let Some(run) = run {
            journal.introduce(run);
        }
        events.into_iter().for_each(|event| journal.stage(event));
        self.write(journal);
    }

    /// Writes what is staged and wakes the drain. Trouble is noted: no caller can do anything about it.
    pub fn write(self: &Arc<Self>, mut journal: MutexGuard<'_, OwnJournal>) {
        let result = journal.write(&self.folder);
        drop(journal);
        match result {
            Ok(()) if self.carries => self.drain.wake(self),
            Ok(()) => {}
            Err(error) => self.problems.note(error),
        }
    }

    /// The store, opened when it is first needed.
    ///
    /// # Errors
    /// `Unsupported` in a child forked from a process that had it open.
    pub fn store(&self) -> Result<Store, Error> {
        if !self.carries {
            let message = "a process forked from one that uses the store cannot read it: read it in the parent, or \
                           start processes with the method 'spawn' or 'forkserver'";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = &*store {
            return Ok(store.clone());
        }
        fork::opens_store();
        let opened = Store::open(&self.folder)?;
        *store = Some(opened.clone());
        Ok(opened)
    }

    /// The blobs, which need no database.
    pub fn blobs(&self) -> Result<&Blobs, Error> {
        if let Some(blobs) = self.blobs.get() {
            return Ok(blobs);
        }
        locate::prepare(&self.folder)
            .map_err(|error| Error::io(&format!("write to the store {}", self.folder.display()), &error))?;
        let blobs = Blobs::in_folder(&self.folder.join("blobs"))?;
        Ok(self.blobs.get_or_init(|| blobs))
    }

    /// Whether the store is open here.
    pub fn has_store(&self) -> bool {
        self.store.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Brings in what processes that are gone, and forked children, left to others.
    pub fn bring_in(&self, store: &Store) -> Result<(), Error> {
        let _one = self.bringing_in.lock().unwrap_or_else(PoisonError::into_inner);
        recover::bring_in(&self.folder, store, &self.problems)
    }

    /// Waits until the facts that are being gathered, and everything appended so far, are in the store; where
    /// others carry the journal, until it is in the journal.
    pub fn flush(self: &Arc<Self>, deadline: Option<Instant>) -> Result<(), Error> {
        self.facts.wait(deadline);
        if !self.carries {
            return Ok(());
        }
        // Not in one expression: the journal's lock would be held while waiting.
        let end = self.journal().tail().map(|tail| tail.end);
        end.map_or(Ok(()), |end| self.drain.wait(self, end, deadline))
    }

    /// Removes the journal if the store has all of it; false if it has not. Where others carry it, it is closed.
    pub fn retire(&self) -> Result<bool, Error> {
        if !self.carries {
            self.journal().close();
            return Ok(true);
        }
        let taken = self.drain.taken();
        let mut journal = self.journal();
        let Some(tail) = journal.tail() else { return Ok(true) };
        if tail.end > taken {
            return Ok(false);
        }
        journal.remove()?;
        drop(journal);
        self.store()?.forget_journal(&tail.id)?;
        Ok(true)
    }
}
