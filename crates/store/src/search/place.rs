//! Where a page of runs begins.

use serde::{Deserialize, Serialize};

use super::Statement;
use super::order::SortKey;
use super::part::Part;
use crate::sql::{Row, Value};
use crate::{Result, RunQuery, page};

/// A place among the sorted runs. What comes before it is not read again to go on from it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Place {
    /// How many runs come before, from the mark on; without one from the beginning, as in MLflow's tokens.
    pub offset: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mark: Option<Mark>,
    /// Which search has the mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    search: Option<String>,
}

/// Where the runs of a part begin that are equal by the first key of its path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Mark {
    part: usize,
    value: Option<Passed>,
}

/// The value of a key. A double is written by its bits: JSON has not all of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Passed {
    Integer(i64),
    Real(u64),
    Text(String),
}

impl Place {
    /// The place that a query names.
    ///
    /// # Errors
    /// `Invalid` for a token that no search gave, or another one.
    pub fn of(query: &RunQuery) -> Result<Self> {
        let Some(token) = page::present(query.page_token.as_deref()) else {
            return Ok(Self { search: Some(fingerprint(query)), ..Self::default() });
        };
        let place: Self = page::decode(token)?;
        page::checked(place.offset, token)?;
        if place.search.as_ref().is_some_and(|search| *search != fingerprint(query)) {
            return Err(page::of_another_search());
        }
        Ok(place)
    }

    /// Whether nothing but a number of runs is known of it.
    pub fn is_plain(&self) -> bool {
        self.search.is_none()
    }

    /// The number of the first part that is not over.
    pub fn part(&self) -> usize {
        self.mark.as_ref().map_or(0, |mark| mark.part)
    }

    /// What holds for the runs of its part from the mark on.
    pub fn bound(&self, part: &Part, path: &[SortKey]) -> Option<Statement> {
        let (key, value) = (path.first()?, self.mark.as_ref()?.value.as_ref()?.value());
        if !part.is_sorted_by(&value) {
            return None;
        }
        let mut bound = Statement::default();
        bound.bind(&format!("{} {} ?", key.sql, if key.ascending { ">=" } else { "<=" }), [value]);
        Some(bound)
    }

    /// The place behind runs that were read from here on, by their marks.
    pub fn behind(&self, marks: &[Mark]) -> Self {
        match marks.last() {
            Some(last) if !self.is_plain() => {
                let equal = marks.iter().rev().take_while(|mark| *mark == last).count();
                let all = equal == marks.len() && self.mark.as_ref() == Some(last);
                let before = if all { self.offset } else { 0 };
                Self { offset: before + equal, mark: Some(last.clone()), search: self.search.clone() }
            }
            _ => Self { offset: self.offset + marks.len(), ..self.clone() },
        }
    }
}

impl Mark {
    /// Of a row that was found in a part of this number: a run and its sort keys, the first of which begin the path.
    pub fn of(part: usize, path: &[SortKey], row: &Row) -> Self {
        let value = path.first().and_then(|_| Passed::of(row.value(1)));
        Self { part, value }
    }
}

impl Passed {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(value) => Some(Self::Integer(*value)),
            // The two zeros are equal.
            Value::Real(value) => Some(Self::Real((value + 0.0).to_bits())),
            Value::Text(value) => Some(Self::Text(value.clone())),
            Value::Null | Value::Blob(_) => None,
        }
    }

    fn value(&self) -> Value {
        match self {
            Self::Integer(value) => (*value).into(),
            Self::Real(bits) => f64::from_bits(*bits).into(),
            Self::Text(value) => value.into(),
        }
    }
}

fn fingerprint(query: &RunQuery) -> String {
    let asked = (&query.experiment_ids, &query.filter, &query.order_by, query.view);
    page::fingerprint(&format!("{asked:?}"))
}
