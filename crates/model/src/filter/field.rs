/// What a condition or an order refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Field {
    /// A property that every run (experiment, model, …) has.
    Attribute(Attribute),
    /// The latest value of a metric.
    Metric(String),
    /// A hyperparameter.
    Param(String),
    /// A tag.
    Tag(String),
    /// What was known of a trace when it was written.
    Metadata(String),
    /// A property of a dataset that the run read.
    Dataset(DatasetField),
    /// A property of one of the spans of a trace.
    Span(SpanField),
}

/// A property that every entity of a kind has. Which kind has which is said by the parsers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// The id of a run, or the run a model version was made by.
    RunId,
    /// The name of a run.
    RunName,
    /// How a run or a logged model stands.
    Status,
    /// Where a run keeps its artifacts.
    ArtifactUri,
    /// Who started a run.
    UserId,
    /// When a run began.
    StartTime,
    /// When a run ended.
    EndTime,
    /// The name of an experiment or a model.
    Name,
    /// The id of an experiment.
    ExperimentId,
    /// When an experiment or a model was made.
    CreationTime,
    /// When an experiment or a model last changed.
    LastUpdateTime,
    /// The number of a model version.
    VersionNumber,
    /// Where a model version was registered from.
    SourcePath,
    /// The id of a logged model.
    ModelId,
    /// The type of a logged model.
    ModelType,
    /// The run that made a logged model.
    SourceRunId,
    /// The id of a trace.
    TraceId,
    /// The client's own name for a trace.
    ClientRequestId,
    /// When a trace began.
    RequestTime,
    /// How long a trace took.
    ExecutionTime,
}

impl Attribute {
    /// As it is written in a filter.
    pub fn name(self) -> &'static str {
        self.names()[0]
    }

    /// Whether it is compared with numbers; the others are compared with text.
    pub fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::StartTime
                | Self::EndTime
                | Self::CreationTime
                | Self::LastUpdateTime
                | Self::VersionNumber
                | Self::RequestTime
                | Self::ExecutionTime
        )
    }

    /// The usual name first, then the others that are understood.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::RunId => &["run_id"],
            Self::RunName => &["run_name", "run name", "Run name", "Run Name"],
            Self::Status => &["status"],
            Self::ArtifactUri => &["artifact_uri"],
            Self::UserId => &["user_id"],
            Self::StartTime => &["start_time", "created", "Created"],
            Self::EndTime => &["end_time", "end_time_ms"],
            Self::Name => &["name"],
            Self::ExperimentId => &["experiment_id"],
            Self::CreationTime => &["creation_time", "creation_timestamp"],
            Self::LastUpdateTime => {
                &["last_update_time", "last_updated_time", "last_updated_timestamp", "timestamp"]
            }
            Self::VersionNumber => &["version_number"],
            Self::SourcePath => &["source_path"],
            Self::ModelId => &["model_id"],
            Self::ModelType => &["model_type"],
            Self::SourceRunId => &["source_run_id"],
            Self::TraceId => &["trace_id", "request_id"],
            Self::ClientRequestId => &["client_request_id"],
            Self::RequestTime => &["timestamp_ms", "timestamp", "request_time"],
            Self::ExecutionTime => &["execution_time_ms", "execution_time"],
        }
    }
}

/// A property of a dataset that a run read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DatasetField {
    /// Its name.
    Name,
    /// Its digest.
    Digest,
    /// What the run read it for: the tag `mlflow.data.context` of the input.
    Context,
}

impl DatasetField {
    /// Every one.
    pub(super) const ALL: [Self; 3] = [Self::Name, Self::Digest, Self::Context];

    /// As it is written in a filter.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Digest => "digest",
            Self::Context => "context",
        }
    }
}

/// A property of a span.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SpanField {
    /// Its name.
    Name,
    /// Its type, such as `LLM`.
    Type,
    /// `OK`, `ERROR` or `UNSET`.
    Status,
    /// All of it, as JSON.
    Content,
    /// What was attached to it under a key: text as it is, anything else as JSON.
    Attribute(String),
}

impl SpanField {
    /// Every one but attributes.
    pub(super) const PLAIN: [Self; 4] = [Self::Name, Self::Type, Self::Status, Self::Content];

    /// As it is written in a filter, without the key of an attribute.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Type => "type",
            Self::Status => "status",
            Self::Content => "content",
            Self::Attribute(_) => "attributes",
        }
    }
}
