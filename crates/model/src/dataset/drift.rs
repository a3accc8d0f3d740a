use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ColumnStatistics, Dataset};

/// How a dataset differs from that of an earlier run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Whether both have the same digest; then no column is listed.
    pub same: bool,
    /// Each column that either has, in the order of the later dataset; those that are gone come last.
    pub columns: Vec<ColumnDrift>,
}

/// How a column differs from what it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnDrift {
    /// Its name; in arrays its place, counted from 0.
    pub name: String,
    /// What happened to it.
    pub change: Change,
    /// The population stability index, `Σ (p - q) ln(p / q)` over bins with the shares `p` now and `q` before. The bins
    /// are the deciles of the earlier data, or its frequent values and all others. Absent where either has no ranks.
    ///
    /// Siddiqi, "Credit Risk Scorecards", 2006: below 0.1 little has changed, from 0.25 on much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub psi: Option<f64>,
    /// The index that two samples of these sizes from the same data stay below 99 times out of 100: a larger one is no
    /// chance. From the index being distributed like `(1/n + 1/m) χ²` with one degree of freedom less than bins:
    /// Yurdakul, "Statistical Properties of Population Stability Index", 2018.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// The means' difference in standard deviations of the earlier data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shift: Option<f64>,
}

/// What happened to a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is there in both, with the same type.
    Kept,
    /// It has another type.
    Retyped,
    /// The earlier data had none of this name.
    Added,
    /// The later data has none of this name.
    Removed,
}

/// From this index on much has changed, if it is no chance.
const MUCH: f64 = 0.25;

impl ColumnDrift {
    /// Whether this is worth a look: another schema, or values that moved much and not by chance.
    pub fn is_notable(&self) -> bool {
        let moved = self.psi.zip(self.chance).is_some_and(|(psi, chance)| psi >= MUCH && psi > chance);
        self.change != Change::Kept || moved
    }
}

/// A column as it is compared.
struct Column {
    name: String,
    kind: Option<String>,
    statistics: ColumnStatistics,
}

impl Drift {
    /// How `now` differs from `before`, by what their schemas and profiles say.
    pub fn between(now: &Dataset, before: &Dataset) -> Self {
        if now.digest == before.digest {
            return Self { same: true, columns: Vec::new() };
        }
        let (now, mut before) = (columns(now), columns(before));
        let mut found: Vec<ColumnDrift> = Vec::new();
        for column in &now {
            // By place among those of one name: a table may have two.
            let earlier = before.iter().position(|earlier| earlier.name == column.name);
            found.push(match earlier.map(|place| before.remove(place)) {
                Some(earlier) => compared(column, &earlier),
                None => of(&column.name, Change::Added),
            });
        }
        found.extend(before.iter().map(|column| of(&column.name, Change::Removed)));
        Self { same: false, columns: found }
    }
}

fn of(name: &str, change: Change) -> ColumnDrift {
    ColumnDrift { name: name.to_owned(), change, psi: None, chance: None, shift: None }
}

fn compared(now: &Column, before: &Column) -> ColumnDrift {
    let change = if now.kind == before.kind { Change::Kept } else { Change::Retyped };
    let (now_is, was) = (&now.statistics, &before.statistics);
    let shares = frequent_shares(now_is, was).or_else(|| decile_shares(now_is, was));
    let sizes = now_is.ranked.zip(was.ranked).filter(|(n, m)| *n > 0 && *m > 0);
    let index = shares.filter(|shares| shares.len() > 1).zip(sizes);
    let means = now_is.mean.zip(was.mean).zip(was.std.filter(|std| *std > 0.0));
    ColumnDrift {
        psi: index.as_ref().map(|(shares, (n, m))| stability_index(shares, *n, *m)),
        chance: index
            .as_ref()
            .map(|(shares, (n, m))| chi_squared_99(shares.len() - 1) * (1.0 / *n as f64 + 1.0 / *m as f64)),
        shift: means.map(|((now, was), std)| (now - was) / std),
        ..of(&now.name, change)
    }
}

/// Empty bins count as half a value, so that the logarithm is finite.
fn stability_index(shares: &[(f64, f64)], n: usize, m: usize) -> f64 {
    let part = |(p, q): &(f64, f64)| {
        let (p, q) = (p.max(0.5 / n as f64), q.max(0.5 / m as f64));
        (p - q) * (p / q).ln()
    };
    shares.iter().map(part).sum()
}

