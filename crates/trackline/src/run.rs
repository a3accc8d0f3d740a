use std::path::Path;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Map, Value};
use trackline_capture::{Variables, rank};
use trackline_journal::{ArtifactOwner, Event, ExperimentRef};
use trackline_model::limits::{
    KeyKind, MAX_PARAM_LENGTH, MAX_TAG_LENGTH, truncated, validate_dataset, validate_experiment_name,
    validate_key, validate_timestamp,
};
use trackline_model::{DatasetInput, Ending, Invalid, Metric, ModelOutput, Param, Point, Tag};

use crate::artifact::{self, Files, Opened};
use crate::budget::Budget;
use crate::facts::Task;
use crate::part::Part;
use crate::process::Process;
use crate::spent::{Spent, Timed};
use crate::tracker::Shared;
use crate::{Code, FileAccess, ModelHandle, NewModel, Source, clock, console, keeper, system_metrics};

/// What all handles to a run share. A forked child shares it too, so that there is no lock in it.
#[derive(Debug)]
pub struct RunState {
    pub id: String,
    /// No other state has it in this process.
    pub number: u64,
    /// How the run began, if it began here: told to each other journal, which then needs not wait for the first.
    /// Without its tags: they may have changed since.
    pub start: Option<Event>,
    part: Part,
    /// Whether another process keeps it that this one is below: it ends there, unless it is ended here by a call.
    pub joined: bool,
    /// The process that has it open, until it ends there; 0 for none.
    open_in: AtomicU32,
    pub spent: Spent,
    pub budget: Budget,
}

impl RunState {
    /// A run that is open elsewhere, or nowhere.
    pub fn new(id: String) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self {
            id,
            number,
            start: None,
            part: Part::Whole,
            joined: false,
            open_in: AtomicU32::new(0),
            spent: Spent::default(),
            budget: Budget::default(),
        }
    }

    /// A run that this process starts or goes on with.
    pub fn open(id: String, start: Option<Event>) -> Self {
        let budget = Budget::of_new_run();
        Self { start, open_in: AtomicU32::new(process::id()), budget, ..Self::new(id) }
    }

    /// A run of all ranks, in one that is not the first.
    pub fn attended(id: String, part: Part) -> Self {
        Self { part, ..Self::open(id, None) }
    }

    /// A run that is not open here, and to which this process adds so much.
    pub fn elsewhere(id: String, part: Part) -> Self {
        Self { part, ..Self::new(id) }
    }

    /// A run that the command keeps which this process is below.
    pub fn joined(id: String) -> Self {
        Self { joined: true, ..Self::open(id, None) }
    }

    /// What this process adds to the run. What the command keeps is joined before the program has told which rank this is.
    pub fn part(&self) -> Part {
        if self.joined { rank::told().map_or(self.part, Part::Rank) } else { self.part }
    }

    /// Whether this process has it open; its forked children have not.
    pub fn is_open_here(&self) -> bool {
        self.open_in.load(Ordering::Relaxed) == process::id()
    }

    pub fn close(&self) {
        self.open_in.store(0, Ordering::Relaxed);
    }
}

/// A run to log to. Clones are cheap; all logging methods append to the journal and return.
///
/// They fail only for data of the caller that breaks a rule; trouble of our own is told by
/// [`Tracker::take_problem`](crate::Tracker::take_problem).
#[derive(Debug, Clone)]
pub struct RunHandle {
    pub(crate) shared: Arc<Shared>,
    pub(crate) state: Arc<RunState>,
    pub(crate) source: Source,
    /// Whether it adds what a rank adds that attends the run only.
    pub(crate) of_rank: bool,
}

impl RunHandle {
    /// 32 hexadecimal digits.
    pub fn id(&self) -> &str {
        &self.state.id
    }

    /// Whether another rank of the program keeps the run, so that most of what is logged here goes nowhere.
    pub fn is_attended(&self) -> bool {
        self.state.part() != Part::Whole
    }

    /// Writes down which part of the program this process is, now that it is known: should it die, the run says why.
    pub fn attend(&self) {
        let _timed = self.timed();
        self.process().append_part(&self.state);
    }

    /// The same run, with everything logged through this handle said to come from `source`.
    #[must_use]
    pub fn with_source(&self, source: Source) -> Self {
        Self { source, ..self.clone() }
    }

