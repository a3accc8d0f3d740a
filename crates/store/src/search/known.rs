//! Conditions whose runs an index knows.

use trackline_model::filter::{Attribute, Expr, Field, Op, Value as Operand};

use super::Statement;
use super::condition::metric_matches;
use super::indexed::{begins_like, of_attribute, text_is};
use crate::Result;
use crate::runs::RUN_NAME_TAG;
use crate::sql::{Connection, Value, placeholders};

/// The runs of an experiment among which are all that meet a condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Known {
    /// A query of their numbers, and whether all of them meet it.
    Listed(Statement, bool),
    /// Those in each of these, as far as they are known.
    All(Vec<Option<Self>>),
    /// Those in any of these.
    Any(Vec<Self>),
}

/// Numbers of runs, sorted, among which are all that meet some conditions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub runs: Vec<i64>,
    /// Which of the conditions all of them meet.
    pub met: Vec<usize>,
}

impl Known {
    /// None where no index knows them.
    pub fn of(experiment: i64, expr: &Expr) -> Result<Option<Self>> {
        match expr {
            Expr::And(parts) => Self::all(experiment, parts),
            Expr::Or(parts) => {
                let parts = parts.iter().map(|part| Self::of(experiment, part));
                Ok(parts.collect::<Result<Option<Vec<_>>>>()?.map(Self::Any))
            }
            Expr::Not(_) => Ok(None),
            Expr::Compare { field, op, value } => match of_attribute(expr) {
                Some((_, is)) => Ok(Some(by_attribute(experiment, [&is]))),
                None => listed(experiment, field, *op, value),
            },
        }
    }

    /// Of conditions that all have to hold.
    pub fn all<'e>(experiment: i64, parts: impl IntoIterator<Item = &'e Expr>) -> Result<Option<Self>> {
        let exprs: Vec<&Expr> = parts.into_iter().collect();
        let attributes: Vec<_> = exprs.iter().filter_map(|expr| of_attribute(expr)).collect();
        let known = |expr: &&Expr| match of_attribute(expr) {
            // The two ends of a range are one stretch of the index.
            Some((column, _)) => {
                let of_column = attributes.iter().filter(|(of, _)| *of == column);
                Ok(Some(by_attribute(experiment, of_column.map(|(_, is)| is))))
            }
            None => Self::of(experiment, expr),
        };
        let parts = exprs.iter().map(known).collect::<Result<Vec<_>>>()?;
        Ok(parts.iter().any(Option::is_some).then_some(Self::All(parts)))
    }

    /// Reads them, if there are no more than so many to be read for each condition.
    pub fn find(&self, connection: &dyn Connection, most: i64) -> Result<Option<Found>> {
        match self {
            Self::Listed(runs, exactly) => {
                let mut limited = runs.clone();
                limited.bind(" LIMIT ?", [(most + 1).into()]);
                let mut runs = connection.numbers(&limited.sql, &limited.values)?;
                runs.sort_unstable();
                let met = exactly.then_some(0).into_iter().collect();
                Ok((runs.len() as i64 <= most).then_some(Found { runs, met }))
            }
            Self::All(parts) => in_each(connection, parts, most),
            Self::Any(parts) => in_any(connection, parts, most),
        }
    }

    /// How many conditions there are.
    fn count(&self) -> usize {
        match self {
            Self::Listed(..) => 1,
            Self::All(parts) => parts.len(),
            Self::Any(parts) => parts.len(),
        }
    }
}

/// Those that are few already are looked at sooner than the many that meet another condition are read.
fn in_each(connection: &dyn Connection, parts: &[Option<Known>], most: i64) -> Result<Option<Found>> {
    let mut all: Option<Found> = None;
    for (number, part) in parts.iter().enumerate() {
        let Some(part) = part else { continue };
        let entries = connection.dialect().entries_per_run();
        let most = all.as_ref().map_or(most, |all| most.min(entries * all.runs.len() as i64));
        let Some(found) = part.find(connection, most)? else { continue };
        let mut both = all.take().unwrap_or_else(|| Found { runs: found.runs.clone(), met: Vec::new() });
        both.runs.retain(|run| found.runs.binary_search(run).is_ok());
        both.met.extend((found.met.len() == part.count()).then_some(number));
        all = Some(both);
    }
    Ok(all)
}

