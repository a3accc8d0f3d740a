//! The run of the program.

use std::ffi::OsString;
use std::io;
use std::time::Duration;

use serde_json::{Map, Value};
use trackline::{
    Category, Ending, Exit, ExitKind, ExperimentRef, NewRun, RunHandle, RunStatus, Summary, Tag, Tracker,
};

use super::RunArgs;
use super::mail::Mail;
use super::program::Program;
use crate::failure::Failure;

/// How long the end waits for the store or the server; what is left then stays in the journal.
const AT_END: Duration = Duration::from_secs(30);

/// The tag of a run that a Python could not join.
const TROUBLE_TAG: &str = "trackline.error.trackline run";

/// By this a child of the command knows the run.
const RUN_ID: &str = "TRACKLINE_RUN_ID";

pub(super) struct Recording {
    tracker: Tracker,
    run: RunHandle,
    argv: Value,
    tells: bool,
}

impl Recording {
    pub(super) fn start(args: &RunArgs, program: &Program) -> Result<Self, Failure> {
        args.left_out.iter().for_each(|category| category.choose(Some(false)));
        let tracker = Tracker::open(args.store.as_deref())?;
        let default = NewRun::default();
        let name = args.experiment.clone().map(ExperimentRef::Name);
        let run = tracker.start_run(NewRun {
            experiment: name.or_else(experiment_of_environment).unwrap_or(default.experiment),
            run_name: args.name.clone(),
            parent_run_id: std::env::var(RUN_ID).ok().filter(|id| !id.is_empty()),
            source_name: Some(program.name.to_string_lossy().into_owned()),
            tags: args
                .tags
                .iter()
                .map(|(key, value)| Tag { key: key.clone(), value: value.clone() })
                .collect(),
            environment: None,
            ..NewRun::default()
        });
        let run = run.map_err(|error| Failure::usage(error.message))?;
        let argv = program.argv.iter().map(|word| Value::from(word.to_string_lossy())).collect();
        let tells = !args.quiet && trackline::variable_is_on("TRACKLINE_SUMMARY") != Some(false);
        Ok(Self { tracker, run, argv, tells })
    }

    pub(super) fn run(&self) -> &RunHandle {
        &self.run
    }

    /// What lets the program's processes join.
    pub(super) fn environment(&self, args: &RunArgs) -> Vec<(String, OsString)> {
        let mut variables = vec![
            (RUN_ID.to_owned(), self.run.id().into()),
            ("TRACKLINE_URI".to_owned(), self.tracker.uri().into()),
        ];
        variables.extend(args.experiment.iter().map(|name| ("TRACKLINE_EXPERIMENT".to_owned(), name.into())));
        variables.extend(args.left_out.iter().map(|category| (category.variable(), "off".into())));
        if args.mlflow {
            variables.push(("TRACKLINE_MLFLOW".to_owned(), "on".into()));
        }
        variables
    }

    /// The run of a program that could not be started, and what to tell; the exit codes are those of shells.
    pub(super) fn not_started(self, program: &Program, error: &io::Error) -> Failure {
        let name = program.argv.first().map(|word| word.to_string_lossy()).unwrap_or_default();
        let (code, reason) = match error.kind() {
            io::ErrorKind::NotFound => (127, format!("cannot run {name}: there is no such program")),
            _ => (126, format!("cannot run {name}: {error}")),
        };
        let exit = Some(Exit::new(ExitKind::Exit, reason.clone()));
        self.end(Ending { exit, ..RunStatus::Failed.into() }, None);
        Failure::new(reason).with_code(code)
    }

    /// Ends the run, and brings everything into the store.
    pub(super) fn end(self, ending: Ending, mail: Option<&Mail>) {
        let told = mail.is_some_and(|mail| mail.is_claimed("environment"));
        if !told && Category::Environment.is_on() {
            self.run.add_environment(Map::from_iter([("argv".to_owned(), self.argv.clone())]));
        }
        let trouble = mail.and_then(Mail::trouble);
        if let Some(trouble) = &trouble {
            let tag = Tag { key: TROUBLE_TAG.to_owned(), value: trouble.clone() };
            // The key is good.
            let _ = self.run.set_tags(vec![tag]);
        }
        self.run.add_spent(mail.map(Mail::spent).unwrap_or_default());
        self.run.end(ending.clone(), None);
        if let Err(error) = self.tracker.shutdown(ending, AT_END) {
            eprintln!("trackline: {error}");
        } else if self.tells {
            self.tell();
        }
        if let Some(trouble) = trouble {
            eprintln!(
                "trackline: what Python did was not recorded ({trouble}); your program is not affected"
            );
        }
    }

    /// One line about what there is, if there is anything.
    fn tell(&self) {
        let summary =
            self.tracker.backend().and_then(|backend| Ok((Summary::read(&backend, self.run.id())?, backend)));
        if let Ok((summary, backend)) = summary
            && !summary.is_empty()
        {
            eprintln!("{}", summary.line(&backend, self.run.id()));
        }
    }
}

fn experiment_of_environment() -> Option<ExperimentRef> {
    let variable = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    let name = || variable("TRACKLINE_EXPERIMENT").or_else(|| variable("MLFLOW_EXPERIMENT_NAME"));
    variable("MLFLOW_EXPERIMENT_ID").map(ExperimentRef::Id).or_else(|| name().map(ExperimentRef::Name))
}
