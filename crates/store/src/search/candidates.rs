//! A condition that few runs meet is where a search best begins.

use trackline_model::filter::{Attribute, Expr, Field, Op, Value as Operand};

use super::Statement;
use super::condition::metric_matches;
use super::indexed::{begins_like, text_is};
use super::order::SortKey;
use super::selection::Selection;
use crate::Result;
use crate::runs::RUN_NAME_TAG;
use crate::sql::{Connection, Value, placeholders};

/// So many runs tell how many steps along an order lead to a match.
const SAMPLE: i64 = 256;
/// With so many steps or fewer, a page is filled sooner than candidates are counted.
const SHORT: i64 = 2500;
/// More candidates than this take too long to count.
const MOST: i64 = 20_000;

/// Some of the runs of an experiment, among which are all that match.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Few {
    /// A query of their numbers.
    pub runs: Statement,
    /// Which of the conditions they meet, all of them.
    pub met: Option<usize>,
}

/// Where few runs meet a condition, those. None where it is better to go along the path, the order of an index, until a
/// page of so many is full.
pub(super) fn few(
    connection: &dyn Connection,
    selection: &Selection<'_>,
    path: &[SortKey],
    page: usize,
) -> Result<Option<Few>> {
    let known = known(selection)?;
    if known.is_empty() {
        return Ok(None);
    }
    let steps = steps(connection, selection, path, page)?;
    if steps <= SHORT {
        return Ok(None);
    }
    // Of a candidate more has to be looked up than at a step.
    fewest(connection, known, (steps / 2).min(MOST))
}

/// The runs that can meet each condition, where an index knows them.
pub(super) fn known(selection: &Selection<'_>) -> Result<Vec<Few>> {
    let mut known = Vec::new();
    for (number, expr) in selection.search.conjuncts().into_iter().enumerate() {
        known.extend(candidates(selection.experiment, number, expr)?);
    }
    Ok(known)
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

/// Those that are the fewest, if there are no more than so many.
fn fewest(connection: &dyn Connection, known: Vec<Few>, most: i64) -> Result<Option<Few>> {
    let mut best = None;
    let mut least = most + 1;
    for few in known {
        let mut count = Statement::new("SELECT COUNT(*) FROM (");
        count.append(&few.runs).bind(" LIMIT ?) AS c", [Value::Integer(least)]);
        let rows = count.query_as_written(connection)?;
        let met_by = rows.first().map(|row| row.integer(0)).transpose()?.unwrap_or(0);
        if met_by < least {
            least = met_by;
            best = Some(few);
        }
    }
    Ok(best)
}

/// The runs that can meet the condition of this number, if an index knows them.
fn candidates(experiment: i64, number: usize, expr: &Expr) -> Result<Option<Few>> {
    let Expr::Compare { field, op, value } = expr else { return Ok(None) };
    let of_key = |table: &str, key: &str, matches: Option<Statement>, exactly: bool| {
        let mut runs =
            Statement::new(format!("SELECT x.run FROM {table} x WHERE x.experiment = ? AND x.key = ?"));
        runs.values.extend([experiment.into(), key.into()]);
        if let Some(matches) = matches {
            runs.push(" AND ").append(&matches);
        }
        Few { runs, met: exactly.then_some(number) }
    };
    let of_text = |table: &str, key: &str| match (op, value) {
        (Op::IsNull, _) => None,
        (Op::Eq, Operand::Text(text)) => Some(of_key(table, key, Some(text_is("x.value", text)), true)),
        (Op::Like, Operand::Text(pattern)) => {
            Some(of_key(table, key, begins_like("x.value", pattern), false))
        }
        _ => Some(of_key(table, key, None, *op == Op::IsNotNull)),
    };
    Ok(match (field, op, value) {
        (Field::Metric(key), ..) => {
            Some(of_key("metrics", key, Some(metric_matches("x.latest_value", *op, value)?), true))
        }
        (Field::Param(key), ..) => of_text("params", key),
        (Field::Tag(key), ..) => of_text("tags", key),
        (Field::Attribute(Attribute::RunName), ..) => of_text("tags", RUN_NAME_TAG),
        (Field::Attribute(Attribute::RunId), Op::Eq, Operand::Text(text)) => {
            Some(by_run_id(std::slice::from_ref(text), number))
        }
        (Field::Attribute(Attribute::RunId), Op::In, Operand::List(list)) => Some(by_run_id(list, number)),
        _ => None,
    })
}

fn by_run_id(run_ids: &[String], number: usize) -> Few {
    let mut runs = Statement::new(format!(
        "SELECT x.id AS run FROM runs x WHERE x.run_id IN ({})",
        placeholders(run_ids.len())
    ));
    runs.values.extend(run_ids.iter().map(Value::from));
    Few { runs, met: Some(number) }
}