    /// Logs one value; `timestamp` in milliseconds since the epoch, now if absent.
    ///
    /// # Errors
    /// For a key or a timestamp that breaks a rule; any double is a value.
    pub fn log_metric(
        &self,
        key: &str,
        value: f64,
        step: i64,
        timestamp: Option<i64>,
    ) -> Result<(), Invalid> {
        self.log_metrics(&[(key, value)], step, timestamp)
    }

    /// Logs several values of one step with one write: all or, if one of them breaks a rule, none.
    ///
    /// # Errors
    /// As [`log_metric`](Self::log_metric).
    pub fn log_metrics(
        &self,
        metrics: &[(impl AsRef<str>, f64)],
        step: i64,
        timestamp: Option<i64>,
    ) -> Result<(), Invalid> {
        let _timed = self.state.spent.sample();
        if let (Some(timestamp), Some((key, _))) = (timestamp, metrics.first()) {
            validate_timestamp(key.as_ref(), timestamp)?;
        }
        self.keep_metrics(metrics, step, timestamp.unwrap_or_else(clock::now))
    }

    /// Logs values that belong to a logged model or a dataset.
    ///
    /// # Errors
    /// As [`log_metric`](Self::log_metric).
    pub fn log_linked_metrics(&self, metrics: Vec<Metric>) -> Result<(), Invalid> {
        let _timed = self.timed();
        for metric in &metrics {
            validate_key(KeyKind::Metric, &metric.key)?;
            validate_timestamp(&metric.key, metric.timestamp)?;
        }
        self.append(Event::Metrics { run_id: self.run_id(), metrics, source: self.source.name.to_string() });
        Ok(())
    }

    /// Logs parameters. A second value of a key is no error: the last one shows. Values longer than 6,000
    /// characters are cut.
    ///
    /// # Errors
    /// For a key that breaks a rule; then nothing is logged.
    pub fn log_params(&self, mut params: Vec<Param>) -> Result<(), Invalid> {
        let _timed = self.timed();
        for param in &mut params {
            validate_key(KeyKind::Param, &param.key)?;
            cut(&mut param.value, MAX_PARAM_LENGTH);
        }
        self.append(Event::Params {
            run_id: self.run_id(),
            params,
            time: clock::now(),
            source: self.source.name.to_string(),
            confidence: self.source.confidence,
        });
        Ok(())
    }

    /// Sets tags. Values longer than 8,000 characters are cut.
    ///
    /// # Errors
    /// For a key that breaks a rule; then nothing is set.
    pub fn set_tags(&self, tags: Vec<Tag>) -> Result<(), Invalid> {
        let _timed = self.timed();
        self.keep_tags(checked_tags(tags)?);
        Ok(())
    }

    /// Takes a tag away.
    ///
    /// # Errors
    /// For a key that breaks a rule. That there is no such tag is no error.
    pub fn delete_tag(&self, key: &str) -> Result<(), Invalid> {
        let _timed = self.timed();
        validate_key(KeyKind::Tag, key)?;
        self.append(Event::TagDeleted { run_id: self.run_id(), key: key.to_owned() });
        Ok(())
    }

    /// Records a dataset that the run read.
    ///
    /// # Errors
    /// For a dataset that breaks a rule.
    pub fn log_input(&self, input: DatasetInput) -> Result<(), Invalid> {
        let _timed = self.timed();
        validate_dataset(&input)?;
        self.append(Event::Input { run_id: self.run_id(), input, source: self.source.name.to_string() });
        Ok(())
    }

    /// Keeps a file under its name, or a folder with all that is in it under its name, in the artifact folder
    /// `to` (the root if absent).
    ///
    /// # Errors
    /// For something local that cannot be read, or a path that leads out of the run's artifacts.
    pub fn log_artifact(&self, local: &Path, to: Option<&str>) -> Result<(), Invalid> {
        let _timed = self.timed();
        self.files().keep(local, to)
    }

    /// Keeps what is in a folder in the artifact folder `to` (the root if absent).
    ///
    /// # Errors
    /// As [`log_artifact`](Self::log_artifact).
    pub fn log_artifacts(&self, folder: &Path, to: Option<&str>) -> Result<(), Invalid> {
        let _timed = self.timed();
        self.files().keep_contents(folder, to)
    }

    /// Keeps bytes as an artifact of this path.
    ///
    /// # Errors
    /// For a path that leads out of the run's artifacts.
    pub fn log_bytes(&self, bytes: &[u8], path: &str) -> Result<(), Invalid> {
        let _timed = self.timed();
        self.files().keep_bytes(bytes, path)
    }

