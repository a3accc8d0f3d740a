//! Small chunks become large ones: when there are [`FANOUT`] chunks of a size class or smaller, they
//! become one of the next class. So each point is rewritten a few times at most, whether points come
//! one by one or by the million.

use trackline_model::Point;

use super::append::{CHUNK_POINTS, INSERT_CHUNK, chunk_row};
use super::chunk::unpack;
use super::order::by_step;
use crate::Result;
use crate::sql::{Transaction, values};

const FANOUT: i64 = 16;

/// Merges what has become many, after chunks numbered `from..to` were added.
pub(super) fn after_append(
    transaction: &dyn Transaction,
    run: i64,
    key: &str,
    from: i64,
    to: i64,
) -> Result<()> {
    // A look at every sixteenth chunk is enough: no class can fill up in between.
    if from / FANOUT == to / FANOUT {
        return Ok(());
    }
    let rows = transaction.query(
        "SELECT number, count FROM metric_chunks WHERE run = ? AND key = ? AND count < ? ORDER BY count, number",
        values![run, key, CHUNK_POINTS as i64],
    )?;
    let mut sizes = Vec::with_capacity(rows.len());
    for row in &rows {
        sizes.push((row.integer(0)?, row.integer(1)?));
    }
    let many = many(&sizes);
    if many > 0 { merge(transaction, run, key, &sizes[..many]) } else { Ok(()) }
}

/// How many of the smallest chunks are to be merged; `sizes` are ordered by count.
fn many(sizes: &[(i64, i64)]) -> usize {
    let mut many = 0;
    let mut below = FANOUT;
    while below <= CHUNK_POINTS as i64 {
        let class = sizes.partition_point(|(_, count)| *count < below);
        // What is merged for a smaller class is one chunk in this one.
        let chunks = if many > 0 { class - many + 1 } else { class };
        if chunks >= FANOUT as usize {
            many = class;
        }
        below *= FANOUT;
    }
    many
}

fn merge(transaction: &dyn Transaction, run: i64, key: &str, chunks: &[(i64, i64)]) -> Result<()> {
    let merged: Vec<_> = chunks.iter().map(|(number, _)| values![run, key, *number].to_vec()).collect();
    let rows = transaction.query_each(
        "DELETE FROM metric_chunks WHERE run = ? AND key = ? AND number = ? RETURNING data",
        &merged,
    )?;
    let mut points: Vec<Point> = Vec::new();
    for row in rows.iter().flatten() {
        points.extend(unpack(row.blob(0)?)?);
    }
    points.sort_unstable_by(by_step);
    // Numbers are only names: those of the merged chunks are free again.
    let chunks = chunks.iter().zip(points.chunks(CHUNK_POINTS));
    let rows: Vec<_> =
        chunks.map(|((number, _), points)| chunk_row(run, key, *number, points)).collect::<Result<_>>()?;
    transaction.execute_each(INSERT_CHUNK, &rows).map(drop)
}
