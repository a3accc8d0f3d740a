//! Small chunks become large ones: when there are [`FANOUT`] chunks of a size class or smaller, they
//! become one of the next class. So each point is rewritten a few times at most, whether points come
//! one by one or by the million.

use trackline_model::Point;

use super::append::{CHUNK_POINTS, CHUNKS, chunk_row};
use super::chunk::unpack;
use super::order::by_step;
use crate::Result;
use crate::sql::{Row, Transaction, Value, values};

const FANOUT: i64 = 16;

/// How many metrics are merged at a time: one turn over a network for all of them, and not all of them in memory.
const TOGETHER: usize = 16;

/// A metric of a run to which chunks numbered `from..to` were added.
pub(super) struct Grown<'a> {
    pub run: i64,
    pub key: &'a str,
    pub from: i64,
    pub to: i64,
}

/// Merges what has become many.
pub(super) fn after_append(transaction: &dyn Transaction, grown: &[Grown<'_>]) -> Result<()> {
    // A look at every sixteenth chunk is enough: no class can fill up in between.
    let due: Vec<_> = grown.iter().filter(|grown| grown.from / FANOUT != grown.to / FANOUT).collect();
    due.chunks(TOGETHER).try_for_each(|grown| merge(transaction, grown))
}

fn merge(transaction: &dyn Transaction, grown: &[&Grown<'_>]) -> Result<()> {
    let metrics: Vec<_> =
        grown.iter().map(|grown| values![grown.run, grown.key, CHUNK_POINTS as i64].to_vec()).collect();
    let sizes = transaction
        .query_each("SELECT count FROM metric_chunks WHERE run = ? AND key = ? AND count < ?", &metrics)?;
    let mut full = Vec::new();
    for (grown, rows) in grown.iter().zip(&sizes) {
        let mut sizes = rows.iter().map(|row| row.integer(0)).collect::<Result<Vec<_>>>()?;
        sizes.sort_unstable();
        full.extend(many(&sizes).map(|below| (grown.run, grown.key, below)));
    }
    let merged: Vec<_> = full.iter().map(|(run, key, below)| values![*run, *key, *below].to_vec()).collect();
    let of_metric = "FROM metric_chunks WHERE run = ? AND key = ? AND count < ?";
    let taken = transaction.query_each(&format!("SELECT number, data {of_metric}"), &merged)?;
    transaction.execute_each(&format!("DELETE {of_metric}"), &merged)?;
    let mut rows = Vec::new();
    for ((run, key, _), taken) in full.into_iter().zip(&taken) {
        rows.append(&mut as_one(run, key, taken)?);
    }
    transaction.insert(&CHUNKS, rows)
}

/// Below which number of points chunks are to be merged; their numbers of points are ordered.
fn many(sizes: &[i64]) -> Option<i64> {
    let (mut many, mut limit) = (0, None);
    let mut below = FANOUT;
    while below <= CHUNK_POINTS as i64 {
        let class = sizes.partition_point(|count| *count < below);
        // What is merged for a smaller class is one chunk in this one.
        let chunks = if many > 0 { class - many + 1 } else { class };
        if chunks >= FANOUT as usize {
            (many, limit) = (class, Some(below));
        }
        below *= FANOUT;
    }
    limit
}

/// Rows with all points of chunks of a metric, of which number and data are given.
fn as_one(run: i64, key: &str, chunks: &[Row]) -> Result<Vec<Vec<Value>>> {
    let mut points: Vec<Point> = Vec::new();
    for chunk in chunks {
        points.extend(unpack(chunk.blob(1)?)?);
    }
    points.sort_unstable_by(by_step);
    // Numbers are only names: those of the merged chunks are free again.
    let chunks = chunks.iter().zip(points.chunks(CHUNK_POINTS));
    chunks.map(|(chunk, points)| chunk_row(run, key, chunk.integer(0)?, points)).collect()
}
