use trackline_model::{Point, USER_SOURCE};

use super::chunk::{pack, unpack};
use super::merge::{self, Grown};
use super::order::{by_step, same};
use super::summary::{self, Summary};
use crate::Result;
use crate::origin::Origin;
use crate::runs::RunKey;
use crate::sql::{Connection, Insertion, Kind, Transaction, Value, values};

/// The most points of one chunk.
pub(super) const CHUNK_POINTS: usize = 1 << 16;

/// Points that are to be added to a metric of a run.
pub(crate) struct Addition<'a> {
    pub run: RunKey,
    pub key: &'a str,
    pub points: Vec<Point>,
    pub origin: Origin<'a>,
}

/// Adds points to the histories of metrics, each named once. A point that is there already, to the last bit, is left
/// out.
pub(crate) fn append(transaction: &dyn Transaction, mut additions: Vec<Addition<'_>>) -> Result<()> {
    let summaries = summary::find_each(transaction.reader(), &additions)?;
    for (addition, before) in additions.iter_mut().zip(&summaries) {
        addition.points.sort_unstable_by(by_step);
        addition.points.dedup_by(|a, b| same(a, b));
        if let Some(before) = before {
            leave_out_known(transaction.reader(), addition, before)?;
        }
    }
    let (mut metrics, mut chunks, mut grown) = (Vec::new(), Vec::new(), Vec::new());
    for (addition, before) in additions.iter().zip(summaries) {
        let Some(after) = summary_after(addition, before) else { continue };
        let (run, key) = (addition.run, addition.key);
        metrics.push(after.row(run, key));
        let number = after.next_chunk - chunk_count(&addition.points);
        for (number, points) in (number..).zip(addition.points.chunks(CHUNK_POINTS)) {
            chunks.push(chunk_row(run.id, key, number, points)?);
        }
        grown.push(Grown { run: run.id, key, from: number, to: after.next_chunk });
    }
    transaction.insert(&summary::METRICS, metrics)?;
    transaction.insert(&CHUNKS, chunks)?;
    merge::after_append(transaction, &grown)
}

/// What is known of the metric with the points; nothing if there are none.
fn summary_after(addition: &Addition<'_>, before: Option<Summary>) -> Option<Summary> {
    let (Some(first), Some(last)) = (addition.points.first(), addition.points.last()) else { return None };
    let known = before.is_some();
    let mut after = before.unwrap_or_else(|| Summary::new(first, last, addition.origin));
    after.include(&addition.points);
    // Explicit calls win over hooks.
    if known && addition.origin.source == USER_SOURCE {
        after.source = USER_SOURCE.to_owned();
        after.confidence = None;
    }
    after.next_chunk += chunk_count(&addition.points);
    Some(after)
}

fn chunk_count(points: &[Point]) -> i64 {
    points.len().div_ceil(CHUNK_POINTS) as i64
}

/// Drops the points that are in the history. New points nearly always come after all others, and then
/// nothing has to be read.
fn leave_out_known(connection: &dyn Connection, addition: &mut Addition<'_>, before: &Summary) -> Result<()> {
    let points = &mut addition.points;
    let suspects = points.partition_point(|point| {
        (point.step, point.timestamp) <= (before.latest.step, before.latest.timestamp)
    });
    let Some(suspects) = points.get(..suspects).filter(|suspects| !suspects.is_empty()) else {
        return Ok(());
    };
    let known = overlapping(connection, addition.run.id, addition.key, suspects)?;
    if !known.is_empty() {
        points.retain(|point| known.binary_search_by(|other| by_step(other, point)).is_err());
    }
    Ok(())
}

/// The points, in order, of the chunks in which one of `suspects` could be.
fn overlapping(connection: &dyn Connection, run: i64, key: &str, suspects: &[Point]) -> Result<Vec<Point>> {
    let bounds = Bounds::of(suspects);
    let rows = connection.query(
        "SELECT data FROM metric_chunks WHERE run = ? AND key = ? \
         AND min_step <= ? AND max_step >= ? AND min_time <= ? AND max_time >= ?",
        values![run, key, bounds.max_step, bounds.min_step, bounds.max_time, bounds.min_time],
    )?;
    let mut known = Vec::new();
    for row in &rows {
        known.extend(unpack(row.blob(0)?)?);
    }
    known.sort_unstable_by(by_step);
    Ok(known)
}

pub(super) const CHUNKS: Insertion = Insertion {
    table: "metric_chunks",
    columns: &[
        ("run", Kind::Integer),
        ("key", Kind::Text),
        ("number", Kind::Integer),
        ("count", Kind::Integer),
        ("min_step", Kind::Integer),
        ("max_step", Kind::Integer),
        ("min_time", Kind::Integer),
        ("max_time", Kind::Integer),
        ("data", Kind::Blob),
    ],
    conflict: "",
};

/// The values of [`CHUNKS`].
pub(super) fn chunk_row(run: i64, key: &str, number: i64, points: &[Point]) -> Result<Vec<Value>> {
    let bounds = Bounds::of(points);
    Ok(vec![
        run.into(),
        key.into(),
        number.into(),
        (points.len() as i64).into(),
        bounds.min_step.into(),
        bounds.max_step.into(),
        bounds.min_time.into(),
        bounds.max_time.into(),
        Value::Blob(pack(points)?),
    ])
}

/// The ranges that points span.
struct Bounds {
    min_step: i64,
    max_step: i64,
    min_time: i64,
    max_time: i64,
}

impl Bounds {
    fn of(points: &[Point]) -> Self {
        let mut bounds =
            Self { min_step: i64::MAX, max_step: i64::MIN, min_time: i64::MAX, max_time: i64::MIN };
        for point in points {
            bounds.min_step = bounds.min_step.min(point.step);
            bounds.max_step = bounds.max_step.max(point.step);
            bounds.min_time = bounds.min_time.min(point.timestamp);
            bounds.max_time = bounds.max_time.max(point.timestamp);
        }
        bounds
    }
}
