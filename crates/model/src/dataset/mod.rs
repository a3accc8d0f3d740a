mod drift;
mod statistics;

use serde::{Deserialize, Serialize};

use crate::Tag;

pub use drift::{Change, ColumnDrift, Drift};
pub use statistics::{ColumnStatistics, MAX_TOP};

/// A description of data: never the data itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dataset {
    /// The name of the variable or file, or `dataset`.
    pub name: String,
    /// A short hash of the content; with `name` it identifies the dataset within its experiment.
    pub digest: String,
    /// How `source` is to be read: `code`, `local`, `http`, …
    pub source_type: String,
    /// Where it came from, as JSON text.
    pub source: String,
    /// Columns and their types, as JSON text.
    pub schema: Option<String>,
    /// Sizes and statistics, as JSON text.
    pub profile: Option<String>,
}

/// A dataset that a run read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetInput {
    /// What was read.
    pub dataset: Dataset,
    /// `mlflow.data.context` says what for: `train`, `eval`, …
    pub tags: Vec<Tag>,
}
