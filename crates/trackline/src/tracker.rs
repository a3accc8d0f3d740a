use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use trackline_capture::rank::Rank;
use trackline_journal::{Event, ExperimentRef};
use trackline_model::limits::{
    KeyKind, validate_experiment_name, validate_experiment_tag_value, validate_key, validate_run_id,
};
use trackline_model::{Ending, Exit, ExitKind, Invalid, RunStatus, Tag};
use trackline_store::Store;

use crate::bounded::bounded;
use crate::fork::PerProcess;
use crate::locate::Place;
use crate::part::Part;
use crate::process::Process;
use crate::run::RunState;
use crate::spent::Hook;
use crate::{Backend, Error, ErrorKind, Mode, NewRun, RunHandle, Source, clock, locate, mode};

/// How long the end of the program waits for a sample that is being taken.
const SYSTEM_METRICS_END: Duration = Duration::from_millis(200);

/// The door to one store, from one process. Clones are cheap and share everything; threads and forked
/// children may use it at will.
#[derive(Debug, Clone)]
pub struct Tracker {
    shared: Arc<Shared>,
}

/// What all clones and all handles share.
#[derive(Debug)]
pub struct Shared {
    place: Place,
    mode: Mode,
    processes: PerProcess<Process>,
}

impl Shared {
    pub fn process(&self) -> &Arc<Process> {
        self.processes.get(|| Process::new(self.place.clone(), self.mode))
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(process) = self.processes.existing() {
            let open: Vec<_> = process.open_runs().values().cloned().collect();
            for run in open.into_iter().filter(|run| !run.joined) {
                let exit = Exit::new(ExitKind::Lost, "The program let go of the run without ending it.");
                let ending = Ending { exit: Some(exit), ..RunStatus::Failed.into() };
                process.end_run(&run, &ending, None);
            }
            process.drain.close();
            process.system_metrics.stop(Duration::ZERO);
            process.clear();
        }
    }
}

impl Tracker {
    /// Finds the store: `uri`, else `TRACKLINE_URI`, else `MLFLOW_TRACKING_URI`, else the folder `.trackline`
    /// here or above, else one to be made here. A URI is the path of a store's folder, a `file:` URI, or the address of a
    /// Trackline or MLflow server: `http://host:5000`. Nothing is written, and no server is asked, before the first run
    /// starts.
    ///
    /// `TRACKLINE_MODE=offline` keeps it from asking a server anything, `off` from recording anything: see [`Mode`].
    ///
    /// What is for a server waits in a folder, the spool: `trackline/spool/<hash of the address>` in `$XDG_STATE_HOME` or
    /// `~/.local/state`. What a process could not send, the next one with the same address sends.
    ///
    /// # Errors
    /// `Unsupported` or `Invalid` for a URI that names neither, `Invalid` for a mode that is none.
    pub fn open(uri: Option<&str>) -> Result<Self, Error> {
        let mode = Mode::from_environment()?;
        let place = match mode {
            Mode::Off => Place::Nowhere(mode::nowhere()),
            Mode::Online | Mode::Offline => locate::place(uri)?,
        };
        let processes = PerProcess::new(Process::new(place.clone(), mode));
        Ok(Self { shared: Arc::new(Shared { place, mode, processes }) })
    }

    /// The store's folder, or the spool of the server; it may not exist yet.
    pub fn folder(&self) -> &Path {
        self.shared.place.folder()
    }

    /// What another process, a worker of this one, opens the same store by; credentials in it are kept.
    pub fn uri(&self) -> String {
        self.shared.place.uri()
    }

    /// How far it goes.
    pub fn mode(&self) -> Mode {
        self.shared.mode
    }

