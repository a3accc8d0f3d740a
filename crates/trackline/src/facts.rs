//! What no call of the user waits for: facts about the process (host, environment, git), and copies of large files.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use trackline_capture::console::Console;
use trackline_capture::{Environment, Variables, git, redact};
use trackline_journal::Event;
use trackline_model::Tag;

use crate::artifact::Opened;
use crate::files::{FileAccess, FileNotes};
use crate::{Code, Error, RunHandle, Source, code, console, own_thread};

/// One thing to gather for a run.
#[derive(Debug)]
pub enum Task {
    /// Git around this folder.
    Git(PathBuf, Variables),
    /// The commit that was found last, for a child of the run it was found for.
    Commit,
    /// The environment, with what only the caller knows.
    Environment(Map<String, Value>, Variables),
    /// A file as it was when it was opened, as this artifact.
    File(Opened, String),
    /// The files that the program wrote and read.
    Files(FileAccess),
    /// Away with an artifact, behind the files that came before.
    Delete(String),
    /// Pieces of code, by their paths.
    Code(Vec<(String, Code)>),
    /// What the console showed while the run was open.
    Console(Box<Console>),
    /// The run has ended: nothing more comes.
    Forget,
}

/// The thread that gathers, started when there is something to gather.
#[derive(Debug, Default)]
pub struct Facts {
    state: Mutex<State>,
    done: Condvar,
}

#[derive(Debug, Default)]
struct State {
    tasks: Option<Sender<(RunHandle, Task)>>,
    pending: usize,
}

impl Facts {
    /// Gathers for `run` in the background.
    pub fn gather(&self, run: &RunHandle, task: Task) {
        if run.process().is_off() {
            return;
        }
        let mut state = self.lock();
        if state.tasks.is_none() {
            if matches!(task, Task::Forget) {
                return;
            }
            let (sender, receiver) = channel();
            let started = own_thread::start("trackline-facts", move || work(&receiver));
            if let Err(error) = started {
                run.process().problems.note(Error::io("start the thread that gathers facts", &error));
                return;
            }
            state.tasks = Some(sender);
        }
        if state.tasks.as_ref().is_some_and(|tasks| tasks.send((run.clone(), task)).is_ok()) {
            state.pending += 1;
        }
    }

    /// Waits until nothing is being gathered, or for `deadline`.
    pub fn wait(&self, deadline: Option<Instant>) {
        let mut state = self.lock();
        while state.pending > 0 {
            let left = deadline.map_or(Duration::MAX, |at| at.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return;
            }
            state = self.done.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is remembered from task to task.
#[derive(Default)]
struct Gathered {
    commit: Option<String>,
    environments: HashMap<String, Map<String, Value>>,
    files: FileNotes,
}

fn work(tasks: &Receiver<(RunHandle, Task)>) {
    let mut gathered = Gathered::default();
    for (run, task) in tasks {
        // A defect in gathering must not keep those waiting who wait for its end.
        let _ = catch_unwind(AssertUnwindSafe(|| gathered.gather(&run, task)));
        let facts = &run.process().facts;
        facts.lock().pending -= 1;
        facts.done.notify_all();
    }
}

impl Gathered {
    fn gather(&mut self, run: &RunHandle, task: Task) {
        match task {
            Task::Git(folder, variables) => self.git(run, &folder, &variables),
            Task::Commit => self.commit(run),
            Task::Environment(known, variables) => self.environment(run, known, &variables),
            Task::File(file, path) => run.files().keep_opened(file, path),
            Task::Files(access) => self.files.keep(run, access),
            Task::Delete(path) => run.append(Event::ArtifactDeleted { run_id: run.id().to_owned(), path }),
            Task::Code(pieces) => code::keep(run, &pieces),
            Task::Console(console) => keep_console(run, &console),
            Task::Forget => drop(self.environments.remove(run.id())),
        }
    }

    fn git(&mut self, run: &RunHandle, folder: &Path, variables: &Variables) {
        let found = git::observe(folder, variables);
        self.commit = found.as_ref().and_then(|git| git.commit.clone());
        self.commit(run);
        if let Some(document) = found.and_then(|git| serde_json::to_vec(&git).ok()) {
            run.keep_document("git", &document);
        }
    }

    fn commit(&self, run: &RunHandle) {
        if let Some(commit) = &self.commit {
            let tag = Tag { key: "mlflow.source.git.commit".to_owned(), value: commit.clone() };
            run.with_source(Source::hook("git")).keep_tags(vec![tag]);
        }
    }

    fn environment(&mut self, run: &RunHandle, known: Map<String, Value>, variables: &Variables) {
        let facts = self.environments.entry(run.id().to_owned()).or_default();
        facts.extend(known);
        if let Ok(document) = serde_json::to_vec(&environment(facts, variables)) {
            run.keep_document("environment", &document);
        }
    }
}

fn keep_console(run: &RunHandle, console: &Console) {
    let run = RunHandle { of_rank: true, ..run.with_source(Source::hook("console")) };
    let (text, name) = (console.text(), console::name(&run.state));
    if !text.is_empty() {
        run.keep_document(&name, text.as_bytes());
        // The path is good.
        let _ = run.log_bytes(text.as_bytes(), &format!("{name}.log"));
    }
}

/// What the process sees itself, and what it was told.
fn environment(known: &Map<String, Value>, variables: &Variables) -> Map<String, Value> {
    let argv: Vec<String> = field(known, "argv").unwrap_or_default();
    let observed = Environment::observe(
        field(known, "python"),
        field(known, "packages").unwrap_or_default(),
        &argv,
        variables,
    );
    let mut facts = match serde_json::to_value(observed) {
        Ok(Value::Object(facts)) => facts,
        _ => Map::new(),
    };
    for (name, value) in known {
        if !facts.contains_key(name) {
            facts.insert(name.clone(), redacted(value));
        }
    }
    facts
}

fn field<T: DeserializeOwned>(known: &Map<String, Value>, name: &str) -> Option<T> {
    known.get(name).cloned().and_then(|value| serde_json::from_value(value).ok())
}

fn redacted(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(redact::text(text)),
        Value::Array(items) => items.iter().map(redacted).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), redacted(value))).collect(),
        other => other.clone(),
    }
}