    /// Keeps facts beside the run; a second document of a kind takes the place of the first.
    ///
    /// # Errors
    /// For a kind that would not do as a key.
    pub fn log_document(&self, kind: &str, bytes: &[u8]) -> Result<(), Invalid> {
        let _timed = self.timed();
        validate_key(KeyKind::Tag, kind)?;
        self.keep_document(kind, bytes);
        Ok(())
    }

    /// Keeps a file as the artifact `path`, in the background. If it is written to before it has been copied, it is
    /// left out; it may be renamed or removed.
    ///
    /// # Errors
    /// For something local that is no file or cannot be read, or a path that leads out of the run's artifacts.
    pub fn log_file_later(&self, local: &Path, path: &str) -> Result<(), Invalid> {
        let _timed = self.timed();
        let task = Task::File(Opened::open(local)?, artifact::checked_file(path)?);
        self.process().facts.gather(self, task);
        Ok(())
    }

    /// Keeps the files that the program wrote, below `files/`, and tells those that it read, in the background. A file
    /// whose bytes the run has already, under whatever path, is not kept again; what is too large is left out, and
    /// the document `files` says so.
    pub fn log_file_access(&self, access: FileAccess) {
        let _timed = self.timed();
        self.process().facts.gather(self, Task::Files(access));
    }

    /// Takes a file, or a folder with all that is in it, away from the artifacts, when those of
    /// [`log_file_later`](Self::log_file_later) are there. It is no error if nothing is there.
    ///
    /// # Errors
    /// For a path that leads out of the run's artifacts, or is empty.
    pub fn delete_artifact(&self, path: &str) -> Result<(), Invalid> {
        let _timed = self.timed();
        self.process().facts.gather(self, Task::Delete(artifact::checked_file(path)?));
        Ok(())
    }

    /// The latest point that this process logged of each metric, while the run is open here.
    pub fn latest_metrics(&self) -> Vec<(String, Point)> {
        self.process().journal().latest(&self.state)
    }

    /// The last three values, or fewer, that this process logged of each metric, in that order, while the run is open here.
    pub fn recent_metrics(&self) -> Vec<(String, Vec<f64>)> {
        self.process().journal().recent(&self.state)
    }

    /// Adds facts to the document `environment`, written in the background.
    pub fn add_environment(&self, facts: Map<String, Value>) {
        let _timed = self.timed();
        self.process().facts.gather(self, Task::Environment(facts, Variables::now()));
    }

    /// Logs what the machine and this process do under `system/…` until the run ends, with steps from `first_step`
    /// on. `wanted` absent: unless the environment says no. A run that was started here has it already, as
    /// [`NewRun::log_system_metrics`](crate::NewRun::log_system_metrics) said.
    pub fn log_system_metrics(&self, wanted: Option<bool>, first_step: i64) {
        let _timed = self.timed();
        if !self.process().is_off() && wanted.unwrap_or_else(system_metrics::enabled) {
            self.process().system_metrics.watch(self, first_step);
        }
    }

    /// Keeps pieces of code as files below `code/`, in the background: without secrets, and without what is too long.
    pub fn log_code(&self, pieces: Vec<(String, Code)>) {
        let _timed = self.timed();
        if !self.is_off() {
            self.process().facts.gather(self, Task::Code(pieces));
        }
    }

    /// Keeps what the program writes to its console until the run ends: as the document `console` while it goes on, then also
    /// as the artifact `console.log`. The console itself is not touched.
    pub fn log_console(&self) {
        let _timed = self.timed();
        if !self.process().is_off() {
            console::watch(self);
        }
    }

    /// Puts the run into another experiment, which is made if its name is new. An MLflow server cannot: there it stays.
    ///
    /// # Errors
    /// For a name that breaks a rule.
    pub fn move_to(&self, experiment: ExperimentRef) -> Result<(), Invalid> {
        if let ExperimentRef::Name(name) = &experiment {
            validate_experiment_name(name)?;
        }
        self.append(Event::RunMoved { run_id: self.run_id(), experiment, time: clock::now() });
        Ok(())
    }

    /// Begins a logged model; its files follow through the handle.
    ///
    /// # Errors
    /// For a name, params or tags that break a rule.
    pub fn create_model(&self, model: NewModel) -> Result<ModelHandle, Invalid> {
        let _timed = self.timed();
        ModelHandle::create(self, model)
    }

