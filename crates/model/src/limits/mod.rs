//! How long and how many. These are MLflow's limits, so that what one server takes the other takes too.
//!
//! Lengths count characters, not bytes. Names of runs, and values of params and of run tags, that are too long are cut
//! ([`truncated`]); everything else that breaks a rule is refused.

mod batch;
mod key;
mod name;
mod value;

pub use batch::{validate_batch, validate_max_results};
pub use key::{KeyKind, validate_key};
pub use name::{
    validate_alias, validate_experiment_name, validate_logged_model_name, validate_registered_model_name,
    validate_run_id, validate_webhook_name,
};
pub use value::{
    truncated, validate_dataset, validate_experiment_tag_value, validate_registry_tag_value,
    validate_timestamp,
};

use crate::Invalid;

/// Keys of metrics, params and tags.
pub const MAX_KEY_LENGTH: usize = 250;
/// Values of params; longer ones are cut.
pub const MAX_PARAM_LENGTH: usize = 6_000;
/// Values of run tags; longer ones are cut.
pub const MAX_TAG_LENGTH: usize = 8_000;
/// Values of experiment tags.
pub const MAX_EXPERIMENT_TAG_LENGTH: usize = 20_000;
/// Values of tags of registered models and their versions.
pub const MAX_REGISTRY_TAG_LENGTH: usize = 100_000;

/// Names of runs, of which the tag `mlflow.runName` keeps more; longer ones are cut. An index of any engine takes one with the
/// longest id.
pub const MAX_RUN_NAME_LENGTH: usize = 400;
/// Ids of runs.
pub const MAX_RUN_ID_LENGTH: usize = 256;
/// Names of experiments.
pub const MAX_EXPERIMENT_NAME_LENGTH: usize = 500;
/// Names of registered models and logged models.
pub const MAX_MODEL_NAME_LENGTH: usize = 256;
/// Aliases of model versions.
pub const MAX_ALIAS_LENGTH: usize = 255;

/// Names of datasets.
pub const MAX_DATASET_NAME_LENGTH: usize = 500;
/// Digests of datasets.
pub const MAX_DATASET_DIGEST_LENGTH: usize = 36;
/// Sources of datasets.
pub const MAX_DATASET_SOURCE_LENGTH: usize = 65_535;
/// Schemas of datasets.
pub const MAX_DATASET_SCHEMA_LENGTH: usize = 1_048_575;
/// Profiles of datasets.
pub const MAX_DATASET_PROFILE_LENGTH: usize = 16_777_215;
/// Keys of a dataset input's tags.
pub const MAX_INPUT_TAG_KEY_LENGTH: usize = 255;
/// Values of a dataset input's tags.
pub const MAX_INPUT_TAG_LENGTH: usize = 500;

/// Metrics in one batch.
pub const MAX_BATCH_METRICS: usize = 1_000;
/// Params in one batch.
pub const MAX_BATCH_PARAMS: usize = 100;
/// Tags in one batch.
pub const MAX_BATCH_TAGS: usize = 100;
/// Metrics, params and tags in one batch, together.
pub const MAX_BATCH_ITEMS: usize = 1_000;

/// Runs in one page of a search.
pub const MAX_RUNS_PAGE: u64 = 50_000;
/// Experiments in one page of a search.
pub const MAX_EXPERIMENTS_PAGE: u64 = 50_000;
/// Registered models in one page of a search.
pub const MAX_REGISTERED_MODELS_PAGE: u64 = 1_000;
/// Model versions in one page of a search.
pub const MAX_MODEL_VERSIONS_PAGE: u64 = 200_000;

/// How much of a value is repeated in an error.
const SHOWN: usize = 60;

/// The value in quotes, cut where it is long.
fn shown(value: &str) -> String {
    let cut = truncated(value, SHOWN);
    let dots = if cut.len() < value.len() { "…" } else { "" };
    format!("'{}{dots}'", cut.escape_debug())
}

/// Checks how many characters a value has; `what` it is stands in the error.
pub fn validate_length(what: impl std::fmt::Display, value: &str, limit: usize) -> Result<(), Invalid> {
    // Bytes are counted without a walk and are never fewer than characters.
    if value.len() <= limit {
        return Ok(());
    }
    let length = value.chars().count();
    if length <= limit {
        return Ok(());
    }
    Err(Invalid::new(format!(
        "{what} {} exceeds the maximum length of {limit} characters: it has {length}",
        shown(value)
    )))
}
