use serde::{Deserialize, Serialize};
use trackline_model::{DatasetInput, LoggedModelStatus, Metric, ModelOutput, Param, RunStatus, Tag};

/// An experiment by id, or by a name that is created when it does not exist yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExperimentRef {
    /// The id in the store.
    Id(String),
    /// The name.
    Name(String),
}

/// Whose artifact tree a file belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArtifactOwner {
    /// The run with this id.
    Run(String),
    /// The logged model with this id.
    Model(String),
}

/// What a process knows of itself when it begins to write: for whoever finds it gone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessStart {
    /// Its number on its machine.
    pub pid: u32,
    /// The name of the machine or container.
    pub host: String,
    /// Linux: differs after each start of the machine.
    pub boot: Option<String>,
    /// Linux: which processes the kernel had killed for want of memory until then.
    pub oom_kills: Vec<OomKills>,
}

/// How many processes the kernel had killed for want of memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OomKills {
    /// The file that counts them: `memory.events` of a control group, or `/proc/vmstat` for the whole machine.
    pub file: String,
    /// How many.
    pub count: u64,
}

/// What happened, other than a plain metric point. Written as JSON, so that fields can be added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A run began. A second one for the same run keeps the earlier start and the first name.
    RunStarted {
        /// 32 hexadecimal digits, chosen by the process that starts it.
        run_id: String,
        /// Where it belongs.
        experiment: ExperimentRef,
        /// Absent: a random name is given when it reaches the store.
        run_name: Option<String>,
        /// Who started it.
        user_id: String,
        /// Milliseconds since the epoch.
        start_time: i64,
        /// Tags it has from the beginning.
        tags: Vec<Tag>,
    },
    /// The process that writes this journal. Comes first in it.
    ProcessStarted(ProcessStart),
    /// The process that writes this journal has the run open: if the process is gone before the run has ended, so is
    /// the run. Other processes may log to it all the same.
    RunOpened {
        /// The run.
        run_id: String,
    },
    /// The process that writes this journal takes part in a run that another one has open: the run is not over while it
    /// lives, but does not end with it alone.
    RunJoined {
        /// The run.
        run_id: String,
    },
    /// The process that writes this journal attends a run as a rank that is not the first: the run does not depend on it, but is to
    /// say why, should the process be gone before it has left.
    RunAttended {
        /// The run.
        run_id: String,
        /// From 1 on.
        rank: u32,
    },
    /// The process that writes this journal attends the run no more.
    RunLeft {
        /// The run.
        run_id: String,
    },
    /// An ended run goes on; this process has it open.
    RunResumed {
        /// The run.
        run_id: String,
        /// When.
        time: i64,
    },
    /// A run belongs to another experiment from now on; its files stay where they are.
    RunMoved {
        /// The run.
        run_id: String,
        /// Where it belongs.
        experiment: ExperimentRef,
        /// When.
        time: i64,
    },
    /// A run ended.
    RunEnded {
        /// The run.
        run_id: String,
        /// How.
        status: RunStatus,
        /// When.
        end_time: i64,
    },
    /// Hyperparameters. The last value of a key shows; earlier ones are kept as history.
    Params {
        /// The run.
        run_id: String,
        /// Keys and values.
        params: Vec<Param>,
        /// When.
        time: i64,
        /// `user` or the hook.
        source: String,
        /// How sure the hook was.
        confidence: Option<f64>,
    },
    /// Tags; the last value of a key stands.
    Tags {
        /// The run.
        run_id: String,
        /// Keys and values.
        tags: Vec<Tag>,
        /// `user` or the hook.
        source: String,
    },
    /// A tag was taken away.
    TagDeleted {
        /// The run.
        run_id: String,
        /// Its key.
        key: String,
    },
    /// Metrics that belong to a logged model or a dataset; plain ones are points.
    Metrics {
        /// The run.
        run_id: String,
        /// Values with their links.
        #[serde(with = "crate::metrics")]
        metrics: Vec<Metric>,
        /// `user` or the hook.
        source: String,
    },
    /// A dataset that the run read.
    Input {
        /// The run.
        run_id: String,
        /// What it read, and what for.
        input: DatasetInput,
        /// `user` or the hook.
        source: String,
    },
    /// A logged model begins: its files follow.
    ModelCreated {
        /// `m-` and 32 hexadecimal digits, chosen by the process that makes it.
        model_id: String,
        /// Its name.
        name: String,
        /// The run that makes it; the model belongs to the run's experiment.
        run_id: String,
        /// Free text.
        model_type: Option<String>,
        /// Its parameters.
        params: Vec<Param>,
        /// Its tags.
        tags: Vec<Tag>,
        /// When.
        time: i64,
        /// `user` or the hook.
        source: String,
    },
    /// A logged model is whole, or has failed.
    ModelFinalized {
        /// The model.
        model_id: String,
        /// How.
        status: LoggedModelStatus,
        /// When.
        time: i64,
    },
    /// Tags of a logged model.
    ModelTags {
        /// The model.
        model_id: String,
        /// Keys and values.
        tags: Vec<Tag>,
    },
    /// The run made a logged model.
    ModelOutput {
        /// The run.
        run_id: String,
        /// The model, and the step.
        output: ModelOutput,
    },
    /// A file, whose bytes are already among the blobs.
    Artifact {
        /// Whose.
        owner: ArtifactOwner,
        /// Relative to the owner's root; parts joined by `/`.
        path: String,
        /// BLAKE3, hexadecimal.
        digest: String,
        /// Bytes.
        size: u64,
        /// When.
        time: i64,
        /// `user` or the hook.
        source: String,
    },
    /// A file of the run, or a folder with all that is in it, is no longer wanted.
    ArtifactDeleted {
        /// The run.
        run_id: String,
        /// Relative to the run's root; parts joined by `/`.
        path: String,
    },
    /// Facts beside the run, as a blob: `environment`, `git`, `console`, …
    Document {
        /// The run.
        run_id: String,
        /// What kind of facts; a second one of a kind takes the place of the first.
        kind: String,
        /// BLAKE3, hexadecimal.
        digest: String,
    },
    /// Tags of an experiment.
    ExperimentTags {
        /// Which.
        experiment: ExperimentRef,
        /// Keys and values.
        tags: Vec<Tag>,
        /// When.
        time: i64,
    },
    /// An event that a newer program of this version of the format writes, and that need not be understood.
    #[serde(other)]
    Unknown,
}