    /// Starts a run, which this process then owns. An id is there at once; facts about the process are
    /// gathered in the background.
    ///
    /// Where a launcher started the program several times (`torchrun`, SLURM, Open MPI), all ranks start the same run:
    /// rank 0 keeps it, the others add what their machines do and what they print, and what else they log goes nowhere.
    ///
    /// # Errors
    /// Only for a name or tags that break a rule.
    pub fn start_run(&self, run: NewRun) -> Result<RunHandle, Invalid> {
        let _hook = Hook::begin();
        if let ExperimentRef::Name(name) = &run.experiment {
            validate_experiment_name(name)?;
        }
        let rank = Rank::of_process();
        if let Some(rank) = rank.as_ref().filter(|rank| rank.number > 0) {
            return self.attend(rank, run);
        }
        let system_metrics = run.log_system_metrics.or(run.parent_run_id.as_ref().map(|_| false));
        let run_id = rank.filter(|_| run.parent_run_id.is_none()).and_then(|rank| rank.run_id(self.count()));
        let (start, facts) = run.begin(run_id)?;
        let handle = self.own(start.run_id, Some(start.brief));
        let process = self.shared.process();
        if process.is_off() {
            process.append(None, [start.whole]);
            return Ok(handle);
        }
        let mut journal = process.journal();
        journal.begin(handle.id(), start.whole);
        process.write(journal);
        for task in facts {
            process.facts.gather(&handle, task);
        }
        handle.spent(); // It pays for its own beginning, and for the hooks before it.
        handle.log_system_metrics(system_metrics, 0);
        Ok(handle)
    }

    /// Goes on with a run that ended (or never did), which this process then owns. For system metrics see
    /// [`RunHandle::log_system_metrics`].
    ///
    /// # Errors
    /// For an id that is none. Whether there is such a run only the store knows.
    pub fn resume(&self, run_id: &str) -> Result<RunHandle, Invalid> {
        validate_run_id(run_id)?;
        if let Some(rank) = Rank::of_process().filter(|rank| rank.number > 0) {
            return Ok(self.attend_run(run_id.to_owned(), rank.number));
        }
        let handle = self.own(run_id.to_owned(), None);
        handle.append(Event::RunResumed { run_id: run_id.to_owned(), time: clock::now() });
        Ok(handle)
    }

    /// A handle for logging to a run as it stands: running here or elsewhere, or ended.
    ///
    /// # Errors
    /// For an id that is none.
    pub fn run(&self, run_id: &str) -> Result<RunHandle, Invalid> {
        validate_run_id(run_id)?;
        let process = self.shared.process();
        let open = process.open_runs().get(run_id).cloned();
        let elsewhere = || {
            let part = process.attended.part(run_id).unwrap_or(Part::Whole);
            Arc::new(RunState::elsewhere(run_id.to_owned(), part))
        };
        Ok(self.handle(open.unwrap_or_else(elsewhere)))
    }

    /// A handle for logging to a run that another process keeps: `trackline run`. A rank that is not the first adds what its
    /// machine does and what it prints; what else it logs goes nowhere.
    ///
    /// # Errors
    /// For an id that is none.
    pub fn join(&self, run_id: &str) -> Result<RunHandle, Invalid> {
        validate_run_id(run_id)?;
        match Rank::of_process().filter(|rank| rank.number > 0) {
            Some(rank) => Ok(self.attend_run(run_id.to_owned(), rank.number)),
            None => Ok(self.opened(RunState::joined(run_id.to_owned()))),
        }
    }

    /// Sets tags of an experiment, which is created if only its name is known.
    ///
    /// # Errors
    /// For a name or tags that break a rule.
    pub fn set_experiment_tags(&self, experiment: ExperimentRef, tags: Vec<Tag>) -> Result<(), Invalid> {
        if let ExperimentRef::Name(name) = &experiment {
            validate_experiment_name(name)?;
        }
        for tag in &tags {
            validate_key(KeyKind::Tag, &tag.key)?;
            validate_experiment_tag_value(&tag.value)?;
        }
        let event = Event::ExperimentTags { experiment, tags, time: clock::now() };
        self.shared.process().append(None, [event]);
        Ok(())
    }

    /// Waits until everything appended so far is in the store. In a child forked from a process that uses the store
    /// there is nothing to wait for: the parent carries what is in the child's journal.
    ///
    /// # Errors
    /// What keeps the store from taking it; it stays in the journal and is tried again.
    pub fn flush(&self) -> Result<(), Error> {
        self.shared.process().flush(None)
    }

    /// As [`flush`](Self::flush), but no longer than `within`; until then trouble is waited out.
    ///
    /// # Errors
    /// `TimedOut`, with what is left and where; or what will not go away.
    pub fn flush_within(&self, within: Duration) -> Result<(), Error> {
        self.shared.process().flush(Some(Instant::now() + within))
    }

    /// Waits until what is made in the background (facts about the process, copies of files, pictures) is where the
    /// death of the process leaves it, but no longer than `within`.
    pub fn settle(&self, within: Duration) {
        self.shared.process().settle(Some(Instant::now() + within));
    }

