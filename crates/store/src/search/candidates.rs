//! Conditions that few runs meet are where a search best begins.

use super::known::{Found, Known};
use super::order::SortKey;
use super::selection::Selection;
use crate::Result;
use crate::sql::Connection;

/// So many runs tell how many steps along an order lead to a match.
const SAMPLE: i64 = 128;
/// With so many steps or fewer, a page is filled sooner than candidates are found.
const SHORT: i64 = 2500;
/// How many times as many are read at the next attempt.
const GROWTH: i64 = 8;
/// More than this take too long to read for one condition.
const MOST: i64 = 200_000;

/// Where few runs meet the conditions that indexes know, those. None where it is better to go along the path, the order of
/// an index, until a page of so many is full.
pub(super) fn few(
    connection: &dyn Connection,
    selection: &Selection<'_>,
    path: &[SortKey],
    page: usize,
) -> Result<Option<Found>> {
    let Some(known) = Known::all(selection.experiment, selection.search.conjuncts())? else {
        return Ok(None);
    };
    let steps = steps(connection, selection, path, page)?;
    if steps <= SHORT {
        return Ok(None);
    }
    let entries = steps.saturating_mul(connection.dialect().entries_per_run()) / 2;
    let found = fewest(connection, &known, entries.min(MOST))?;
    // Of a candidate more has to be looked up than at a step.
    Ok(found.filter(|found| found.runs.len() as i64 <= steps / 2))
}

/// Reads a few for each condition, then more, so that a rare condition is found before many are read for another.
fn fewest(connection: &dyn Connection, known: &Known, most: i64) -> Result<Option<Found>> {
    let mut so_many = SHORT;
    loop {
        let found = known.find(connection, so_many.min(most))?;
        if found.is_some() || so_many >= most {
            return Ok(found);
        }
        so_many *= GROWTH;
    }
}

/// About how many runs are looked at along a path until a page is full.
fn steps(
    connection: &dyn Connection,
    selection: &Selection<'_>,
    path: &[SortKey],
    page: usize,
) -> Result<i64> {
    let rows = selection.sample(path, SAMPLE)?.query_as_written(connection)?;
    let Some(row) = rows.first() else { return Ok(0) };
    let (looked_at, matching) = (row.integer(0)?, row.integer(1)?);
    if looked_at < SAMPLE {
        return Ok(looked_at);
    }
    if path.is_empty() {
        return Ok(i64::MAX);
    }
    let page = i64::try_from(page).unwrap_or(i64::MAX);
    Ok(page.saturating_mul(looked_at) / (matching + 1))
}
