//! Which metrics a list of runs shows: there may be hundreds, and a line holds a few.

use std::collections::HashMap;

use trackline_model::filter::{Expr, Field, Filter};
use trackline_model::order::OrderBy;
use trackline_model::{Metric, Run};

use super::is_system_metric;

/// The metrics of the runs, the most interesting first: those the question is about, then scores and losses, and last
/// what describes the work; among these those that most runs have, then those that differ between runs.
pub(super) fn ranked(runs: &[Run], filter: &Filter, order: &[OrderBy]) -> Vec<String> {
    let mut asked = Vec::new();
    for clause in order {
        note(&clause.field, &mut asked);
    }
    if let Some(expr) = &filter.expr {
        asked_by(expr, &mut asked);
    }
    let mut keys: Vec<(String, Spread)> = spreads(runs).into_iter().collect();
    keys.retain(|(key, _)| asked.contains(key) || !is_system_metric(key));
    keys.sort_by_cached_key(|(key, spread)| {
        let place = asked.iter().position(|asked| asked == key).unwrap_or(usize::MAX);
        (place, kind(key), usize::MAX - spread.runs, !spread.differs, key.clone())
    });
    keys.into_iter().map(|(key, _)| key).collect()
}

/// The latest value of a metric.
pub(super) fn value(run: &Run, key: &str) -> Option<f64> {
    run.data.metrics.iter().find(|metric| metric.key == key).map(|metric| metric.value)
}

struct Spread {
    runs: usize,
    first: f64,
    differs: bool,
}

fn spreads(runs: &[Run]) -> HashMap<String, Spread> {
    let mut spreads: HashMap<String, Spread> = HashMap::new();
    for Metric { key, value, .. } in runs.iter().flat_map(|run| &run.data.metrics) {
        match spreads.get_mut(key) {
            Some(spread) => {
                spread.runs += 1;
                spread.differs |= spread.first.total_cmp(value).is_ne();
            }
            None => drop(spreads.insert(key.clone(), Spread { runs: 1, first: *value, differs: false })),
        }
    }
    spreads
}

/// What metrics say, the most interesting first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Quality,
    Other,
    /// Times, single splits of a search, and what follows from the others.
    Detail,
}

fn kind(key: &str) -> Kind {
    const PARTS: [&str; 3] = ["split", "std_", "rank_"];
    const QUALITIES: [&str; 12] =
        ["score", "loss", "acc", "auc", "error", "f1", "precision", "recall", "r2", "rmse", "mae", "mse"];
    let key = key.to_ascii_lowercase();
    if key.ends_with("_time") || PARTS.iter().any(|part| key.starts_with(part)) {
        Kind::Detail
    } else if key.starts_with("training_") || QUALITIES.iter().any(|quality| key.contains(quality)) {
        Kind::Quality
    } else {
        Kind::Other
    }
}

fn asked_by(expr: &Expr, asked: &mut Vec<String>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| asked_by(part, asked)),
        Expr::Not(inner) => asked_by(inner, asked),
        Expr::Compare { field, .. } => note(field, asked),
    }
}

fn note(field: &Field, asked: &mut Vec<String>) {
    if let Field::Metric(key) = field
        && !asked.contains(key)
    {
        asked.push(key.clone());
    }
}