    /// Flushes, brings in what processes that are gone left behind, and gives the store: for reading what was
    /// written, and for the registry.
    ///
    /// # Errors
    /// As [`flush`](Self::flush), or when the store cannot be opened. `Unsupported` in a child forked from a process
    /// that uses the store, and for a server.
    pub fn store(&self) -> Result<Store, Error> {
        match self.backend()? {
            Backend::Store(store) => Ok(store),
            Backend::Server(server) => {
                let message = format!("{} is a server: ask Tracker::backend instead", server.url());
                Err(Error::new(ErrorKind::Unsupported, message))
            }
        }
    }

    /// As [`store`](Self::store), for a server too.
    ///
    /// # Errors
    /// As there.
    pub fn backend(&self) -> Result<Backend, Error> {
        self.flush()?;
        let process = self.shared.process();
        let backend = process.backend()?;
        process.bring_in(backend.sink())?;
        if process.carries() {
            process.drain.start(process);
        }
        Ok(backend)
    }

    /// The oldest trouble not yet taken, each kind once: for one calm line to the user.
    pub fn take_problem(&self) -> Option<Error> {
        self.shared.process().problems.take()
    }

    /// Ends the runs this process still has open, and brings everything into the store. The tracker stays
    /// usable.
    ///
    /// # Errors
    /// `TimedOut` (or what was in the way) when something is left after `within`; it stays in the journal, for the
    /// next process.
    pub fn shutdown(&self, ending: impl Into<Ending>, within: Duration) -> Result<(), Error> {
        let (ending, deadline) = (ending.into(), Instant::now() + within);
        let process = self.shared.process();
        let open: Vec<_> = process.open_runs().values().cloned().collect();
        for state in open {
            self.handle(state).end_with_program(ending.clone());
        }
        process.tell_costs();
        process.system_metrics.stop(SYSTEM_METRICS_END);
        loop {
            process.flush(Some(deadline))?;
            if bounded(process, deadline, Process::retire)? {
                break;
            }
        }
        process.clear();
        if !process.has_backend() {
            return Ok(());
        }
        bounded(process, deadline, |process| process.bring_in(process.backend()?.sink()))
    }

    pub(crate) fn process(&self) -> &Arc<Process> {
        self.shared.process()
    }

    /// How many runs without a parent this process has started: all ranks count alike.
    fn count(&self) -> u32 {
        self.shared.process().started.fetch_add(1, Ordering::Relaxed)
    }

    /// The run that rank 0 starts at the same place of the program. Of its children, and where the job is not known, there is
    /// nothing to attend.
    fn attend(&self, rank: &Rank, run: NewRun) -> Result<RunHandle, Invalid> {
        let attended = run.parent_run_id.is_none().then(|| rank.run_id(self.count())).flatten();
        let part = match attended {
            Some(_) if !self.shared.process().is_off() => Part::Rank(rank.number),
            _ => Part::Nothing,
        };
        let system_metrics = run.log_system_metrics;
        let (start, _) = run.begin(attended)?;
        self.shared.process().attended.begins(part, start.whole);
        if part == Part::Nothing {
            return Ok(self.opened(RunState::attended(start.run_id, part)));
        }
        let handle = self.attend_run(start.run_id, rank.number);
        handle.log_system_metrics(system_metrics, 0);
        Ok(handle)
    }

    fn attend_run(&self, run_id: String, rank: u32) -> RunHandle {
        let handle = self.opened(RunState::attended(run_id, Part::Rank(rank)));
        handle.attend();
        handle
    }

    fn own(&self, run_id: String, start: Option<Event>) -> RunHandle {
        self.opened(RunState::open(run_id, start))
    }

    fn opened(&self, state: RunState) -> RunHandle {
        if let Place::Server(address) = &self.shared.place {
            // Whoever sends what is left must know where to.
            if let Err(error) = address.prepare_spool() {
                let message = format!("write to the spool {}", address.spool.display());
                self.shared.process().problems.note(Error::io(&message, &error));
            }
        }
        let process = self.shared.process();
        process.notice_removal();
        process.journal().try_again();
        let state = Arc::new(state);
        process.open_runs().insert(state.id.clone(), Arc::clone(&state));
        self.handle(state)
    }

    fn handle(&self, state: Arc<RunState>) -> RunHandle {
        RunHandle { shared: Arc::clone(&self.shared), state, source: Source::USER, of_rank: false }
    }
}
