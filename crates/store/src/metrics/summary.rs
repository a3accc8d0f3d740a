use trackline_model::{Metric, MetricSummary, Point};

use super::append::Addition;
use super::order::by_step;
use crate::origin::Origin;
use crate::runs::{self, Loader, RunKey};
use crate::sql::{Connection, Insertion, Kind, Row, Value, values};
use crate::{Result, Store};

impl Store {
    /// What is known of each metric of a run without reading its history, by key.
    pub fn summaries(&self, run_id: &str) -> Result<Vec<MetricSummary>> {
        self.read(|connection| {
            let run = runs::find(connection, run_id)?;
            let sql = format!("SELECT {COLUMNS}, key FROM metrics WHERE run = ? ORDER BY key");
            let rows = connection.query(&sql, values![run.id])?;
            rows.iter()
                .map(|row| {
                    let summary = Summary::from_row(row)?;
                    Ok(MetricSummary {
                        key: row.text(COLUMN_COUNT)?,
                        count: summary.count.unsigned_abs(),
                        first: summary.first,
                        latest: summary.latest,
                        min: summary.min,
                        max: summary.max,
                    })
                })
                .collect()
        })
    }
}

/// The row of a metric.
#[derive(Debug, Clone)]
pub(super) struct Summary {
    pub count: i64,
    pub next_chunk: i64,
    pub first: Point,
    pub latest: Point,
    /// NaN if there is no other value; so is `max`.
    pub min: f64,
    pub max: f64,
    pub source: String,
    pub confidence: Option<f64>,
}

const COLUMNS: &str = "count, next_chunk, first_step, first_time, first_value, latest_step, latest_time, \
                       latest_value, min_value, max_value, source, confidence";
const COLUMN_COUNT: usize = 12;

impl Summary {
    /// Of points that are to be included, the least and the greatest of which are given.
    pub fn new(first: &Point, latest: &Point, origin: Origin<'_>) -> Self {
        Self {
            count: 0,
            next_chunk: 0,
            first: *first,
            latest: *latest,
            min: f64::NAN,
            max: f64::NAN,
            source: origin.source.to_owned(),
            confidence: origin.confidence,
        }
    }

    pub fn include(&mut self, points: &[Point]) {
        self.count += points.len() as i64;
        for point in points {
            if by_step(point, &self.first).is_lt() {
                self.first = *point;
            }
            if by_step(point, &self.latest).is_gt() {
                self.latest = *point;
            }
            // `min` and `max` of f64 pass over NaN.
            self.min = self.min.min(point.value);
            self.max = self.max.max(point.value);
        }
    }

    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            count: row.integer(0)?,
            next_chunk: row.integer(1)?,
            first: Point { step: row.integer(2)?, timestamp: row.integer(3)?, value: row.real(4)? },
            latest: Point { step: row.integer(5)?, timestamp: row.integer(6)?, value: row.real(7)? },
            min: row.real(8)?,
            max: row.real(9)?,
            source: row.text(10)?,
            confidence: row.optional_real(11)?,
        })
    }

    /// The values of [`METRICS`].
    pub fn row(&self, run: RunKey, key: &str) -> Vec<Value> {
        vec![
            self.count.into(),
            self.next_chunk.into(),
            self.first.step.into(),
            self.first.timestamp.into(),
            self.first.value.into(),
            self.latest.step.into(),
            self.latest.timestamp.into(),
            self.latest.value.into(),
            self.min.into(),
            self.max.into(),
            self.source.as_str().into(),
            self.confidence.into(),
            run.id.into(),
            key.into(),
            run.experiment.into(),
        ]
    }
}

/// The rows of the metrics that are to grow, where they have one.
pub(super) fn find_each(
    connection: &dyn Connection,
    additions: &[Addition<'_>],
) -> Result<Vec<Option<Summary>>> {
    let sql = format!("SELECT {COLUMNS} FROM metrics WHERE run = ? AND key = ?");
    let metrics: Vec<_> =
        additions.iter().map(|addition| values![addition.run.id, addition.key].to_vec()).collect();
    let found = connection.query_each(&sql, &metrics)?;
    found.iter().map(|rows| rows.first().map(Summary::from_row).transpose()).collect()
}

pub(super) const METRICS: Insertion = Insertion {
    table: "metrics",
    columns: &[
        ("count", Kind::Integer),
        ("next_chunk", Kind::Integer),
        ("first_step", Kind::Integer),
        ("first_time", Kind::Integer),
        ("first_value", Kind::Real),
        ("latest_step", Kind::Integer),
        ("latest_time", Kind::Integer),
        ("latest_value", Kind::Real),
        ("min_value", Kind::Real),
        ("max_value", Kind::Real),
        ("source", Kind::Text),
        ("confidence", Kind::Real),
        ("run", Kind::Integer),
        ("key", Kind::Text),
        ("experiment", Kind::Integer),
    ],
    conflict: "ON CONFLICT (run, key) DO UPDATE SET count = excluded.count, next_chunk = excluded.next_chunk, \
               first_step = excluded.first_step, first_time = excluded.first_time, \
               first_value = excluded.first_value, latest_step = excluded.latest_step, \
               latest_time = excluded.latest_time, latest_value = excluded.latest_value, \
               min_value = excluded.min_value, max_value = excluded.max_value, source = excluded.source, \
               confidence = excluded.confidence",
};

/// The latest point of each metric.
pub(crate) const LATEST: Loader = Loader {
    query: "SELECT run, key, latest_step, latest_time, latest_value FROM metrics WHERE run {among} \
                ORDER BY run, key",
    fill: |row, run| {
        let point = Point { step: row.integer(2)?, timestamp: row.integer(3)?, value: row.real(4)? };
        run.data.metrics.push(Metric::of_point(row.take_text(1)?, &point));
        Ok(())
    },
};
