use trackline_model::{MetricBatch, USER_SOURCE};

use super::Batch;
use crate::metrics::{self, Addition};
use crate::origin::Origin;
use crate::runs::{self, RunKey};
use crate::sql::{Scope, Transaction};
use crate::store::now;
use crate::{Result, Store, models, params, tags};

impl Store {
    /// Writes batches, none of which has an id of another: in one transaction, or, if that is refused, each in one of its
    /// own, so that one that makes no sense fails alone.
    pub(super) fn write_batches(&self, batches: &[Batch]) -> Vec<Result<()>> {
        let result = self.write_together(batches);
        let refused = result.as_ref().is_err_and(|error| !error.kind.may_pass());
        if refused && batches.len() > 1 {
            return batches.chunks(1).map(|alone| self.write_together(alone)).collect();
        }
        vec![result; batches.len()]
    }

    fn write_together(&self, batches: &[Batch]) -> Result<()> {
        self.write_in(
            |_| Scope::of(batches.iter().flat_map(Batch::ids)),
            |transaction| {
                let ids = batches.iter().map(|batch| batch.run_id.as_str());
                let runs = runs::find_each_active(transaction.reader(), ids)?;
                write(transaction, &runs.into_iter().zip(batches).collect::<Vec<_>>())
            },
        )
    }
}

fn write(transaction: &dyn Transaction, batches: &[(RunKey, &Batch)]) -> Result<()> {
    let origin = Origin::user(now());
    for (run, batch) in batches {
        params::check_unchanged(transaction.reader(), &batch.run_id, *run, &batch.params)?;
        params::set(transaction, *run, &batch.params, origin)?;
    }
    let metrics = batches.iter().flat_map(|(run, batch)| additions(*run, &batch.metrics, origin));
    metrics::append(transaction, metrics.collect())?;
    for (run, batch) in batches {
        log_to_models(transaction, &batch.run_id, &batch.metrics)?;
        tags::set(transaction, *run, &batch.tags, USER_SOURCE)?;
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
    metrics::append(transaction, additions(run, metrics, origin).collect())?;
    log_to_models(transaction, run_id, metrics)
}

fn additions<'a>(
    run: RunKey,
    metrics: &'a MetricBatch,
    origin: Origin<'a>,
) -> impl Iterator<Item = Addition<'a>> {
    metrics.series().map(move |(key, points)| Addition { run, key, points: points.to_vec(), origin })
}

fn log_to_models(transaction: &dyn Transaction, run_id: &str, metrics: &MetricBatch) -> Result<()> {
    for metric in metrics.of_models() {
        if let Some(model_id) = &metric.model_id {
            models::log_metric(transaction, model_id, run_id, metric)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use trackline_model::{Param, Point, Tag};

    use super::*;
    use crate::{ErrorKind, NewRun};

    /// A batch of a metric, a param and a tag.
    fn batch(run_id: &str, param: &str, tag: &str) -> Batch {
        let mut metrics = MetricBatch::default();
        metrics.push("m", Point { step: 0, timestamp: 1, value: 2.0 });
        Batch {
            run_id: run_id.to_owned(),
            metrics,
            params: vec![Param { key: "p".into(), value: param.into() }],
            tags: vec![Tag { key: "t".into(), value: tag.into() }],
        }
    }

    fn new_run(store: &Store) -> String {
        let new = NewRun { experiment_id: "0".into(), ..NewRun::default() };
        store.create_run(&new).unwrap().info.run_id
    }

    /// What is there of [`batch`] in a run: the value of its param, and how many metrics and tags.
    fn found(store: &Store, run_id: &str) -> (Option<String>, usize, usize) {
        let data = store.get_run(run_id).unwrap().data;
        let param = data.params.first().map(|param| param.value.clone());
        (param, data.metrics.len(), data.tags.iter().filter(|tag| tag.key == "t").count())
    }

    fn what_makes_no_sense_fails_alone(store: &Store) {
        let [good, changed, other] = [(); 3].map(|()| new_run(store));
        store.log_batch(&changed, &[], &[Param { key: "p".into(), value: "before".into() }], &[]).unwrap();
        let batches = [(&good, "1"), (&"none".to_owned(), "2"), (&changed, "3"), (&other, "4")]
            .map(|(run, p)| batch(run, p, "v"));
        let results =
            store.write_batches(&batches).into_iter().map(|result| result.err().map(|error| error.kind));
        let kinds: Vec<_> = results.collect();
        assert_eq!(kinds, [None, Some(ErrorKind::NotFound), Some(ErrorKind::Invalid), None]);
        assert_eq!(found(store, &good), (Some("1".into()), 1, 1));
        assert_eq!(found(store, &changed), (Some("before".into()), 0, 0));
        assert_eq!(found(store, &other), (Some("4".into()), 1, 1));
    }

    #[test]
    fn what_makes_no_sense_fails_alone_on_sqlite() {
        let folder = tempfile::tempdir().unwrap();
        what_makes_no_sense_fails_alone(&Store::open(folder.path()).unwrap());
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn what_makes_no_sense_fails_alone_on_postgres() {
        let (database, folder) = (trackline_testdb::Database::new(), tempfile::tempdir().unwrap());
        let store = Store::connect(&database.uri(), folder.path()).unwrap();
        what_makes_no_sense_fails_alone(&store);
        database.psql("ALTER TABLE trackline.tags ADD CHECK (value <> 'refused')");
        let runs = [(); 3].map(|()| new_run(&store));
        let [first, refused, last] = &runs;
        let batches = [batch(first, "1", "v"), batch(refused, "2", "refused"), batch(last, "3", "v")];
        let results = store.write_batches(&batches);
        assert_eq!(results[1].as_ref().unwrap_err().kind, ErrorKind::Conflict);
        assert_eq!([&results[0], &results[2]], [&Ok(()), &Ok(())]);
        assert_eq!(runs.each_ref().map(|run| found(&store, run).1), [1, 0, 1]);
    }
}
