//! Runs with their children.

use std::collections::{HashMap, HashSet};

use trackline::Backend;
use trackline_model::Run;
use trackline_store::RunQuery;

use crate::failure::Failure;

/// The tag by which a child names its parent.
const PARENT: &str = "mlflow.parentRunId";
/// How many parents one question is about.
const PARENTS: usize = 50;
/// How many children of them are read.
const CHILDREN: usize = 50_000;

/// The filter that only runs without a parent meet.
pub(super) fn top() -> String {
    format!("tags.`{PARENT}` IS NULL")
}

/// Children by the id of their parent, the first one that began first.
#[derive(Debug, Default)]
pub(super) struct Families(HashMap<String, Vec<Run>>);

impl Families {
    /// The children of these runs, not theirs in turn.
    pub(super) fn of(store: &Backend, experiment_ids: &[String], parents: &[Run]) -> Result<Self, Failure> {
        let mut families = Self::default();
        for parents in parents.chunks(PARENTS) {
            // The grammar has no lists for tags.
            let named = |run: &Run| format!("tags.`{PARENT}` = '{}'", run.info.run_id);
            let filter = parents.iter().map(named).collect::<Vec<_>>().join(" OR ");
            let found = store.search_runs(&RunQuery {
                experiment_ids: experiment_ids.to_vec(),
                filter,
                order_by: vec!["start_time ASC".to_owned()],
                max_results: CHILDREN,
                ..RunQuery::default()
            })?;
            for child in found.items {
                if let Some(parent) = parent(&child) {
                    families.0.entry(parent.to_owned()).or_default().push(child);
                }
            }
        }
        Ok(families)
    }

    /// How many children a run has.
    pub(super) fn count(&self, run: &Run) -> usize {
        self.0.get(&run.info.run_id).map_or(0, Vec::len)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Each run, followed by its descendants, with how far each is from the first.
pub(super) fn unfolded(
    store: &Backend,
    experiment_ids: &[String],
    runs: Vec<Run>,
) -> Result<Vec<(usize, Run)>, Failure> {
    let mut generations = Vec::new();
    let mut youngest = Families::of(store, experiment_ids, &runs)?;
    while !youngest.is_empty() {
        let parents: Vec<Run> = youngest.0.values().flatten().cloned().collect();
        generations.push(youngest);
        youngest = Families::of(store, experiment_ids, &parents)?;
    }
    let descendants = generations.iter().flat_map(|families| families.0.values().flatten());
    let descendants: HashSet<String> = descendants.map(|run| run.info.run_id.clone()).collect();
    let mut rows = Vec::new();
    for run in runs.into_iter().filter(|run| !descendants.contains(&run.info.run_id)) {
        add(&mut rows, &mut generations, run, 0);
    }
    Ok(rows)
}

fn add(rows: &mut Vec<(usize, Run)>, generations: &mut [Families], run: Run, depth: usize) {
    let children = generations.get_mut(depth).and_then(|families| families.0.remove(&run.info.run_id));
    rows.push((depth, run));
    for child in children.unwrap_or_default() {
        add(rows, generations, child, depth + 1);
    }
}

fn parent(run: &Run) -> Option<&str> {
    run.data.tags.iter().find(|tag| tag.key == PARENT).map(|tag| tag.value.as_str())
}
