//! From what a person writes for a run to the run.

use trackline::Backend;
use trackline_model::{Run, ViewType};
use trackline_store::{ErrorKind, ExperimentQuery, RunQuery};

use super::{short_id, state};
use crate::failure::Failure;
use crate::table::{Align, Table};
use crate::time;

/// How many candidates are listed when several runs fit.
const CANDIDATES: usize = 10;

/// The run with this id, this beginning of an id, or this name; deleted ones only if nothing else fits.
pub(super) fn run(store: &Backend, given: &str) -> Result<Run, Failure> {
    match store.get_run(given) {
        Ok(run) => return Ok(run),
        // What cannot be an id may be a name.
        Err(error) if matches!(error.kind, ErrorKind::NotFound | ErrorKind::Invalid) => {}
        Err(error) => return Err(error.into()),
    }
    for view in [ViewType::ActiveOnly, ViewType::DeletedOnly] {
        let mut candidates = candidates(store, given, view)?;
        match candidates.len() {
            0 => {}
            1 => return Ok(candidates.swap_remove(0)),
            _ => return Err(ambiguous(given, &candidates)),
        }
    }
    Err(Failure::new(format!("no run has the id or name '{given}' in {store}"))
        .hint("`trackline runs list` lists runs; --store chooses another store"))
}

fn candidates(store: &Backend, given: &str, view: ViewType) -> Result<Vec<Run>, Failure> {
    let quoted = given.replace('\'', "''");
    let mut filter = format!("run_name = '{quoted}'");
    if given.chars().all(|c| c.is_ascii_alphanumeric()) {
        filter.push_str(&format!(" OR run_id LIKE '{quoted}%'"));
    }
    let experiment_ids = experiment_ids(store, ViewType::All)?;
    let max_results = CANDIDATES + 1;
    let page =
        store.search_runs(&RunQuery { experiment_ids, filter, view, max_results, ..RunQuery::default() })?;
    Ok(page.items)
}

/// The ids of all experiments.
pub(super) fn experiment_ids(store: &Backend, view: ViewType) -> Result<Vec<String>, Failure> {
    let query = ExperimentQuery { view, max_results: 50_000, ..ExperimentQuery::default() };
    Ok(store
        .search_experiments(&query)?
        .items
        .into_iter()
        .map(|experiment| experiment.experiment_id)
        .collect())
}

fn ambiguous(given: &str, candidates: &[Run]) -> Failure {
    let now = time::now();
    let mut table = Table::new(&[("", Align::Left); 4]);
    for run in &candidates[..candidates.len().min(CANDIDATES)] {
        table.row([
            run.info.run_id.clone(),
            run.info.run_name.clone(),
            state(run).to_owned(),
            time::ago(run.info.start_time, now),
        ]);
    }
    let many = if candidates.len() > CANDIDATES { "more than 10 runs" } else { "several runs" };
    let list = table.render(2, None);
    Failure::new(format!("'{given}' may be {many}:\n{}", list.trim_end()))
        .hint(format!("give more of the id, such as {}", short_id(&candidates[0].info.run_id)))
}
