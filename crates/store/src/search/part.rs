use trackline_model::RunStatus;
use trackline_model::filter::{Attribute, Expr, Field, Op};
use trackline_model::order::OrderBy;

use super::Statement;
use super::condition::{LOOKUP, metric_matches};
use super::order::{START, SortKey, ValueTable, run_column, tie_break};
use crate::rows::name_of;
use crate::sql::Value;
use crate::{Error, Result};

/// A stretch of the sorted runs, along which an index can be followed. When the order begins with a metric, param or tag,
/// runs that have it come first; then those where it is NaN; then those without it. When it begins with the end, those
/// that have ended come first; when with the status, each status has its own.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    All,
    /// What an attribute of the runs is, and how they are sorted by it if it is not the same for all.
    Attribute(Statement, Option<SortKey>),
    Valued(ValueTable, bool),
    NotANumber(ValueTable),
    Missing(ValueTable),
}

impl Part {
    /// The stretches, in order; those are left out that the conditions rule out.
    pub fn of(order: &[OrderBy], conjuncts: &[&Expr]) -> Result<Vec<Self>> {
        let Some(first) = order.first() else { return Ok(vec![Self::All]) };
        let Some(table) = ValueTable::of(&first.field)? else { return Self::of_attribute(first) };
        let mut parts = vec![Self::Valued(table.clone(), first.ascending)];
        let bound = |allowed: &[Op]| {
            conjuncts.iter().any(|expr| {
                matches!(expr, Expr::Compare { field, op, .. } if *field == first.field && !allowed.contains(op))
            })
        };
        if table.is_metric && !bound(&[Op::Ne, Op::IsNotNull]) {
            parts.push(Self::NotANumber(table.clone()));
        }
        if !bound(&[Op::IsNull]) {
            parts.push(Self::Missing(table));
        }
        Ok(parts)
    }

    fn of_attribute(first: &OrderBy) -> Result<Vec<Self>> {
        let is = |sql: &str, value: Value| {
            let mut is = Statement::default();
            is.bind(sql, [value]);
            is
        };
        Ok(match first.field {
            Field::Attribute(Attribute::EndTime) => {
                // A range, unlike IS NOT NULL, is where any engine enters the index.
                let ended = is("r.end_time >= ?", i64::MIN.into());
                let by_end = SortKey::new("r.end_time", first.ascending);
                vec![
                    Self::Attribute(ended, Some(by_end)),
                    Self::Attribute(Statement::new("r.end_time IS NULL"), None),
                ]
            }
            Field::Attribute(Attribute::Status) => {
                let mut names = RunStatus::ALL.iter().map(name_of).collect::<Result<Vec<_>>>()?;
                names.sort_unstable();
                if !first.ascending {
                    names.reverse();
                }
                names.into_iter().map(|name| Self::Attribute(is("r.status = ?", name.into()), None)).collect()
            }
            Field::Attribute(Attribute::RunName) => {
                let by_name = SortKey::new("r.run_name", first.ascending);
                vec![Self::Attribute(is("r.run_name >= ?", "".into()), Some(by_name))]
            }
            _ => vec![Self::All],
        })
    }

    /// The table `o0` that is followed, if one is.
    pub fn followed(&self) -> Option<&ValueTable> {
        match self {
            Self::Valued(table, _) | Self::NotANumber(table) => Some(table),
            Self::All | Self::Attribute(..) | Self::Missing(_) => None,
        }
    }

