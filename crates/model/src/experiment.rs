use serde::{Deserialize, Serialize};

use crate::{LifecycleStage, Tag};

/// The id of the experiment that every store has from the beginning.
pub const DEFAULT_EXPERIMENT_ID: &str = "0";
/// The name of the experiment that every store has from the beginning.
pub const DEFAULT_EXPERIMENT_NAME: &str = "Default";

/// A named group of runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Experiment {
    /// A decimal number, as text: ids of imported stores do not fit in 53 bits.
    pub experiment_id: String,
    /// Unique among all experiments of a store, deleted ones included.
    pub name: String,
    /// Where its runs keep artifacts, e.g. `mlflow-artifacts:/1`.
    pub artifact_location: String,
    /// Whether it was deleted (softly).
    pub lifecycle_stage: LifecycleStage,
    /// When it was made.
    pub creation_time: i64,
    /// When its name, tags or stage last changed.
    pub last_update_time: i64,
    /// Sorted by key.
    pub tags: Vec<Tag>,
}
