use serde::{Deserialize, Serialize};

/// A step of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Within the trace: 16 hexadecimal digits.
    pub span_id: String,
    /// The step that this one is part of; none for the root.
    pub parent_id: Option<String>,
    /// What was done.
    pub name: String,
    /// What kind of step it is, such as `LLM`.
    pub span_type: Option<String>,
    /// How it went.
    pub status: SpanStatus,
    /// Nanoseconds since the epoch.
    pub start_time: i64,
    /// All of it: a JSON object as MLflow's file `traces.json` has it.
    pub content: String,
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SpanStatus {
    /// Nothing is known.
    Unset,
    /// It went well.
    Ok,
    /// It failed.
    Error,
}