fn in_any(connection: &dyn Connection, parts: &[Known], most: i64) -> Result<Option<Found>> {
    let mut any = Found { runs: Vec::new(), met: Vec::new() };
    for (number, part) in parts.iter().enumerate() {
        let Some(found) = part.find(connection, most - any.runs.len() as i64)? else { return Ok(None) };
        any.runs.extend(found.runs);
        any.met.extend((found.met.len() == part.count()).then_some(number));
    }
    any.runs.sort_unstable();
    any.runs.dedup();
    Ok(Some(any))
}

/// The runs that can meet a comparison.
fn listed(experiment: i64, field: &Field, op: Op, value: &Operand) -> Result<Option<Known>> {
    let of_key = |table: &str, key: &str, matches: Option<Statement>, exactly: bool| {
        let mut runs =
            Statement::new(format!("SELECT x.run FROM {table} x WHERE x.experiment = ? AND x.key = ?"));
        runs.values.extend([experiment.into(), key.into()]);
        if let Some(matches) = matches {
            runs.push(" AND ").append(&matches);
        }
        Known::Listed(runs, exactly)
    };
    let of_text = |table: &str, key: &str| match (op, value) {
        (Op::IsNull, _) => None,
        (Op::Eq, Operand::Text(text)) => Some(of_key(table, key, Some(text_is("x", text)), true)),
        (Op::Like, Operand::Text(pattern)) => Some(of_key(table, key, begins_like("x", pattern), false)),
        _ => Some(of_key(table, key, None, op == Op::IsNotNull)),
    };
    Ok(match (field, op, value) {
        (Field::Metric(key), ..) => {
            Some(of_key("metrics", key, Some(metric_matches("x.latest_value", op, value)?), true))
        }
        (Field::Param(key), ..) => of_text("params", key),
        (Field::Tag(key), ..) => of_text("tags", key),
        (Field::Attribute(Attribute::RunName), ..) => of_text("tags", RUN_NAME_TAG),
        (Field::Attribute(Attribute::RunId), Op::Eq, Operand::Text(text)) => {
            Some(by_run_id(std::slice::from_ref(text)))
        }
        (Field::Attribute(Attribute::RunId), Op::In, Operand::List(list)) => Some(by_run_id(list)),
        _ => None,
    })
}

fn by_attribute<'s>(experiment: i64, conditions: impl IntoIterator<Item = &'s Statement>) -> Known {
    let mut runs = Statement::default();
    runs.bind("SELECT r.id FROM runs r WHERE r.experiment = ?", [experiment.into()]);
    for condition in conditions {
        runs.push(" AND ").append(condition);
    }
    Known::Listed(runs, true)
}

fn by_run_id(run_ids: &[String]) -> Known {
    let mut runs = Statement::new(format!(
        "SELECT x.id FROM runs x WHERE x.run_id IN ({})",
        placeholders(run_ids.len())
    ));
    runs.values.extend(run_ids.iter().map(Value::from));
    Known::Listed(runs, true)
}

#[cfg(test)]
mod tests {
    use trackline_model::filter;

    use super::*;

    #[test]
    fn the_ends_of_a_range_are_known_together() {
        let expr = filter::parse_runs("start_time > 5 AND params.p = 'v' AND start_time <= 9").unwrap().expr;
        let Known::All(parts) = Known::of(0, &expr.unwrap()).unwrap().unwrap() else { panic!("not all") };
        let mut range = Statement::default();
        range.bind(
            "SELECT r.id FROM runs r WHERE r.experiment = ? AND r.start_time > ? AND r.start_time <= ?",
            [0, 5, 9].map(Value::Integer),
        );
        let range = Some(Known::Listed(range, true));
        assert_eq!((&parts[0], &parts[2]), (&range, &range));
        assert!(matches!(&parts[1], Some(Known::Listed(params, true)) if params.sql.contains("params")));
    }
}