    /// A handle to a logged model of this run.
    pub fn model(&self, model_id: &str) -> ModelHandle {
        ModelHandle::of(self, model_id.to_owned())
    }

    /// Records that the run made a logged model.
    pub fn log_output(&self, output: ModelOutput) {
        let _timed = self.timed();
        self.append(Event::ModelOutput { run_id: self.run_id(), output });
    }

    /// How much processor time calls for this run, and hooks, have taken of the threads of the program.
    pub fn spent(&self) -> Duration {
        self.state.spent.total()
    }

    /// Adds time that was taken outside these calls and of hooks.
    pub fn add_spent(&self, time: Duration) {
        self.state.spent.add(time);
    }

    /// Ends the run; `end_time` in milliseconds since the epoch, now if absent. What tracking cost is written as
    /// the tag `trackline.overhead_ms`, why the run ended, if that is given, as `trackline.exit` and
    /// `trackline.exit_reason`, and a traceback as the document `traceback`.
    pub fn end(&self, ending: impl Into<Ending>, end_time: Option<i64>) {
        self.finish_console();
        self.process().end_run(&self.state, &ending.into(), end_time);
        self.process().facts.gather(self, Task::Forget);
    }

    /// The program ends, and the run with it, unless another process keeps it. A rank that attends the run only says how it failed.
    pub(crate) fn end_with_program(&self, ending: Ending) {
        if !self.state.joined || self.is_attended() || keeper::is_gone() {
            return self.end(ending, None);
        }
        self.finish_console();
        self.process().let_go(&self.state);
        self.process().facts.gather(self, Task::Forget);
    }

    fn finish_console(&self) {
        if let Some(console) = console::finish(self.id()) {
            self.process().facts.gather(self, Task::Console(Box::new(console)));
        }
    }

    pub(crate) fn process(&self) -> &Arc<Process> {
        self.shared.process()
    }

    /// Whether what is logged goes nowhere.
    pub(crate) fn is_off(&self) -> bool {
        let goes_nowhere = match self.state.part() {
            Part::Whole => false,
            Part::Rank(_) => !self.of_rank,
            Part::Nothing => true,
        };
        goes_nowhere || self.process().is_off()
    }

    pub(crate) fn append(&self, event: Event) {
        if self.is_off() {
            return self.process().keep_skeleton([event]);
        }
        self.process().append(Some(&self.state), [event]);
    }

    pub(crate) fn timed(&self) -> Option<Timed<'_>> {
        self.state.spent.measure()
    }

    /// As [`log_metrics`](Self::log_metrics), for a thread of our own: nobody waits for it.
    pub(crate) fn keep_metrics(
        &self,
        metrics: &[(impl AsRef<str>, f64)],
        step: i64,
        timestamp: i64,
    ) -> Result<(), Invalid> {
        if self.is_off() {
            return Ok(());
        }
        let process = self.process();
        let mut journal = process.journal();
        for (key, value) in metrics {
            let point = Point { step, timestamp, value: *value };
            journal.stage_point(&self.state, &self.source, key.as_ref(), &point)?;
        }
        process.write(journal);
        Ok(())
    }

    pub(crate) fn keep_tags(&self, tags: Vec<Tag>) {
        self.append(Event::Tags { run_id: self.run_id(), tags, source: self.source.name.to_string() });
    }

    pub(crate) fn keep_document(&self, kind: &str, bytes: &[u8]) {
        if self.is_off() {
            return;
        }
        let document = self.process().document(self.id(), kind, bytes);
        self.process().append(Some(&self.state), document);
    }

    pub(crate) fn files(&self) -> Files<'_> {
        Files { run: self, owner: ArtifactOwner::Run(self.run_id()) }
    }

    fn run_id(&self) -> String {
        self.state.id.clone()
    }
}

/// Tags with good keys, their values cut to the length that is kept.
pub fn checked_tags(mut tags: Vec<Tag>) -> Result<Vec<Tag>, Invalid> {
    for tag in &mut tags {
        validate_key(KeyKind::Tag, &tag.key)?;
        cut(&mut tag.value, MAX_TAG_LENGTH);
    }
    Ok(tags)
}

fn cut(value: &mut String, limit: usize) {
    value.truncate(truncated(value, limit).len());
}
