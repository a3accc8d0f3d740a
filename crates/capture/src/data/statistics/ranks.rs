//! What takes the values in their order: deciles, different values, frequent values.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::Value;
use trackline_model::{ColumnStatistics, MAX_TOP};

use super::moments::number;
use crate::redact;

/// Longer texts are cut in the list of frequent values, in characters.
const LONGEST_VALUE: usize = 80;

pub(super) fn of_numbers(found: &mut ColumnStatistics, values: impl Iterator<Item = f64>, whole: bool) {
    let mut sorted: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let runs: Vec<(f64, usize)> =
        sorted.chunk_by(|a, b| a == b).filter_map(|run| Some((*run.first()?, run.len()))).collect();
    found.deciles = (1..10).filter_map(|tenth| quantile(&sorted, f64::from(tenth) / 10.0)).collect();
    let told = runs.iter().filter_map(|(value, times)| Some((Value::Number(number(*value, whole)?), *times)));
    set_top(found, sorted.len(), runs.len(), told.collect());
}

pub(super) fn of_texts<'a>(
    found: &mut ColumnStatistics,
    name: &str,
    values: impl Iterator<Item = Cow<'a, str>>,
) {
    let mut times: HashMap<Cow<'a, str>, usize> = HashMap::new();
    values.for_each(|value| *times.entry(value).or_default() += 1);
    let (ranked, distinct) = (times.values().sum(), times.len());
    let mut told: Vec<(Cow<'a, str>, usize)> = times.into_iter().collect();
    told.sort_unstable();
    if redact::is_secret_name(name) {
        told.clear();
    }
    let cut = |text: &str| Value::String(redact::text(&text.chars().take(LONGEST_VALUE).collect::<String>()));
    told.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    told.truncate(MAX_TOP);
    set_top(found, ranked, distinct, told.iter().map(|(text, times)| (cut(text), *times)).collect());
}

/// Where most values are there once, none is frequent.
fn set_top(found: &mut ColumnStatistics, ranked: usize, distinct: usize, mut values: Vec<(Value, usize)>) {
    found.ranked = Some(ranked);
    found.distinct = Some(distinct);
    if distinct * 2 <= ranked {
        values.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        values.truncate(MAX_TOP);
        found.top = values;
    }
}

fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let place = sorted.len().checked_sub(1)? as f64 * part;
    let (below, above) = (sorted.get(place as usize)?, sorted.get(place.ceil() as usize)?);
    Some(short(below + (above - below) * place.fract()))
}

/// With seven significant digits: the ranks of a sample are not surer, and a profile is read as text.
fn short(value: f64) -> f64 {
    format!("{value:.6e}").parse().unwrap_or(value)
}
