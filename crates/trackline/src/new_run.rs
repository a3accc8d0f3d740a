use serde_json::{Map, Value};
use trackline_journal::ExperimentRef;
use trackline_model::{DEFAULT_EXPERIMENT_ID, Tag};

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
    /// Facts for the document `environment` that only the caller knows: `python`, `argv`, `packages`, …
    pub environment: Map<String, Value>,
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
            environment: Map::new(),
        }
    }
}
