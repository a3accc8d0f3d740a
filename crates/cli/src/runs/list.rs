use std::collections::HashMap;

use trackline_model::{Experiment, Run, ViewType, filter, order};
use trackline_store::{ErrorKind, ExperimentQuery, Page, RunQuery, Store};

use super::json::run as run_json;
use super::metric_columns::{ranked, value};
use super::{elapsed, short_id, status};
use crate::args::ListArgs;
use crate::failure::Failure;
use crate::table::{Align, Table, terminal_width};
use crate::{json, number, place, time};

/// The names of experiments by id.
type Names<'a> = HashMap<&'a str, &'a str>;

/// How many metrics are shown where the width does not say.
const METRICS: usize = 6;

pub(crate) fn list(args: &ListArgs) -> Result<String, Failure> {
    let filter = filter::parse_runs(&args.filter)?;
    let order = order::parse_runs(&args.order_by)?;
    let store = place::existing(&args.store)?;
    let experiments = chosen(&store, &args.experiment)?;
    let page = store.search_runs(&RunQuery {
        experiment_ids: experiments.iter().map(|experiment| experiment.experiment_id.clone()).collect(),
        filter: args.filter.clone(),
        order_by: args.order_by.clone(),
        max_results: args.limit as usize,
        ..RunQuery::default()
    })?;
    let names: Names<'_> = experiments
        .iter()
        .map(|experiment| (experiment.experiment_id.as_str(), experiment.name.as_str()))
        .collect();
    if args.json {
        let runs: Vec<_> = page.items.iter().map(|run| run_json(run, experiment_name(&names, run))).collect();
        return Ok(json::text(&runs.into()));
    }
    if page.items.is_empty() {
        return Ok(nothing(args));
    }
    let metrics = ranked(&page.items, &filter, &order);
    Ok(text(args, &page, &names, &metrics))
}

/// The experiments that were asked for; without any, all that are not deleted.
fn chosen(store: &Store, given: &[String]) -> Result<Vec<Experiment>, Failure> {
    if given.is_empty() {
        let query =
            ExperimentQuery { view: ViewType::ActiveOnly, max_results: 50_000, ..ExperimentQuery::default() };
        return Ok(store.search_experiments(&query)?.items);
    }
    given.iter().map(|name| experiment(store, name)).collect()
}

fn experiment(store: &Store, given: &str) -> Result<Experiment, Failure> {
    let found = store.get_experiment_by_name(given).or_else(|error| match error.kind {
        ErrorKind::NotFound => store.get_experiment(given),
        _ => Err(error),
    });
    found.map_err(|error| match error.kind {
        ErrorKind::NotFound | ErrorKind::Invalid => {
            Failure::new(format!("no experiment has the name or id '{given}'"))
                .hint("`trackline experiments list` lists them")
        }
        _ => error.into(),
    })
}

fn experiment_name<'a>(names: &Names<'a>, run: &Run) -> &'a str {
    names.get(run.info.experiment_id.as_str()).copied().unwrap_or_default()
}

fn nothing(args: &ListArgs) -> String {
    let filtered = !args.filter.is_empty() || !args.experiment.is_empty();
    (if filtered { "No run meets this.\n" } else { "There are no runs yet.\n" }).to_owned()
}

fn text(args: &ListArgs, page: &Page<Run>, names: &Names<'_>, metrics: &[String]) -> String {
    let now = time::now();
    let mut table = Table::new(&[
        ("id", Align::Left),
        ("name", Align::Left),
        ("status", Align::Left),
        ("started", Align::Right),
        ("duration", Align::Right),
        ("experiment", Align::Left),
    ]);
    for run in &page.items {
        table.row([
            short_id(&run.info.run_id),
            run.info.run_name.clone(),
            status(run.info.status).to_owned(),
            time::ago(run.info.start_time, now),
            time::duration(elapsed(run, now)),
            experiment_name(names, run).to_owned(),
        ]);
    }
    let width = terminal_width();
    let shown = add_metrics(&mut table, &page.items, metrics, width);
    let mut text = table.render(0, width);
    let mut notes = Vec::new();
    if page.next_page_token.is_some() {
        notes.push(format!(
            "the first {} runs; --limit {} for more",
            args.limit,
            args.limit.saturating_mul(5)
        ));
    }
    if shown < metrics.len() {
        notes.push(format!("{} more metrics; --json for all", metrics.len() - shown));
    }
    if !notes.is_empty() {
        text.push_str(&format!("({})\n", notes.join("; ")));
    }
    text
}

/// Adds the metrics that fit, at least one; says how many.
fn add_metrics(table: &mut Table, runs: &[Run], metrics: &[String], width: Option<usize>) -> usize {
    let mut shown = 0;
    for key in metrics {
        let cells: Vec<String> =
            runs.iter().map(|run| value(run, key).map_or_else(|| "-".to_owned(), number::short)).collect();
        let wide = cells.iter().map(String::len).max().unwrap_or(0).max(key.chars().count()) + 2;
        let fits = width.map_or(shown < METRICS, |width| table.width() + wide <= width);
        if shown > 0 && !fits {
            break;
        }
        table.column(key, Align::Right, cells);
        shown += 1;
    }
    shown
}
