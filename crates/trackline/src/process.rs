use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use trackline_journal::Event;
use trackline_store::Blobs;

use crate::artifact::Kept;
use crate::attended::Attended;
use crate::backend::Backend;
use crate::drain::{Drain, Pace};
use crate::ending::EndedRuns;
use crate::facts::Facts;
use crate::heart::Heart;
use crate::locate::Place;
use crate::off::Skeleton;
use crate::own_journal::OwnJournal;
use crate::problems::Problems;
use crate::run::RunState;
use crate::sink::Sink;
use crate::system_metrics::SystemMetrics;
use crate::{Error, ErrorKind, Mode, fork, locate, pictures, recover};

/// All that a tracker has in one process; a forked child starts with a new one.
#[derive(Debug)]
pub struct Process {
    place: Place,
    pub problems: Problems,
    pub drain: Drain,
    pub facts: Facts,
    pub heart: Heart,
    pub kept: Kept,
    pub system_metrics: Arc<SystemMetrics>,
    carrier: Carrier,
    /// One thread at a time brings in what others left: a second one would find it locked, and read too early.
    bringing_in: Mutex<()>,
    journal: Mutex<OwnJournal>,
    /// Runs without a parent that were started here.
    pub started: AtomicU32,
    open_runs: Mutex<HashMap<String, Arc<RunState>>>,
    pub attended: Attended,
    /// Runs that ended here, and may be logged to yet.
    pub ended_runs: EndedRuns,
    backend: Mutex<Option<Backend>>,
    blobs: OnceLock<Blobs>,
    skeleton: Skeleton,
}

/// Who carries the journal to where it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carrier {
    /// The drain of this process.
    Drain,
    /// Other processes: this one was forked from one that has the database open, and must not open it.
    Others,
    /// A later process: this one must not use the network.
    Later,
    /// Nobody: nothing is recorded.
    Nobody,
}

impl Carrier {
    fn of(place: &Place, mode: Mode) -> Self {
        match place {
            Place::Nowhere(_) => Self::Nobody,
            Place::Server(_) if mode == Mode::Offline => Self::Later,
            Place::Folder(_) if fork::inherited_store() => Self::Others,
            Place::Folder(_) | Place::Server(_) => Self::Drain,
        }
    }
}

impl Process {
    pub fn new(place: Place, mode: Mode) -> Self {
        Self {
            carrier: Carrier::of(&place, mode),
            place,
            problems: Problems::default(),
            drain: Drain::default(),
            facts: Facts::default(),
            heart: Heart::default(),
            kept: Kept::default(),
            system_metrics: Arc::default(),
            bringing_in: Mutex::default(),
            journal: Mutex::default(),
            started: AtomicU32::new(0),
            open_runs: Mutex::default(),
            ended_runs: EndedRuns::default(),
            backend: Mutex::default(),
            blobs: OnceLock::new(),
            attended: Attended::default(),
            skeleton: Skeleton::default(),
        }
    }

    /// Where journals and blobs lie.
    pub fn folder(&self) -> &Path {
        self.place.folder()
    }

