mod drift;
mod lineage;
mod sources;
mod text;

use serde_json::Value;
use trackline::Backend;
use trackline_model::{
    Captured, EXIT_REASON_TAG, FileInfo, MetricSummary, ModelOutput, Run, TRACEBACK_DOCUMENT,
};
use trackline_store::{DatasetDrift, ErrorKind, ParamChange, tree_path};

use super::environment::Environment;
use super::find;
use super::json::run as run_json;
use crate::args::ShowArgs;
use crate::failure::Failure;
use crate::{json, place};

/// Everything about one run.
struct Details {
    run: Run,
    experiment: String,
    metrics: Vec<MetricSummary>,
    /// Names, and which models they are.
    models: Vec<(String, ModelOutput)>,
    files: Vec<FileInfo>,
    environment: Environment,
    captured: Vec<Captured>,
    /// Of the exception that ended it, and of those that ended other ranks, by their kinds.
    tracebacks: Vec<(String, String)>,
    /// All values of the params that had several.
    param_history: Vec<ParamChange>,
    drift: Vec<DatasetDrift>,
    /// The documents `lineage` and `files`, null if there is none.
    lineage: Value,
    opened: Value,
}

pub(crate) fn show(args: &ShowArgs) -> Result<String, Failure> {
    let store = place::existing(&args.store)?;
    let details = Details::read(&store, &args.run)?;
    Ok(if args.json { json::text(&details.json()) } else { details.text(args.why) })
}

impl Details {
    fn read(store: &Backend, given: &str) -> Result<Self, Failure> {
        let run = find::run(store, given)?;
        let id = run.info.run_id.as_str();
        Ok(Self {
            experiment: store.get_experiment(&run.info.experiment_id)?.name,
            metrics: store.summaries(id)?,
            models: models(store, &run)?,
            files: files(store, &run)?,
            environment: Environment::read(store, id)?,
            captured: store.captured(id)?,
            tracebacks: tracebacks(store, &run)?,
            param_history: store.param_history(id)?,
            drift: store.drift(id)?,
            lineage: document(store, id, "lineage")?,
            opened: document(store, id, "files")?,
            run,
        })
    }

    fn json(&self) -> Value {
        let mut value = run_json(&self.run, &self.experiment);
        value["metric_summaries"] =
            json::object(self.metrics.iter().map(|summary| (&summary.key, summarized(summary))));
        value["artifacts"] = serde_json::json!(self.files);
        value["environment"] = self.environment.environment.clone();
        value["git"] = self.environment.git.clone();
        value["traceback"] = Value::Null;
        for (kind, text) in &self.tracebacks {
            value[kind] = text.as_str().into();
        }
        value["lineage"] = self.lineage.clone();
        value["drift"] = drift::json(&self.drift);
        value["files"] = self.opened.clone();
        value["captured"] = serde_json::json!(self.captured);
        value
    }
}

fn summarized(summary: &MetricSummary) -> Value {
    serde_json::json!({
        "count": summary.count,
        "first": json::number(summary.first.value),
        "latest": json::number(summary.latest.value),
        "latest_step": summary.latest.step,
        "min": json::number(summary.min),
        "max": json::number(summary.max),
    })
}

/// Why other ranks failed than the one that keeps the run: `rank-1`, and a sentence.
fn failed_ranks(run: &Run) -> impl Iterator<Item = (&str, &str)> {
    let tags = run.data.tags.iter();
    tags.filter_map(|tag| {
        Some((tag.key.strip_prefix(EXIT_REASON_TAG)?.strip_prefix('.')?, tag.value.as_str()))
    })
}

fn tracebacks(store: &Backend, run: &Run) -> Result<Vec<(String, String)>, Failure> {
    let kinds = failed_ranks(run).map(|(rank, _)| format!("{TRACEBACK_DOCUMENT}.{rank}"));
    let mut found = Vec::new();
    for kind in [TRACEBACK_DOCUMENT.to_owned()].into_iter().chain(kinds) {
        if let Some(bytes) = store.document(&run.info.run_id, &kind)? {
            found.push((kind, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    Ok(found)
}

fn document(store: &Backend, run_id: &str, kind: &str) -> Result<Value, Failure> {
    let found = store.document(run_id, kind)?;
    Ok(found.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
}

/// The models that the run made and that were not deleted.
fn models(store: &Backend, run: &Run) -> Result<Vec<(String, ModelOutput)>, Failure> {
    let mut models = Vec::new();
    for output in &run.model_outputs {
        match store.get_logged_model(&output.model_id) {
            Ok(model) => models.push((model.name, output.clone())),
            Err(error) if error.kind == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(models)
}

/// The files of a run in all folders, in the order of their paths.
fn files(store: &Backend, run: &Run) -> Result<Vec<FileInfo>, Failure> {
    let Some(root) = tree_path(&run.info.artifact_uri) else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let path = if folder.is_empty() { root.to_owned() } else { format!("{root}/{folder}") };
        for entry in store.list_artifacts(&path)? {
            let path =
                if folder.is_empty() { entry.path.clone() } else { format!("{folder}/{}", entry.path) };
            if entry.is_dir {
                folders.push(path);
            } else {
                files.push(FileInfo { path, ..entry });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
