use super::{
    MAX_DATASET_DIGEST_LENGTH, MAX_DATASET_NAME_LENGTH, MAX_DATASET_PROFILE_LENGTH,
    MAX_DATASET_SCHEMA_LENGTH, MAX_DATASET_SOURCE_LENGTH, MAX_EXPERIMENT_TAG_LENGTH,
    MAX_INPUT_TAG_KEY_LENGTH, MAX_INPUT_TAG_LENGTH, MAX_REGISTRY_TAG_LENGTH, validate_length,
};
use crate::{DatasetInput, Invalid};

/// The first `limit` characters.
pub fn truncated(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    match text.char_indices().nth(limit) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// Checks the value of an experiment's tag.
pub fn validate_experiment_tag_value(value: &str) -> Result<(), Invalid> {
    validate_length("experiment tag value", value, MAX_EXPERIMENT_TAG_LENGTH)
}

/// Checks the value of a tag of a registered model or a version.
pub fn validate_registry_tag_value(value: &str) -> Result<(), Invalid> {
    validate_length("model tag value", value, MAX_REGISTRY_TAG_LENGTH)
}

/// Checks when a metric was measured: not before 1970.
pub fn validate_timestamp(key: &str, timestamp: i64) -> Result<(), Invalid> {
    if timestamp >= 0 {
        return Ok(());
    }
    Err(Invalid::new(format!(
        "Invalid timestamp {timestamp} of metric {}: it is in milliseconds since 1970 and not negative",
        super::shown(key)
    )))
}

/// Checks a dataset and the tags of its use.
pub fn validate_dataset(input: &DatasetInput) -> Result<(), Invalid> {
    let dataset = &input.dataset;
    for (what, value) in [
        ("name", &dataset.name),
        ("digest", &dataset.digest),
        ("source_type", &dataset.source_type),
        ("source", &dataset.source),
    ] {
        if value.is_empty() {
            return Err(Invalid::new(format!("a dataset needs a {what}: the empty text was given")));
        }
    }
    validate_length("dataset name", &dataset.name, MAX_DATASET_NAME_LENGTH)?;
    validate_length("dataset digest", &dataset.digest, MAX_DATASET_DIGEST_LENGTH)?;
    validate_length("dataset source", &dataset.source, MAX_DATASET_SOURCE_LENGTH)?;
    let schema = dataset.schema.as_deref().unwrap_or_default();
    validate_length("dataset schema", schema, MAX_DATASET_SCHEMA_LENGTH)?;
    let profile = dataset.profile.as_deref().unwrap_or_default();
    validate_length("dataset profile", profile, MAX_DATASET_PROFILE_LENGTH)?;
    for tag in &input.tags {
        validate_length("dataset tag key", &tag.key, MAX_INPUT_TAG_KEY_LENGTH)?;
        validate_length("dataset tag value", &tag.value, MAX_INPUT_TAG_LENGTH)?;
    }
    Ok(())
}
