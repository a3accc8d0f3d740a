use trackline_model::{Point, USER_SOURCE};

use super::chunk::{pack, unpack};
use super::order::{by_step, same};
use super::summary::Summary;
use super::{merge, summary};
use crate::Result;
use crate::origin::Origin;
use crate::runs::RunKey;
use crate::sql::{Connection, Transaction, Value, values};

/// The most points of one chunk.
pub(super) const CHUNK_POINTS: usize = 1 << 16;

/// Adds points to the history of a metric. A point that is there already, to the last bit, is left out.
pub(crate) fn append(
    transaction: &dyn Transaction,
    run: RunKey,
    key: &str,
    mut points: Vec<Point>,
    origin: Origin<'_>,
) -> Result<()> {
    points.sort_unstable_by(by_step);
    points.dedup_by(|a, b| same(a, b));
    let before = summary::find(transaction.reader(), run.id, key)?;
    if let Some(before) = &before {
        leave_out_known(transaction.reader(), run.id, key, before, &mut points)?;
    }
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Ok(());
    };
    let mut after = before.clone().unwrap_or_else(|| Summary::new(first, last, origin));
    after.include(&points);
    // Explicit calls win over hooks.
    if before.is_some() && origin.source == USER_SOURCE {
        after.source = USER_SOURCE.to_owned();
        after.confidence = None;
    }
    let number = after.next_chunk;
    after.next_chunk += points.len().div_ceil(CHUNK_POINTS) as i64;
    summary::save(transaction, run, key, &after, before.is_some())?;
    for (number, chunk) in (number..).zip(points.chunks(CHUNK_POINTS)) {
        insert_chunk(transaction, run.id, key, number, chunk)?;
    }
    merge::after_append(transaction, run.id, key, number, after.next_chunk)
}

/// Drops the points that are in the history. New points nearly always come after all others, and then
/// nothing has to be read.
fn leave_out_known(
    connection: &dyn Connection,
    run: i64,
    key: &str,
    before: &Summary,
    points: &mut Vec<Point>,
) -> Result<()> {
    let suspects = points.partition_point(|point| {
        (point.step, point.timestamp) <= (before.latest.step, before.latest.timestamp)
    });
    let Some(suspects) = points.get(..suspects).filter(|suspects| !suspects.is_empty()) else {
        return Ok(());
    };
    let known = overlapping(connection, run, key, suspects)?;
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

pub(super) fn insert_chunk(
    transaction: &dyn Transaction,
    run: i64,
    key: &str,
    number: i64,
    points: &[Point],
) -> Result<()> {
    let bounds = Bounds::of(points);
    transaction
        .execute(
            "INSERT INTO metric_chunks \
             (run, key, number, count, min_step, max_step, min_time, max_time, data) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            &[
                run.into(),
                key.into(),
                number.into(),
                (points.len() as i64).into(),
                bounds.min_step.into(),
                bounds.max_step.into(),
                bounds.min_time.into(),
                bounds.max_time.into(),
                Value::Blob(pack(points)?),
            ],
        )
        .map(drop)
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
