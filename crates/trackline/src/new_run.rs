use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Map, Value};
use trackline_capture::Variables;
use trackline_journal::{Event, ExperimentRef};
use trackline_model::{DEFAULT_EXPERIMENT_ID, Invalid, Tag};
use uuid::Uuid;

use crate::clock;
use crate::facts::Task;
use crate::run::checked_tags;
use crate::switches::Category;

/// What a run begins with; everything has a default.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// The default experiment unless said otherwise.
    pub experiment: ExperimentRef,
    /// Absent: a random name.
    pub run_name: Option<String>,
    /// The run it is a child of. A child carries the source tags, and leaves environment and git to its parent.
    pub parent_run_id: Option<String>,
    /// Absent: the user of the operating system.
    pub user_id: Option<String>,
    /// Milliseconds since the epoch; absent: now.
    pub start_time: Option<i64>,
    /// The script or program, for `mlflow.source.name`; absent: the program of this process. Git is looked for
    /// beside it.
    pub source_name: Option<String>,
    /// Tags it has from the beginning; they win over those that are gathered.
    pub tags: Vec<Tag>,
    /// Whether the use of processors, memory, disk, network and devices is logged while the run is open. Absent: yes,
    /// unless it is a child or the environment says no.
    pub log_system_metrics: Option<bool>,
    /// Facts for the document `environment` that only the caller knows: `python`, `argv`, `packages`, … Absent: the
    /// document is left to [`RunHandle::add_environment`](crate::RunHandle::add_environment).
    pub environment: Option<Map<String, Value>>,
}

impl Default for NewRun {
    fn default() -> Self {
        Self {
            experiment: ExperimentRef::Id(DEFAULT_EXPERIMENT_ID.to_owned()),
            run_name: None,
            parent_run_id: None,
            user_id: None,
            start_time: None,
            source_name: None,
            tags: Vec::new(),
            log_system_metrics: None,
            environment: Some(Map::new()),
        }
    }
}

/// A run as it is told to the journal.
pub struct Start {
    pub run_id: String,
    pub whole: Event,
    /// Without tags.
    pub brief: Event,
}

impl NewRun {
    /// Gives the run an id and the tags that are known at once, and says what else is to be gathered for it.
    pub(crate) fn begin(self, run_id: Option<String>) -> Result<(Start, Vec<Task>), Invalid> {
        let run_id = run_id.unwrap_or_else(|| Uuid::new_v4().simple().to_string());
        let user_id = self.user_id.unwrap_or_else(user);
        let source_name = self.source_name.unwrap_or_else(program);
        let facts = match &self.parent_run_id {
            Some(_) => vec![(Category::Git, Task::Commit)],
            None => {
                let variables = Variables::now();
                let git = (Category::Git, Task::Git(folder_of(&source_name), variables.clone()));
                let environment = self.environment.map(|known| Task::Environment(known, variables));
                let environment = environment.map(|task| (Category::Environment, task));
                [git].into_iter().chain(environment).collect()
            }
        };
        let facts =
            facts.into_iter().filter(|(category, _)| category.is_on()).map(|(_, task)| task).collect();
        let mut tags = checked_tags(self.tags)?;
        let known = [
            ("mlflow.user", Some(user_id.clone())),
            ("mlflow.source.name", Some(source_name)),
            ("mlflow.source.type", Some("LOCAL".to_owned())),
            ("mlflow.parentRunId", self.parent_run_id),
        ];
        for (key, value) in known {
            if let Some(value) = value
                && !tags.iter().any(|tag| tag.key == key)
            {
                tags.push(Tag { key: key.to_owned(), value });
            }
        }
        let start_time = self.start_time.unwrap_or_else(clock::now);
        let started = |tags| Event::RunStarted {
            run_id: run_id.clone(),
            experiment: self.experiment.clone(),
            run_name: self.run_name.clone(),
            user_id: user_id.clone(),
            start_time,
            tags,
        };
        let (whole, brief) = (started(tags), started(Vec::new()));
        Ok((Start { run_id, whole, brief }, facts))
    }
}

/// The name of the user, as the environment or the password file has it.
fn user() -> String {
    let variable = ["LOGNAME", "USER", "LNAME", "USERNAME"].into_iter().find_map(|name| env::var(name).ok());
    variable.filter(|name| !name.is_empty()).or_else(user_of_process).unwrap_or_else(|| "unknown".to_owned())
}

fn user_of_process() -> Option<String> {
    let uid = fs::metadata("/proc/self").ok()?.uid().to_string();
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.split(':').nth(2) == Some(uid.as_str()))?;
    line.split(':').next().map(str::to_owned)
}

fn program() -> String {
    env::args_os().next().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The folder of a script, or else the working directory.
fn folder_of(source_name: &str) -> PathBuf {
    let script = PathBuf::from(source_name);
    let beside = script.parent().filter(|_| script.is_file()).map(Path::to_owned);
    let here = env::current_dir().unwrap_or_default();
    beside.map_or_else(|| here.clone(), |folder| here.join(folder))
}
