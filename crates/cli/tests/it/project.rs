//! A folder with a store, and the command run in it.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use trackline_model::{Metric, Param, Point, RunStatus, Tag};
use trackline_store::{NewRun, Store};

/// Noon of 31 January 2025, UTC: long enough ago that times are shown as days.
pub const NOON: i64 = 1_738_324_800_000;

pub struct Project {
    folder: TempDir,
}

impl Project {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// A folder with an empty store.
    pub fn new() -> Self {
        let project = Self::empty();
        project.store();
        project
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn store(&self) -> Store {
        Store::open(&self.path().join(".trackline")).unwrap()
    }

    /// A run that ended 90 seconds after it began, whose id is `digit` repeated.
    pub fn run(&self, digit: char, name: &str, params: &[(&str, &str)], metrics: &[(&str, f64)]) -> String {
        let run_id: String = std::iter::repeat_n(digit, 32).collect();
        let minute = i64::from(digit.to_digit(16).unwrap()) * 60_000;
        let store = self.store();
        store
            .create_run(&NewRun {
                run_id: Some(run_id.clone()),
                experiment_id: "0".into(),
                user_id: "ada".into(),
                run_name: Some(name.into()),
                start_time: NOON + minute,
                tags: Vec::new(),
            })
            .unwrap();
        let params = params.iter().map(|(key, value)| Param { key: (*key).into(), value: (*value).into() });
        let metrics = metrics.iter().map(|(key, value)| metric(key, *value, 0));
        store.log_batch(&run_id, &metrics.collect::<Vec<_>>(), &params.collect::<Vec<_>>(), &[]).unwrap();
        let end = NOON + minute + 90_000;
        store.update_run(&run_id, Some(RunStatus::Finished), Some(end), None).unwrap();
        run_id
    }

    pub fn tag(&self, run_id: &str, key: &str, value: &str) {
        self.store().set_tag(run_id, &Tag { key: key.into(), value: value.into() }).unwrap();
    }

    /// The command, to be run in the folder by a user who has configured nothing.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trackline"));
        command.args(args).current_dir(self.path()).env("TZ", "UTC").env_remove("COLUMNS");
        for (key, _) in std::env::vars() {
            if key.starts_with("TRACKLINE_") || key.starts_with("MLFLOW_") {
                command.env_remove(key);
            }
        }
        command
    }

    /// What the command prints, and its exit code if it is not 0.
    pub fn transcript(&self, args: &[&str]) -> String {
        self.finish(&mut self.command(args))
    }

    pub fn finish(&self, command: &mut Command) -> String {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let mut text = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
        if !status.success() {
            text.push_str(&format!("[exit code {}]", status.code().unwrap()));
        }
        text.replace(self.path().to_str().unwrap(), "PROJECT")
    }
}

pub fn metric(key: &str, value: f64, step: i64) -> Metric {
    Metric::of_point(key, &Point { step, timestamp: NOON, value })
}
