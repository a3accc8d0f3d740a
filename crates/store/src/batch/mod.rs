//! What is logged to runs: any number of calls at once become few transactions.

mod queue;
mod write;

use trackline_model::limits::{
    KeyKind, MAX_PARAM_LENGTH, MAX_TAG_LENGTH, validate_batch, validate_key, validate_timestamp,
};
use trackline_model::{Metric, MetricBatch, Param, Tag};

use crate::{Result, Store};

pub(crate) use queue::Queue;
pub(crate) use write::log_metrics;

/// What is logged to a run at once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// The run.
    pub run_id: String,
    /// Points, those of logged models among them.
    pub metrics: MetricBatch,
    /// Each once.
    pub params: Vec<Param>,
    /// The last one of a key stands.
    pub tags: Vec<Tag>,
}

impl Batch {
    /// The run and the logged models that it writes to.
    fn ids(&self) -> impl Iterator<Item = &str> {
        let models = self.metrics.of_models().iter().filter_map(|metric| metric.model_id.as_deref());
        std::iter::once(self.run_id.as_str()).chain(models)
    }

    /// About how many rows it writes.
    fn rows(&self) -> usize {
        self.metrics.series().len() + self.metrics.of_models().len() + self.params.len() + self.tags.len()
    }

    /// Everything is looked at before anything is written.
    fn validate(&self) -> Result<()> {
        validate_batch(self.metrics.len(), &self.params, self.tags.len())?;
        for (key, points) in self.metrics.series() {
            validate_key(KeyKind::Metric, key)?;
            points.iter().try_for_each(|point| validate_timestamp(key, point.timestamp))?;
        }
        for param in &self.params {
            validate_key(KeyKind::Param, &param.key)?;
        }
        for tag in &self.tags {
            validate_key(KeyKind::Tag, &tag.key)?;
        }
        Ok(())
    }
}

impl Store {
    /// Logs metrics, params and tags to a run: all of it, or nothing if one item is refused.
    ///
    /// # Errors
    /// Those of [`Store::log`].
    pub fn log_batch(&self, run_id: &str, metrics: &[Metric], params: &[Param], tags: &[Tag]) -> Result<()> {
        let metrics = metrics.iter().collect();
        self.log(Batch { run_id: run_id.to_owned(), metrics, params: params.to_vec(), tags: tags.to_vec() })
    }

    /// Logs a batch: all of it, or nothing if one item is refused.
    ///
    /// # Errors
    /// `Invalid` if a param changes its value or comes twice, and for everything that breaks a limit.
    /// A long param or tag value is no error: it is cut, unless the store was told to refuse it.
    pub fn log(&self, batch: Batch) -> Result<()> {
        batch.validate()?;
        for param in &batch.params {
            self.check_length("param", &param.key, &param.value, MAX_PARAM_LENGTH)?;
        }
        for tag in &batch.tags {
            self.check_length("tag", &tag.key, &tag.value, MAX_TAG_LENGTH)?;
        }
        self.batches().put(batch, &|batches| self.write_batches(batches))
    }
}