    /// The order clauses, with their numbers, that this part does not take care of itself.
    fn rest<'a>(&self, order: &'a [OrderBy]) -> impl Iterator<Item = (usize, &'a OrderBy)> {
        let first = usize::from(!matches!(self, Self::All));
        order.iter().enumerate().skip(first)
    }

    pub fn sort_keys(&self, order: &[OrderBy]) -> Result<Vec<SortKey>> {
        let mut keys = match self {
            Self::Valued(table, ascending) => table.by_value("o0", *ascending),
            Self::Attribute(_, key) => key.iter().cloned().collect(),
            _ => Vec::new(),
        };
        for (index, clause) in self.rest(order) {
            match (&clause.field, ValueTable::of(&clause.field)?) {
                (_, Some(table)) => keys.extend(table.with_missing(&format!("o{index}"), clause.ascending)),
                (Field::Attribute(attribute), None) => {
                    keys.extend(by_attribute(*attribute, clause.ascending)?);
                }
                _ => {}
            }
        }
        keys.extend(tie_break(order));
        Ok(keys)
    }

    /// The first of its sort keys, as far as an index gives them.
    pub fn path<'k>(&self, keys: &'k [SortKey]) -> &'k [SortKey] {
        let length = match self {
            Self::Valued(table, ascending) => table.by_value("o0", *ascending).len(),
            Self::NotANumber(_) => 0,
            Self::Attribute(_, Some(_)) => 1,
            Self::All | Self::Attribute(_, None) | Self::Missing(_) => {
                usize::from(keys.first().is_some_and(|key| key.sql == START))
            }
        };
        keys.split_at_checked(length).unwrap_or_default().0
    }

    /// Whether the first key of its path has values of this kind.
    pub fn is_sorted_by(&self, value: &Value) -> bool {
        let by_text = match self {
            Self::Valued(table, _) if table.is_metric => return matches!(value, Value::Real(_)),
            Self::Valued(..) => true,
            Self::Attribute(_, key) => key.as_ref().is_some_and(|key| key.sql == "r.run_name"),
            Self::All | Self::NotANumber(_) | Self::Missing(_) => false,
        };
        if by_text { matches!(value, Value::Text(_)) } else { matches!(value, Value::Integer(_)) }
    }

    /// The tables that are joined for their values alone, with their numbers.
    pub fn joined(&self, order: &[OrderBy]) -> Result<Vec<(usize, ValueTable)>> {
        let mut tables = Vec::new();
        for (index, clause) in self.rest(order) {
            tables.extend(ValueTable::of(&clause.field)?.map(|table| (index, table)));
        }
        Ok(tables)
    }

    /// What makes the run of this number belong to this part, beside what joins the table that is followed.
    pub fn condition(&self, run: &str) -> Option<Statement> {
        match self {
            Self::Valued(table, _) if table.is_metric => {
                Some(Statement::new(format!("{} IS NOT NULL", table.value("o0"))))
            }
            Self::NotANumber(table) => Some(Statement::new(format!("{} IS NULL", table.value("o0")))),
            Self::Missing(table) => {
                let mut missing = Statement::new(format!(
                    "NOT EXISTS (SELECT 1 FROM {} x WHERE x.run = {run}",
                    table.table
                ));
                missing.bind(" AND x.key = ?", [(&table.key).into()]).push(LOOKUP);
                Some(missing)
            }
            Self::Attribute(holds, _) => Some(holds.clone()),
            Self::All | Self::Valued(..) => None,
        }
    }

    /// A condition on the value that is followed, so that the index is entered at the right place.
    pub fn inline(&self, expr: &Expr) -> Result<Option<Statement>> {
        let Some(table) = self.followed() else { return Ok(None) };
        match expr {
            Expr::Compare { field: Field::Metric(key), op, value }
                if table.is_metric && *key == table.key && !matches!(op, Op::IsNull | Op::IsNotNull) =>
            {
                metric_matches(&table.value("o0"), *op, value).map(Some)
            }
            _ => Ok(None),
        }
    }
}

fn by_attribute(attribute: Attribute, ascending: bool) -> Result<Vec<SortKey>> {
    let column = run_column(attribute)
        .ok_or_else(|| Error::invalid(format!("Runs cannot be ordered by {}.", attribute.name())))?;
    let mut keys = Vec::new();
    if attribute == Attribute::EndTime {
        keys.push(SortKey::new("CASE WHEN r.end_time IS NULL THEN 1 ELSE 0 END", true));
    }
    keys.push(SortKey::new(column, ascending));
    Ok(keys)
}
