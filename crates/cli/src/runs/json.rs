//! Runs as JSON, for `jq` and scripts: params, metrics and tags as objects.

use serde_json::{Value, json};
use trackline_model::{DatasetInput, Run};

use super::status;
use crate::json::{number, object};

pub(super) fn run(run: &Run, experiment: &str) -> Value {
    let info = &run.info;
    json!({
        "run_id": info.run_id,
        "name": info.run_name,
        "experiment_id": info.experiment_id,
        "experiment": experiment,
        "user": info.user_id,
        "status": status(info.status),
        "start_time": info.start_time,
        "end_time": info.end_time,
        "lifecycle_stage": info.lifecycle_stage,
        "artifact_uri": info.artifact_uri,
        "params": object(run.data.params.iter().map(|param| (&param.key, param.value.as_str().into()))),
        "metrics": object(run.data.metrics.iter().map(|metric| (&metric.key, number(metric.value)))),
        "tags": object(run.data.tags.iter().map(|tag| (&tag.key, tag.value.as_str().into()))),
        "datasets": run.dataset_inputs.iter().map(dataset).collect::<Vec<_>>(),
        "models": run.model_outputs.iter().map(|output| &output.model_id).collect::<Vec<_>>(),
    })
}

fn dataset(input: &DatasetInput) -> Value {
    json!({
        "name": input.dataset.name,
        "digest": input.dataset.digest,
        "context": context(input),
    })
}

/// What the run read the dataset for.
pub(super) fn context(input: &DatasetInput) -> Option<&str> {
    input.tags.iter().find(|tag| tag.key == "mlflow.data.context").map(|tag| tag.value.as_str())
}
