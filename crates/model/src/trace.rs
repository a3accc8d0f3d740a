use serde::{Deserialize, Serialize};

use crate::Tag;

/// What happened at one request to a program, such as a question to an agent. Its spans are kept beside it, or are a file
/// among its artifacts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Given by the client, such as `tr-` and 32 hexadecimal digits.
    pub trace_id: String,
    /// The experiment it belongs to.
    pub experiment_id: String,
    /// When it began.
    pub request_time: i64,
    /// In milliseconds; none while it goes on.
    pub duration: Option<i64>,
    /// How it stands.
    pub state: TraceState,
    /// The client's own name for it.
    pub client_request_id: Option<String>,
    /// The beginning of what was asked.
    pub request_preview: Option<String>,
    /// The beginning of what was answered.
    pub response_preview: Option<String>,
    /// What was known when it was written, by key.
    pub metadata: Vec<Tag>,
    /// What can be changed later, by key.
    pub tags: Vec<Tag>,
    /// The oldest first.
    pub assessments: Vec<Assessment>,
}

/// How a trace stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TraceState {
    /// Nothing is known.
    #[default]
    StateUnspecified,
    /// It went well.
    Ok,
    /// It failed.
    Error,
    /// It goes on.
    InProgress,
}

/// What someone thinks of a trace: feedback, or what was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// `a-` and 32 hexadecimal digits.
    pub assessment_id: String,
    /// A JSON object: MLflow's message.
    pub content: String,
}
