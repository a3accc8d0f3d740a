//! A condition that few runs meet is where a search best begins.

use trackline_model::filter::{Attribute, Expr, Field, Op, Value as Operand};

use super::Statement;
use super::condition::{metric_matches, text_is};
use crate::Result;
use crate::runs::RUN_NAME_TAG;
use crate::sql::{Connection, Value, placeholders};

/// So many runs are few in any store.
const LEAST_FEW: i64 = 2500;
/// More than so many take too long to count.
const MOST_FEW: i64 = 20_000;

/// Up to so many runs are looked at one by one and sorted; with more, following the index of the order until the page
/// is full is faster. If `c` of `n` runs meet a condition, a page of `p` runs is full after `p * n / c` of them, so
/// that both ways are as long where `c` is the root of `p * n`.
fn most(connection: &dyn Connection, page: usize) -> Result<i64> {
    let rows = Statement::new("SELECT MAX(id) FROM runs").query(connection)?;
    let runs = rows.first().map(|row| row.optional_integer(0)).transpose()?.flatten().unwrap_or(0);
    let root = (page as f64 * runs as f64).sqrt() as i64;
    Ok(root.clamp(LEAST_FEW, MOST_FEW))
}

/// The conditions that all have to hold.
pub(super) fn conjuncts(expr: Option<&Expr>) -> Vec<&Expr> {
    match expr {
        None => Vec::new(),
        Some(Expr::And(parts)) => parts.iter().collect(),
        Some(other) => vec![other],
    }
}

/// A query of the numbers of the runs of an experiment that meet the condition met by the fewest; none
/// if no condition is met by few, where a page of so many is asked for.
pub(super) fn few(
    connection: &dyn Connection,
    experiment: i64,
    conjuncts: &[&Expr],
    page: usize,
) -> Result<Option<Statement>> {
    let mut best = None;
    let mut least = most(connection, page)? + 1;
    for expr in conjuncts {
        let Some(candidates) = candidates(experiment, expr)? else { continue };
        let mut count = Statement::new("SELECT COUNT(*) FROM (");
        count.append(&candidates).bind(" LIMIT ?) AS c", [Value::Integer(least)]);
        let rows = count.query(connection)?;
        let met_by = rows.first().map(|row| row.integer(0)).transpose()?.unwrap_or(0);
        if met_by < least {
            least = met_by;
            best = Some(candidates);
        }
    }
    Ok(best)
}

/// The runs that meet a condition, if an index knows them.
fn candidates(experiment: i64, expr: &Expr) -> Result<Option<Statement>> {
    let Expr::Compare { field, op, value } = expr else { return Ok(None) };
    let of_key = |table: &str, key: &str, matches: Statement| {
        let mut found = Statement::new(format!("SELECT x.run FROM {table} x "));
        found.bind("WHERE x.experiment = ? AND x.key = ? AND ", [experiment.into(), key.into()]);
        found.append(&matches);
        found
    };
    Ok(match (field, op, value) {
        (Field::Metric(key), Op::Eq | Op::Gt | Op::Ge | Op::Lt | Op::Le, _) => {
            Some(of_key("metrics", key, metric_matches("x.latest_value", *op, value)?))
        }
        (Field::Param(key), Op::Eq, Operand::Text(text)) => {
            Some(of_key("params", key, text_is("x.value", text)))
        }
        (Field::Tag(key), Op::Eq, Operand::Text(text)) => Some(of_key("tags", key, text_is("x.value", text))),
        (Field::Attribute(Attribute::RunName), Op::Eq, Operand::Text(text)) => {
            Some(of_key("tags", RUN_NAME_TAG, text_is("x.value", text)))
        }
        (Field::Attribute(Attribute::RunId), Op::Eq, Operand::Text(text)) => {
            Some(by_run_id(std::slice::from_ref(text)))
        }
        (Field::Attribute(Attribute::RunId), Op::In, Operand::List(list)) => Some(by_run_id(list)),
        _ => None,
    })
}

fn by_run_id(run_ids: &[String]) -> Statement {
    let mut found = Statement::new(format!(
        "SELECT x.id AS run FROM runs x WHERE x.run_id IN ({})",
        placeholders(run_ids.len())
    ));
    found.values.extend(run_ids.iter().map(Value::from));
    found
}
