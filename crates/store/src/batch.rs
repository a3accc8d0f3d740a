use trackline_model::limits::{
    KeyKind, MAX_PARAM_LENGTH, MAX_TAG_LENGTH, validate_batch, validate_key, validate_timestamp,
};
use trackline_model::{Metric, MetricBatch, Param, Tag, USER_SOURCE};

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
        self.log_gathered(run_id, &metrics.iter().collect(), params, tags)
    }

    /// [`Store::log_batch`] with metrics that are gathered by key already.
    ///
    /// # Errors
    /// The same.
    pub fn log_gathered(
        &self,
        run_id: &str,
        metrics: &MetricBatch,
        params: &[Param],
        tags: &[Tag],
    ) -> Result<()> {
        validate(metrics, params, tags)?;
        for param in params {
            self.check_length("param", &param.key, &param.value, MAX_PARAM_LENGTH)?;
        }
        for tag in tags {
            self.check_length("tag", &tag.key, &tag.value, MAX_TAG_LENGTH)?;
        }
        let models = metrics.of_models().iter().filter_map(|metric| metric.model_id.as_deref());
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
fn validate(metrics: &MetricBatch, params: &[Param], tags: &[Tag]) -> Result<()> {
    validate_batch(metrics.len(), params, tags.len())?;
    for (key, points) in metrics.series() {
        validate_key(KeyKind::Metric, key)?;
        points.iter().try_for_each(|point| validate_timestamp(key, point.timestamp))?;
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
    metrics: &MetricBatch,
    origin: Origin<'_>,
) -> Result<()> {
    let additions =
        metrics.series().map(|(key, points)| Addition { run, key, points: points.to_vec(), origin });
    metrics::append(transaction, additions.collect())?;
    for metric in metrics.of_models() {
        if let Some(model_id) = &metric.model_id {
            models::log_metric(transaction, model_id, run_id, metric)?;
        }
    }
    Ok(())
}
