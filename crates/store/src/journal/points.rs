use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use trackline_journal::Event;
use trackline_model::{Metric, Point};

use super::{Applied, Outcome, waiting};
use crate::metrics::{self, Addition};
use crate::origin::Origin;
use crate::sql::{Transaction, values};
use crate::store::now;
use crate::{Error, Result, runs};

/// The points of a batch, gathered by series.
pub(super) struct Points<'a> {
    journal_id: &'a str,
    series: HashMap<u32, Series>,
    /// Ordered, so that rows are written in the same order every time.
    gathered: BTreeMap<u32, Vec<Point>>,
}

#[derive(Clone)]
struct Series {
    run_id: String,
    key: String,
    source: String,
    confidence: Option<f64>,
}

impl<'a> Points<'a> {
    pub fn new(journal_id: &'a str) -> Self {
        Self { journal_id, series: HashMap::new(), gathered: BTreeMap::new() }
    }

    /// Keeps what a number stands for: points may follow in later batches.
    pub fn define(
        &mut self,
        transaction: &dyn Transaction,
        number: u32,
        run_id: &str,
        key: &str,
        source: &str,
        confidence: Option<f64>,
    ) -> Result<Outcome> {
        transaction.execute(
            "INSERT INTO journal_series (journal, number, run_id, key, source, confidence) \
             VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (journal, number) DO NOTHING",
            values![self.journal_id, i64::from(number), run_id, key, source, confidence],
        )?;
        let series =
            Series { run_id: run_id.to_owned(), key: key.to_owned(), source: source.to_owned(), confidence };
        self.series.insert(number, series);
        Ok(Outcome::Applied)
    }

    pub fn add(&mut self, transaction: &dyn Transaction, number: u32, point: Point) -> Result<Outcome> {
        if !self.series.contains_key(&number) {
            let series = self.find(transaction, number)?;
            self.series.insert(number, series);
        }
        self.gathered.entry(number).or_default().push(point);
        Ok(Outcome::Applied)
    }

    fn find(&self, transaction: &dyn Transaction, number: u32) -> Result<Series> {
        let row = transaction.reader().first(
            "SELECT run_id, key, source, confidence FROM journal_series WHERE journal = ? AND number = ?",
            values![self.journal_id, i64::from(number)],
        )?;
        let row = row.ok_or_else(|| {
            Error::not_found(format!("A point names the series {number}, which the journal does not define."))
        })?;
        Ok(Series {
            run_id: row.text(0)?,
            key: row.text(1)?,
            source: row.text(2)?,
            confidence: row.optional_real(3)?,
        })
    }

    /// Writes what was gathered.
    pub fn write(self, transaction: &dyn Transaction, applied: &mut Applied) -> Result<()> {
        let mut runs = HashMap::new();
        let mut additions: Vec<Addition<'_>> = Vec::new();
        let mut named = HashSet::new();
        for (number, points) in self.gathered {
            let Some(series) = self.series.get(&number) else { continue };
            let run = match runs.entry(&series.run_id) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => *new.insert(runs::find_optional(transaction.reader(), &series.run_id)?),
            };
            let Some(run) = run else {
                let outcome = waiting::keep(transaction, &series.run_id, &series.as_event(&points));
                applied.count(&series.run_id, outcome)?;
                continue;
            };
            let addition = Addition { run, key: &series.key, points, origin: series.origin() };
            // Two series of a metric, from two hooks, go one after the other.
            if !named.insert((run.id, addition.key)) {
                metrics::append(transaction, std::mem::take(&mut additions))?;
                named = HashSet::from([(run.id, addition.key)]);
            }
            additions.push(addition);
        }
        metrics::append(transaction, additions)
    }
}

impl Series {
    fn origin(&self) -> Origin<'_> {
        Origin { source: &self.source, confidence: self.confidence, time: now() }
    }

    fn as_event(&self, points: &[Point]) -> Event {
        let metrics = points.iter().map(|point| Metric::of_point(&self.key, point));
        Event::Metrics {
            run_id: self.run_id.clone(),
            metrics: metrics.collect(),
            source: self.source.clone(),
        }
    }
}
