use std::collections::BTreeMap;

use trackline_model::limits::{
    KeyKind, MAX_PARAM_LENGTH, MAX_TAG_LENGTH, validate_batch, validate_key, validate_timestamp,
};
use trackline_model::{Metric, Param, Point, Tag, USER_SOURCE};

use crate::metrics::{self, Addition};
use crate::origin::Origin;
use crate::runs::{self, RunKey};
use crate::sql::{Scope, Transaction};
use crate::store::now;
use crate::{Result, Store, models, params, tags};

impl Store {
    /// Logs metrics, params and tags to a run: all of it, or nothing if one item is refused.
    ///
    /// # Errors
    /// `Invalid` if a param changes its value or comes twice, and for everything that breaks a limit.
    /// A long param or tag value is no error: it is cut, unless the store was told to refuse it.
    pub fn log_batch(&self, run_id: &str, metrics: &[Metric], params: &[Param], tags: &[Tag]) -> Result<()> {
        validate(metrics, params, tags)?;
        for param in params {
            self.check_length("param", &param.key, &param.value, MAX_PARAM_LENGTH)?;
        }
        for tag in tags {
            self.check_length("tag", &tag.key, &tag.value, MAX_TAG_LENGTH)?;
        }
        let models = metrics.iter().filter_map(|metric| metric.model_id.as_deref());
        let scope = || Scope::of(models.clone().chain([run_id]));
        self.write_in(
            |_| scope(),
            |transaction| {
                let run = runs::find_active(transaction.reader(), run_id)?;
                params::check_unchanged(transaction.reader(), run_id, run, params)?;
                let origin = Origin::user(now());
                params::set(transaction, run, params, origin)?;
                log_metrics(transaction, run_id, run, metrics, origin)?;
                tags::set(transaction, run, tags, USER_SOURCE)
            },
        )
    }
}

/// Everything is looked at before anything is written.
fn validate(metrics: &[Metric], params: &[Param], tags: &[Tag]) -> Result<()> {
    validate_batch(metrics.len(), params, tags.len())?;
    for metric in metrics {
        validate_key(KeyKind::Metric, &metric.key)?;
        validate_timestamp(&metric.key, metric.timestamp)?;
    }
    for param in params {
        validate_key(KeyKind::Param, &param.key)?;
    }
    for tag in tags {
        validate_key(KeyKind::Tag, &tag.key)?;
    }
    Ok(())
}

/// Logs metrics to the run, and those that name a logged model also to that.
pub(crate) fn log_metrics(
    transaction: &dyn Transaction,
    run_id: &str,
    run: RunKey,
    metrics: &[Metric],
    origin: Origin<'_>,
) -> Result<()> {
    let mut by_key: BTreeMap<&str, Vec<Point>> = BTreeMap::new();
    for metric in metrics {
        let point = Point { step: metric.step, timestamp: metric.timestamp, value: metric.value };
        by_key.entry(&metric.key).or_default().push(point);
    }
    let additions = by_key.into_iter().map(|(key, points)| Addition { run, key, points, origin });
    metrics::append(transaction, additions.collect())?;
    for metric in metrics {
        if let Some(model_id) = &metric.model_id {
            models::log_metric(transaction, model_id, run_id, metric)?;
        }
    }
    Ok(())
}
