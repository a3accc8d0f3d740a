use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use trackline_model::Run;

use super::environment::Environment;
use super::{find, is_system_metric, is_system_tag, short_id, state};
use crate::args::DiffArgs;
use crate::failure::Failure;
use crate::table::{Align, Table, terminal_width};
use crate::{json, number, place};

/// One run, as it is compared: for each section, its items by key.
type Items = BTreeMap<String, Value>;

struct Side {
    run: Run,
    sections: [Items; 4],
}

const SECTIONS: [&str; 4] = ["params", "metrics", "tags", "environment"];
const METRICS: usize = 1;

pub(crate) fn diff(args: &DiffArgs) -> Result<String, Failure> {
    let store = place::existing(&args.store)?;
    let mut sides = Vec::with_capacity(args.runs.len());
    for given in &args.runs {
        let run = find::run(&store, given)?;
        let environment = Environment::read(&store, &run.info.run_id)?;
        sides.push(Side::new(run, &environment));
    }
    Ok(if args.json { json::text(&as_json(&sides)) } else { as_text(&sides) })
}

impl Side {
    fn new(run: Run, environment: &Environment) -> Self {
        let params = run.data.params.iter().map(|param| (param.key.clone(), param.value.as_str().into()));
        // The machine is never twice the same.
        let metrics = run.data.metrics.iter().filter(|metric| !is_system_metric(&metric.key));
        let metrics = metrics.map(|metric| (metric.key.clone(), json::number(metric.value)));
        let tags = run.data.tags.iter().filter(|tag| !is_system_tag(&tag.key));
        let tags = tags.map(|tag| (tag.key.clone(), tag.value.as_str().into()));
        let sections = [params.collect(), metrics.collect(), tags.collect(), items(environment)];
        Self { run, sections }
    }
}

/// The facts that are worth comparing: versions, machine, commit; not the command, which names the run.
fn items(environment: &Environment) -> Items {
    let facts =
        environment.facts().into_iter().filter(|(label, _)| !matches!(*label, "packages" | "command"));
    let facts = facts.map(|(label, fact)| (label.to_owned(), Value::from(fact)));
    let packages = environment.packages().into_iter();
    facts.chain(packages.map(|(name, version)| (format!("package {name}"), version.into()))).collect()
}

/// The keys of a section whose values are not the same everywhere.
fn differing(sides: &[Side], section: usize) -> Vec<&String> {
    let keys: BTreeSet<_> = sides.iter().flat_map(|side| side.sections[section].keys()).collect();
    let differs = |key: &&String| {
        let mut values = sides.iter().map(|side| side.sections[section].get(*key));
        let first = values.next().flatten();
        values.any(|value| value != first)
    };
    keys.into_iter().filter(differs).collect()
}

fn as_json(sides: &[Side]) -> Value {
    let runs: Vec<_> = sides
        .iter()
        .map(|Side { run, .. }| serde_json::json!({"run_id": run.info.run_id, "name": run.info.run_name}))
        .collect();
    let mut value = serde_json::json!({ "runs": runs });
    for (section, title) in SECTIONS.iter().enumerate() {
        let rows = differing(sides, section).into_iter().map(|key| {
            let values: Vec<_> = sides
                .iter()
                .map(|side| side.sections[section].get(key).cloned().unwrap_or_default())
                .collect();
            (key.clone(), values.into())
        });
        value[*title] = Value::Object(rows.collect::<Map<_, _>>());
    }
    value
}

fn as_text(sides: &[Side]) -> String {
    let mut text = heading(sides);
    let mut same = Vec::new();
    for (section, title) in SECTIONS.iter().enumerate() {
        let keys = differing(sides, section);
        if keys.is_empty() {
            same.push(*title);
            continue;
        }
        text.push_str(&format!("\n{title}\n"));
        text.push_str(&rows(sides, section, &keys).render(2, terminal_width()));
    }
    if !same.is_empty() {
        text.push_str(&format!("\nNo difference in {}.\n", same.join(", ")));
    }
    text
}

fn heading(sides: &[Side]) -> String {
    let mut table = Table::new(&[("", Align::Left); 3]);
    for Side { run, .. } in sides {
        let info = &run.info;
        table.row([short_id(&info.run_id), info.run_name.clone(), state(run).to_owned()]);
    }
    table.render(0, None)
}

fn rows(sides: &[Side], section: usize, keys: &[&String]) -> Table {
    let mut table = Table::new(&[("", Align::Left)]);
    for key in keys {
        table.row([(*key).clone()]);
    }
    let align = if section == METRICS { Align::Right } else { Align::Left };
    for side in sides {
        let cells = keys.iter().map(|key| shown(side.sections[section].get(*key)));
        table.column(&short_id(&side.run.info.run_id), align, cells);
    }
    if let (METRICS, [before, after]) = (section, sides) {
        let change = |key: &&String| {
            let number = |side: &Side| side.sections[section].get(*key).and_then(Value::as_f64);
            number(before)
                .zip(number(after))
                .map_or_else(String::new, |(before, after)| signed(after - before))
        };
        table.column("change", Align::Right, keys.iter().map(change));
    }
    table
}

fn shown(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.as_f64().map_or_else(|| other.to_string(), number::short),
        None => "-".to_owned(),
    }
}

fn signed(change: f64) -> String {
    let sign = if change > 0.0 { "+" } else { "" };
    format!("{sign}{}", number::short(change))
}
