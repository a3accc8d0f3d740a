use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use trackline_journal::Event;
use trackline_store::{Blobs, Store};

use crate::drain::Drain;
use crate::facts::Facts;
use crate::own_journal::OwnJournal;
use crate::problems::Problems;
use crate::run::RunState;
use crate::{Error, locate};

/// All that a tracker has in one process; a forked child starts with a new one.
#[derive(Debug)]
pub struct Process {
    pub folder: PathBuf,
    pub problems: Problems,
    pub drain: Drain,
    pub facts: Facts,
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
            journal: Mutex::default(),
            open_runs: Mutex::default(),
            store: Mutex::default(),
            blobs: OnceLock::new(),
        }
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
            Ok(()) => self.drain.wake(self),
            Err(error) => self.problems.note(error),
        }
    }

    /// The store, opened when it is first needed.
    pub fn store(&self) -> Result<Store, Error> {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(store) = &*store {
            return Ok(store.clone());
        }
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

    /// Waits until the facts that are being gathered, and everything appended so far, are in the store.
    pub fn flush(self: &Arc<Self>, deadline: Option<Instant>) -> Result<(), Error> {
        self.facts.wait(deadline);
        // Not in one expression: the journal's lock would be held while waiting.
        let end = self.journal().tail().map(|tail| tail.end);
        end.map_or(Ok(()), |end| self.drain.wait(self, end, deadline))
    }

    /// Removes the journal if the store has all of it; false if it has not.
    pub fn retire(&self) -> Result<bool, Error> {
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