    /// How the drain works towards this place.
    pub fn pace(&self) -> &'static Pace {
        match self.place {
            Place::Folder(_) | Place::Nowhere(_) => &Pace::STORE,
            Place::Server(_) => &Pace::SERVER,
        }
    }

    pub fn journal(&self) -> MutexGuard<'_, OwnJournal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs that this process started or resumed and has not ended.
    pub fn open_runs(&self) -> MutexGuard<'_, HashMap<String, Arc<RunState>>> {
        self.open_runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing is recorded.
    pub fn is_off(&self) -> bool {
        self.carrier == Carrier::Nobody
    }

    /// Whether the drain of this process carries its journal.
    pub fn carries(&self) -> bool {
        self.carrier == Carrier::Drain
    }

    /// So long a server believes that this process lives, if it logs to one.
    pub fn lease(&self) -> Option<Duration> {
        match &self.place {
            Place::Server(address) => Some(address.settings().lease),
            Place::Folder(_) | Place::Nowhere(_) => None,
        }
    }

    fn is_forked(&self) -> bool {
        self.carrier == Carrier::Others
    }

    /// Where nothing is recorded, remembers what can be asked for.
    pub fn keep_skeleton(&self, events: impl IntoIterator<Item = Event>) {
        if self.is_off() {
            self.skeleton.keep(events);
        }
    }

    /// Appends events of a run (or of none).
    pub fn append(self: &Arc<Self>, run: Option<&RunState>, events: impl IntoIterator<Item = Event>) {
        if self.is_off() {
            return self.keep_skeleton(events);
        }
        let mut journal = self.journal();
        if let Some(run) = run {
            journal.introduce(run);
        }
        events.into_iter().for_each(|event| journal.stage(event));
        self.write(journal);
    }

    /// Appends what this process has to do with a run.
    pub fn append_part(self: &Arc<Self>, run: &RunState) {
        if !self.is_off() {
            let mut journal = self.journal();
            journal.stage_part(run);
            self.write(journal);
        }
    }

    /// Appends what a run ends with. Where the journal takes nothing more, another one may: a limit of lengths is one of each
    /// file, and there may be some space again. Else who finds the journal of this process later ends the run.
    pub fn append_last(self: &Arc<Self>, run: &RunState, events: &[Event]) {
        if self.is_off() {
            return self.keep_skeleton(events.iter().cloned());
        }
        let mut journal = self.journal();
        let mut result = journal.append(run, events, self.folder(), self.is_forked());
        if result.is_err() {
            let open: Vec<_> = self.open_runs().values().cloned().collect();
            result = journal
                .rotate(self.folder(), self.is_forked(), &open)
                .and_then(|()| journal.append(run, events, self.folder(), self.is_forked()));
        }
        match result {
            Ok(()) => self.write(journal),
            Err(error) => {
                journal.owe_an_end();
                drop(journal);
                self.problems.note(error);
            }
        }
    }

    /// Writes what is staged and wakes the drain. Trouble is noted: no caller can do anything about it.
    pub fn write(self: &Arc<Self>, mut journal: MutexGuard<'_, OwnJournal>) {
        let mut result = journal.write(self.folder(), self.is_forked());
        if self.carries() && journal.is_full() {
            let open: Vec<_> = self.open_runs().values().cloned().collect();
            result = result.and(journal.rotate(self.folder(), false, &open));
        }
        drop(journal);
        match result {
            Ok(()) if self.carries() => self.drain.wake(self),
            Ok(()) => {}
            Err(error) => self.problems.note(error),
        }
    }

    /// The store or the server, opened when it is first needed.
    ///
    /// # Errors
    /// `Unsupported` in a child forked from a process that had the store open, and for a server while this process
    /// is offline.
    pub fn backend(&self) -> Result<Backend, Error> {
        match self.carrier {
            Carrier::Drain | Carrier::Nobody => {}
            Carrier::Others => {
                let message = "a process forked from one that uses the store cannot read it: read it in the parent, \
                               or start processes with the method 'spawn' or 'forkserver'";
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
            Carrier::Later => {
                let message = "TRACKLINE_MODE is offline, so no server is asked: what was logged waits in its spool, \
                               and `trackline sync` sends it";
                return Err(Error::new(ErrorKind::Unsupported, message));
            }
        }
        let mut backend = self.backend.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = match &*backend {
            Some(opened) => opened.clone(),
            None => backend.insert(Backend::open(&self.place)?).clone(),
        };
        if self.is_off() {
            self.skeleton.put_into(&opened)?;
        }
        Ok(opened)
    }

    /// The blobs, which need no database.
    pub fn blobs(&self) -> Result<&Blobs, Error> {
        if let Place::Server(_) = self.place {
            // In a spool, a journal keeps the blobs from being swept.
            self.journal().make(self.folder(), self.is_forked())?;
        }
        if let Some(blobs) = self.blobs.get() {
            return Ok(blobs);
        }
        let folder = self.folder();
        locate::prepare(folder)
            .map_err(|error| Error::io(&format!("write to the store {}", folder.display()), &error))?;
        let blobs = Blobs::in_folder(&folder.join("blobs"))?;
        Ok(self.blobs.get_or_init(|| blobs))
    }

    /// Begins anew where somebody has removed the store's folder since it was opened here: what was open has no name any more, and
    /// what is written to it is lost.
    pub fn notice_removal(&self) {
        let Place::Folder(folder) = &self.place else { return };
        let mut backend = self.backend.lock().unwrap_or_else(PoisonError::into_inner);
        if backend.is_some() && !folder.join("trackline.db").exists() {
            *backend = None;
            self.journal().abandon();
            // What is in the way shows when something is put there.
            let _ = Blobs::in_folder(&folder.join("blobs"));
        }
    }

    /// Whether the store or the server was opened here.
    pub fn has_backend(&self) -> bool {
        self.backend.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Removes the empty store that was made for reading where nothing is recorded.
    pub fn clear(&self) {
        if self.is_off() && self.backend.lock().unwrap_or_else(PoisonError::into_inner).take().is_some() {
            // It lies among the temporary files, where the system clears up too.
            let _ = fs::remove_dir_all(self.folder());
        }
    }

    /// Brings in what processes that are gone, and forked children, left to others.
    pub fn bring_in(&self, sink: &dyn Sink) -> Result<(), Error> {
        let _one = self.bringing_in.lock().unwrap_or_else(PoisonError::into_inner);
        recover::bring_in(self.folder(), sink, &self.problems)
    }

    /// Waits until the facts that are being gathered, and pictures, are in the journal.
    pub fn settle(&self, deadline: Option<Instant>) {
        self.facts.wait(deadline);
        pictures::wait(deadline);
    }

    /// Waits until what is gathered in the background, and everything appended so far, are in the store; where
    /// others carry the journal, until it is in the journal.
    pub fn flush(self: &Arc<Self>, deadline: Option<Instant>) -> Result<(), Error> {
        self.settle(deadline);
        if !self.carries() {
            return Ok(());
        }
        // Not in one expression: the journal's lock would be held while waiting.
        let end = self.journal().tail().map(|tail| tail.end);
        end.map_or(Ok(()), |end| self.drain.wait(self, end, deadline))
    }

    /// Removes the journals that became full and that the store has.
    pub fn remove_carried(&self) -> Result<(), Error> {
        let taken = self.drain.taken();
        loop {
            let carried = self.journal().carried(taken);
            let Some((id, writer)) = carried else { return Ok(()) };
            writer.remove()?;
            self.backend()?.sink().forget(&id)?;
        }
    }

    /// Removes the journal if the store has all of it; false if it has not. Where others carry it, it is closed.
    pub fn retire(&self) -> Result<bool, Error> {
        if !self.carries() {
            self.journal().close();
            return Ok(true);
        }
        let taken = self.drain.taken();
        let mut journal = self.journal();
        let Some(tail) = journal.tail() else { return Ok(true) };
        if tail.end > taken {
            return Ok(false);
        }
        if journal.owes_an_end() {
            journal.close();
            return Ok(true);
        }
        journal.remove()?;
        drop(journal);
        self.backend()?.sink().forget(&tail.id)?;
        Ok(true)
    }
}
