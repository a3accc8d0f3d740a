//! `trackline experiments …`

use serde_json::Value;
use trackline_model::Experiment;
use trackline_store::ExperimentQuery;

use crate::args::ExperimentsArgs;
use crate::failure::Failure;
use crate::table::{Align, Table, terminal_width};
use crate::{json, place, time};

pub(crate) fn list(args: &ExperimentsArgs) -> Result<String, Failure> {
    let store = place::existing(&args.store)?;
    let query = ExperimentQuery { max_results: 50_000, ..ExperimentQuery::default() };
    let experiments = store.search_experiments(&query)?.items;
    if args.json {
        let values: Vec<Value> = experiments.iter().map(value).collect();
        return Ok(json::text(&values.into()));
    }
    let now = time::now();
    let mut table = Table::new(&[
        ("id", Align::Right),
        ("name", Align::Left),
        ("created", Align::Right),
        ("changed", Align::Right),
    ]);
    for experiment in &experiments {
        table.row([
            experiment.experiment_id.clone(),
            experiment.name.clone(),
            time::ago(experiment.creation_time, now),
            time::ago(experiment.last_update_time, now),
        ]);
    }
    Ok(table.render(0, terminal_width()))
}

fn value(experiment: &Experiment) -> Value {
    serde_json::json!({
        "experiment_id": experiment.experiment_id,
        "name": experiment.name,
        "artifact_location": experiment.artifact_location,
        "creation_time": experiment.creation_time,
        "last_update_time": experiment.last_update_time,
        "tags": json::object(experiment.tags.iter().map(|tag| (&tag.key, tag.value.as_str().into()))),
    })
}
