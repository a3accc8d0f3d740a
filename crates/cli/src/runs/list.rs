use std::collections::HashMap;

use trackline::Backend;
use trackline_model::{Experiment, Run, ViewType, filter, order};
use trackline_store::{ErrorKind, ExperimentQuery, RunQuery};

use super::family::{self, Families};
use super::json::run as run_json;
use super::metric_columns::{ranked, value};
use super::{elapsed, short_id, state};
use crate::args::ListArgs;
use crate::failure::Failure;
use crate::table::{Align, Table, terminal_width};
use crate::{json, number, place, time};

/// The names of experiments by id.
type Names<'a> = HashMap<&'a str, &'a str>;

/// How many metrics are shown where the width does not say.
const METRICS: usize = 6;

/// What is listed, row by row.
struct List<'a> {
    runs: Vec<Run>,
    /// How far each run is from the ancestor that it stands under.
    depths: Vec<usize>,
    /// Children that are counted and not shown.
    folded: Families,
    names: Names<'a>,
    /// Whether there are runs beyond the limit.
    more: bool,
}

pub(crate) fn list(args: &ListArgs) -> Result<String, Failure> {
    let filter = filter::parse_runs(&args.filter)?;
    let order = order::parse_runs(&args.order_by)?;
    let store = place::existing(&args.store)?;
    let experiments = chosen(&store, &args.experiment)?;
    let list = find(args, &store, &experiments)?;
    if args.json {
        let runs = list.runs.iter().map(|run| run_json(run, list.experiment(run)));
        return Ok(json::text(&runs.collect::<Vec<_>>().into()));
    }
    if list.runs.is_empty() {
        return Ok(nothing(args));
    }
    let metrics = ranked(&list.runs, &filter, &order);
    Ok(text(args, &list, &metrics))
}

fn find<'a>(args: &ListArgs, store: &Backend, experiments: &'a [Experiment]) -> Result<List<'a>, Failure> {
    let ids: Vec<_> = experiments.iter().map(|experiment| experiment.experiment_id.clone()).collect();
    let everything = args.filter.is_empty();
    let page = store.search_runs(&RunQuery {
        experiment_ids: ids.clone(),
        filter: if everything { family::top() } else { args.filter.clone() },
        order_by: args.order_by.clone(),
        max_results: args.limit as usize,
        ..RunQuery::default()
    })?;
    let more = page.next_page_token.is_some();
    let (mut depths, mut runs, mut folded) = (vec![0; page.items.len()], page.items, Families::default());
    if args.children {
        (depths, runs) = family::unfolded(store, &ids, runs)?.into_iter().unzip();
    } else if everything && !args.json {
        folded = Families::of(store, &ids, &runs)?;
    }
    let names = experiments
        .iter()
        .map(|experiment| (experiment.experiment_id.as_str(), experiment.name.as_str()))
        .collect();
    Ok(List { runs, depths, folded, names, more })
}

impl List<'_> {
    fn experiment(&self, run: &Run) -> &str {
        self.names.get(run.info.experiment_id.as_str()).copied().unwrap_or_default()
    }
}

/// The experiments that were asked for; without any, all that are not deleted.
fn chosen(store: &Backend, given: &[String]) -> Result<Vec<Experiment>, Failure> {
    if given.is_empty() {
        let query =
            ExperimentQuery { view: ViewType::ActiveOnly, max_results: 50_000, ..ExperimentQuery::default() };
        return Ok(store.search_experiments(&query)?.items);
    }
    given.iter().map(|name| experiment(store, name)).collect()
}

fn experiment(store: &Backend, given: &str) -> Result<Experiment, Failure> {
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

fn nothing(args: &ListArgs) -> String {
    let filtered = !args.filter.is_empty() || !args.experiment.is_empty();
    (if filtered { "No run meets this.\n" } else { "There are no runs yet.\n" }).to_owned()
}

fn text(args: &ListArgs, list: &List<'_>, metrics: &[String]) -> String {
    let mut table = rows(list);
    if !list.folded.is_empty() {
        let counts = list.runs.iter().map(|run| match list.folded.count(run) {
            0 => String::new(),
            count => count.to_string(),
        });
        table.column("children", Align::Right, counts);
    }
    let width = terminal_width();
    let shown = add_metrics(&mut table, &list.runs, metrics, width);
    let mut text = table.render(0, width);
    let mut notes = Vec::new();
    if list.more {
        notes.push(format!(
            "the first {} runs; --limit {} for more",
            args.limit,
            args.limit.saturating_mul(5)
        ));
    }
    if !list.folded.is_empty() {
        notes.push("--children shows those too".to_owned());
    }
    if shown < metrics.len() {
        notes.push(format!("{} more metrics; --json for all", metrics.len() - shown));
    }
    if !notes.is_empty() {
        text.push_str(&format!("({})\n", notes.join("; ")));
    }
    text
}

/// What is known of every run.
fn rows(list: &List<'_>) -> Table {
    let now = time::now();
    let mut table = Table::new(&[
        ("id", Align::Left),
        ("name", Align::Left),
        ("status", Align::Left),
        ("started", Align::Right),
        ("duration", Align::Right),
        ("experiment", Align::Left),
    ]);
    for (run, depth) in list.runs.iter().zip(&list.depths) {
        table.row([
            short_id(&run.info.run_id),
            format!("{}{}", "  ".repeat(*depth), run.info.run_name),
            state(run).to_owned(),
            time::ago(run.info.start_time, now),
            time::duration(elapsed(run, now)),
            list.experiment(run).to_owned(),
        ]);
    }
    table
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