/// So large a share of the values must be among the frequent ones for these to be the bins. Deciles of a few values that
/// each have many rows would jump.
const MOST: f64 = 0.9;

/// The shares of the values that were frequent, and of all others.
fn frequent_shares(now: &ColumnStatistics, was: &ColumnStatistics) -> Option<Vec<(f64, f64)>> {
    let (n, m) = (now.ranked? as f64, was.ranked? as f64);
    let times =
        |value: &Value| now.top.iter().find(|(other, _)| other == value).map_or(0, |(_, times)| *times);
    let mut shares: Vec<_> =
        was.top.iter().map(|(value, before)| (times(value) as f64 / n, *before as f64 / m)).collect();
    let (known_now, known): (f64, f64) =
        shares.iter().fold((0.0, 0.0), |(now, was), (p, q)| (now + p, was + q));
    if known < MOST || now.top.is_empty() {
        return None;
    }
    if known_now.min(known) < 1.0 - 1e-9 {
        shares.push((1.0 - known_now, 1.0 - known));
    }
    Some(shares)
}

/// The shares between the deciles of the earlier data, of which equal ones are one.
fn decile_shares(now: &ColumnStatistics, was: &ColumnStatistics) -> Option<Vec<(f64, f64)>> {
    let before = Cumulative::of(was)?;
    let now = Cumulative::of(now)?;
    let mut edges = was.deciles.clone();
    edges.dedup();
    let mut shares = Vec::new();
    let mut below = (0.0, 0.0);
    for edge in edges.iter().copied().map(Some).chain([None]) {
        let until = edge.map_or((1.0, 1.0), |edge| (now.at(edge), before.at(edge)));
        shares.push((until.0 - below.0, until.1 - below.1));
        below = until;
    }
    Some(shares)
}

/// The share of values up to a value, between least, deciles and greatest by linear interpolation.
struct Cumulative(Vec<f64>);

impl Cumulative {
    fn of(column: &ColumnStatistics) -> Option<Self> {
        let (least, greatest) = (column.min.as_ref()?.as_f64()?, column.max.as_ref()?.as_f64()?);
        let all: Vec<f64> =
            [least].into_iter().chain(column.deciles.iter().copied()).chain([greatest]).collect();
        (column.deciles.len() == 9).then_some(Self(all))
    }

    fn at(&self, value: f64) -> f64 {
        // The last of equal ones: a value that many rows have is wholly below itself.
        let Some(place) = self.0.iter().rposition(|edge| *edge <= value) else { return 0.0 };
        let (Some(below), Some(above)) = (self.0.get(place), self.0.get(place + 1)) else { return 1.0 };
        (place as f64 + (value - below) / (above - below)) / (self.0.len() - 1) as f64
    }
}

/// The 0.99 quantile, by Wilson and Hilferty, "The Distribution of Chi-Square", 1931.
fn chi_squared_99(degrees: usize) -> f64 {
    const NORMAL_99: f64 = 2.326_347_874;
    let k = degrees as f64;
    k * (1.0 - 2.0 / (9.0 * k) + NORMAL_99 * (2.0 / (9.0 * k)).sqrt()).powi(3)
}

/// The columns of a table, or of an array of two dimensions, with their types.
fn columns(dataset: &Dataset) -> Vec<Column> {
    let parsed = |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str(text).ok());
    let schema: Value = parsed(&dataset.schema).unwrap_or_default();
    let profile: Value = parsed(&dataset.profile).unwrap_or_default();
    let statistics: Vec<ColumnStatistics> =
        serde_json::from_value(profile["columns"].clone()).unwrap_or_default();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match schema["mlflow_colspec"].as_array() {
        Some(fields) => fields
            .iter()
            .enumerate()
            .map(|(place, field)| Column {
                name: text(&field["name"]).unwrap_or_else(|| place.to_string()),
                kind: text(&field["type"]),
                statistics: statistics.get(place).cloned().unwrap_or_default(),
            })
            .collect(),
        None => {
            let named = |(place, statistics): (usize, ColumnStatistics)| Column {
                name: statistics.name.clone().unwrap_or_else(|| place.to_string()),
                kind: None,
                statistics,
            };
            statistics.into_iter().enumerate().map(named).collect()
        }
    }
}
