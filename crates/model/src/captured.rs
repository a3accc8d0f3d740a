use serde::{Deserialize, Serialize};

/// The source of everything that was logged by an explicit call.
pub const USER_SOURCE: &str = "user";

/// Keys of what was inferred with little confidence begin with it, so that it never mixes with what was declared.
pub const INFERRED_PREFIX: &str = "inferred/";

/// What kind of item was captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CapturedKind {
    /// A hyperparameter.
    Param,
    /// A metric.
    Metric,
    /// A tag.
    Tag,
    /// A dataset.
    Dataset,
    /// A file.
    Artifact,
    /// A logged model.
    Model,
}

/// Where an item of a run came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Captured {
    /// What kind of item.
    pub kind: CapturedKind,
    /// Its key, name or path.
    pub key: String,
    /// `user` for explicit calls; else the hook: `sklearn.fit`, `argparse`, `stdout`, …
    pub source: String,
    /// How sure the hook was, 0 to 1; absent where nothing was inferred.
    pub confidence: Option<f64>,
}
