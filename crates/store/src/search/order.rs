use std::cmp::Ordering;

use trackline_model::filter::{Attribute, Field};
use trackline_model::order::OrderBy;

use crate::sql::{Row, Value};
use crate::{Error, Result};

/// One expression by which rows are sorted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SortKey {
    pub sql: String,
    pub ascending: bool,
}

impl SortKey {
    pub fn new(sql: impl Into<String>, ascending: bool) -> Self {
        Self { sql: sql.into(), ascending }
    }
}

/// When a run began.
pub(super) const START: &str = "r.start_time";

/// What decides between runs that are equal otherwise.
pub(super) fn tie_break(order: &[OrderBy]) -> Vec<SortKey> {
    let by_start = order.iter().any(|clause| clause.field == Field::Attribute(Attribute::StartTime));
    let mut keys = Vec::new();
    if !by_start {
        keys.push(SortKey::new(START, false));
    }
    keys.push(SortKey::new("r.run_id", true));
    keys
}

/// ` ORDER BY …`
pub(super) fn order_by(keys: &[SortKey]) -> String {
    let keys: Vec<String> = keys
        .iter()
        .map(|key| format!("{} {}", key.sql, if key.ascending { "ASC" } else { "DESC" }))
        .collect();
    format!(" ORDER BY {}", keys.join(", "))
}

/// A table with a value for each run and key.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ValueTable {
    pub table: &'static str,
    pub key: String,
    column: &'static str,
    pub is_metric: bool,
}

impl ValueTable {
    /// None for an attribute of the run itself.
    pub fn of(field: &Field) -> Result<Option<Self>> {
        let (table, key, column, is_metric) = match field {
            Field::Metric(key) => ("metrics", key, "latest_value", true),
            Field::Param(key) => ("params", key, "value", false),
            Field::Tag(key) => ("tags", key, "value", false),
            Field::Attribute(_) => return Ok(None),
            Field::Metadata(_) => return Err(Error::invalid("Runs have no metadata to be ordered by.")),
            Field::Dataset(_) | Field::Span(_) => {
                return Err(Error::invalid("Runs cannot be ordered by datasets or spans."));
            }
        };
        Ok(Some(Self { table, key: key.clone(), column, is_metric }))
    }

    pub fn value(&self, alias: &str) -> String {
        format!("{alias}.{}", self.column)
    }

    /// Sorts by the value alone, in a way that an index serves.
    pub fn by_value(&self, alias: &str, ascending: bool) -> Vec<SortKey> {
        let value = self.value(alias);
        let mut keys = Vec::new();
        if !self.is_metric {
            keys.push(SortKey::new(format!("{alias}.head"), ascending));
        }
        keys.push(SortKey::new(value, ascending));
        keys
    }

    /// Sorts values first, then NaN, then what is missing, in both directions.
    pub fn with_missing(&self, alias: &str, ascending: bool) -> [SortKey; 2] {
        let value = self.value(alias);
        let rank = format!("CASE WHEN {alias}.run IS NULL THEN 2 WHEN {value} IS NULL THEN 1 ELSE 0 END");
        [SortKey::new(rank, true), SortKey::new(value, ascending)]
    }
}

/// The column of an attribute of a run.
pub(super) fn run_column(attribute: Attribute) -> Option<&'static str> {
    Some(match attribute {
        Attribute::RunId => "r.run_id",
        Attribute::RunName => "r.run_name",
        Attribute::Status => "r.status",
        Attribute::ArtifactUri => "r.artifact_uri",
        Attribute::UserId => "r.user_id",
        Attribute::StartTime => START,
        Attribute::EndTime => "r.end_time",
        _ => return None,
    })
}

/// ` ORDER BY …` of attributes, missing ones last; then `ties`, as far as they are not named already.
pub(crate) fn attribute_order(
    order: &[OrderBy],
    column: fn(Attribute) -> Option<&'static str>,
    ties: &[(&'static str, bool)],
) -> Result<String> {
    let mut keys = Vec::new();
    for clause in order {
        let Field::Attribute(attribute) = clause.field else {
            return Err(Error::invalid(format!("This search cannot be ordered by {:?}.", clause.field)));
        };
        let column = column(attribute).ok_or_else(|| {
            Error::invalid(format!("This search cannot be ordered by {}.", attribute.name()))
        })?;
        keys.push(SortKey::new(format!("CASE WHEN {column} IS NULL THEN 1 ELSE 0 END"), true));
        keys.push(SortKey::new(column, clause.ascending));
    }
    for (column, ascending) in ties {
        if !keys.iter().any(|key| key.sql == *column) {
            keys.push(SortKey::new(*column, *ascending));
        }
    }
    Ok(order_by(&keys))
}

/// Compares rows of an answer by their columns from the second on, as the database sorted them.
pub(super) fn compare_rows(a: &Row, b: &Row, keys: &[SortKey]) -> Ordering {
    for (column, key) in keys.iter().enumerate() {
        let ordering = compare_values(a.value(column + 1), b.value(column + 1));
        let ordering = if key.ascending { ordering } else { ordering.reverse() };
        if ordering.is_ne() {
            return ordering;
        }
    }
    Ordering::Equal
}

fn compare_values(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        // The two zeros are equal; there is no NaN.
        (Value::Real(a), Value::Real(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::values;

    #[test]
    fn equal_values_are_sorted_by_the_next_key() {
        let keys = [SortKey::new("o0.latest_value", true), SortKey::new(START, false)];
        let row = |value: f64, start: i64| Row(values![1_i64, value, start].to_vec());
        assert_eq!(compare_rows(&row(-0.0, 1), &row(0.0, 2), &keys), Ordering::Greater);
        assert_eq!(compare_rows(&row(-1.0, 1), &row(0.0, 2), &keys), Ordering::Less);
    }
}
