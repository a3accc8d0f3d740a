use std::collections::HashSet;

use super::{MAX_BATCH_ITEMS, MAX_BATCH_METRICS, MAX_BATCH_PARAMS, MAX_BATCH_TAGS, shown};
use crate::{Invalid, Param};

/// Checks how much is in one batch, and that each param is in it once.
pub fn validate_batch(metrics: usize, params: &[Param], tags: usize) -> Result<(), Invalid> {
    validate_count("metrics", metrics, MAX_BATCH_METRICS)?;
    validate_count("params", params.len(), MAX_BATCH_PARAMS)?;
    validate_count("tags", tags, MAX_BATCH_TAGS)?;
    validate_count("metrics, params, and tags", metrics + params.len() + tags, MAX_BATCH_ITEMS)?;
    let mut keys = HashSet::with_capacity(params.len());
    match params.iter().find(|param| !keys.insert(param.key.as_str())) {
        Some(twice) => Err(Invalid::new(format!(
            "Duplicate parameter keys have been submitted: {} is in the batch twice",
            shown(&twice.key)
        ))),
        None => Ok(()),
    }
}

/// The beginning of the sentence is what MLflow's clients look for.
fn validate_count(what: &str, count: usize, limit: usize) -> Result<(), Invalid> {
    if count <= limit {
        return Ok(());
    }
    Err(Invalid::new(format!(
        "A batch logging request can contain at most {limit} {what}. Got {count}: send several batches"
    )))
}

/// Checks the page size of a search; absent means the search's own default, which the caller gives.
pub fn validate_max_results(given: Option<i64>, default: u64, limit: u64) -> Result<u64, Invalid> {
    let Some(given) = given else { return Ok(default) };
    match u64::try_from(given) {
        Ok(results) if (1..=limit).contains(&results) => Ok(results),
        _ => Err(Invalid::new(format!(
            "Invalid value {given} for parameter 'max_results' supplied: it is from 1 to {limit}"
        ))),
    }
}
