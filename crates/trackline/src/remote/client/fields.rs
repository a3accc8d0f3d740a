//! Entities out of MLflow's JSON, where what is unset or empty is left out and 64-bit integers may be texts.

use serde::de::DeserializeOwned;
use serde_json::Value;
use trackline_model::{
    Alias, Dataset, DatasetInput, Experiment, FileInfo, LifecycleStage, LoggedModel, LoggedModelStatus,
    Metric, ModelMetric, ModelOutput, ModelVersion, ModelVersionStatus, Param, RegisteredModel, Run, RunData,
    RunInfo, RunStatus, Stage, Tag,
};

/// A JSON object; a field that is not there is empty, or 0.
#[derive(Clone, Copy)]
pub struct Fields<'a>(pub &'a Value);

impl<'a> Fields<'a> {
    pub fn inner(self, name: &str) -> Self {
        Self(self.0.get(name).unwrap_or(&Value::Null))
    }

    pub fn text(self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    pub fn optional_text(self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    pub fn integer(self, name: &str) -> i64 {
        self.optional_integer(name).unwrap_or_default()
    }

    fn optional_integer(self, name: &str) -> Option<i64> {
        match self.0.get(name)? {
            Value::String(text) => text.parse().ok(),
            other => other.as_i64(),
        }
    }

    /// This API writes the infinities as the greatest numbers, which are hardly ever meant.
    pub fn double(self, name: &str) -> f64 {
        let value = match self.0.get(name) {
            Some(Value::String(text)) => text.parse().unwrap_or(f64::NAN),
            Some(other) => other.as_f64().unwrap_or_default(),
            None => 0.0,
        };
        if value.abs() == f64::MAX { value * 2.0 } else { value }
    }

    /// A value of an enum by its name; `unset` for one that is unknown here.
    fn named<T: DeserializeOwned>(self, name: &str, unset: T) -> T {
        serde_json::from_value(Value::from(self.text(name))).unwrap_or(unset)
    }

    pub fn list<T>(self, name: &str, item: impl Fn(Fields<'_>) -> T) -> Vec<T> {
        let items = self.0.get(name).and_then(Value::as_array);
        items.into_iter().flatten().map(|value| item(Fields(value))).collect()
    }

    fn tags(self) -> Vec<Tag> {
        sorted(self.list("tags", |tag| Tag { key: tag.text("key"), value: tag.text("value") }), |tag| {
            &tag.key
        })
    }

    fn params(self) -> Vec<Param> {
        let params =
            self.list("params", |param| Param { key: param.text("key"), value: param.text("value") });
        sorted(params, |param| &param.key)
    }

    fn metrics(self) -> Vec<Metric> {
        sorted(self.list("metrics", metric), |metric| &metric.key)
    }
}

fn sorted<T>(mut items: Vec<T>, key: impl Fn(&T) -> &String) -> Vec<T> {
    items.sort_by(|a, b| key(a).cmp(key(b)));
    items
}

pub fn experiment(found: Fields<'_>) -> Experiment {
    Experiment {
        experiment_id: found.text("experiment_id"),
        name: found.text("name"),
        artifact_location: found.text("artifact_location"),
        lifecycle_stage: found.named("lifecycle_stage", LifecycleStage::Active),
        creation_time: found.integer("creation_time"),
        last_update_time: found.integer("last_update_time"),
        tags: found.tags(),
    }
}

pub fn run_info(found: Fields<'_>) -> RunInfo {
    RunInfo {
        run_id: found.text("run_id"),
        run_name: found.text("run_name"),
        experiment_id: found.text("experiment_id"),
        user_id: found.text("user_id"),
        status: found.named("status", RunStatus::Running),
        start_time: found.integer("start_time"),
        end_time: found.optional_integer("end_time"),
        artifact_uri: found.text("artifact_uri"),
        lifecycle_stage: found.named("lifecycle_stage", LifecycleStage::Active),
    }
}

pub fn run(found: Fields<'_>) -> Run {
    let (data, inputs) = (found.inner("data"), found.inner("inputs"));
    let model_outputs = found.inner("outputs").list("model_outputs", |output| ModelOutput {
        model_id: output.text("model_id"),
        step: output.integer("step"),
    });
    Run {
        info: run_info(found.inner("info")),
        data: RunData { metrics: data.metrics(), params: data.params(), tags: data.tags() },
        dataset_inputs: inputs.list("dataset_inputs", dataset_input),
        model_inputs: inputs.list("model_inputs", |input| input.text("model_id")),
        model_outputs,
    }
}

fn dataset_input(found: Fields<'_>) -> DatasetInput {
    let dataset = found.inner("dataset");
    DatasetInput {
        dataset: Dataset {
            name: dataset.text("name"),
            digest: dataset.text("digest"),
            source_type: dataset.text("source_type"),
            source: dataset.text("source"),
            schema: dataset.optional_text("schema"),
            profile: dataset.optional_text("profile"),
        },
        tags: found.tags(),
    }
}

pub fn metric(found: Fields<'_>) -> Metric {
    Metric {
        key: found.text("key"),
        value: found.double("value"),
        timestamp: found.integer("timestamp"),
        step: found.integer("step"),
        model_id: found.optional_text("model_id"),
        dataset_name: found.optional_text("dataset_name"),
        dataset_digest: found.optional_text("dataset_digest"),
    }
}

pub fn file(found: Fields<'_>) -> FileInfo {
    let is_dir = found.0.get("is_dir").and_then(Value::as_bool).unwrap_or_default();
    let size = found.optional_integer("file_size").map(i64::unsigned_abs);
    FileInfo { path: found.text("path"), is_dir, file_size: size.filter(|_| !is_dir) }
}

pub fn logged_model(found: Fields<'_>) -> LoggedModel {
    let (info, data) = (found.inner("info"), found.inner("data"));
    LoggedModel {
        model_id: info.text("model_id"),
        experiment_id: info.text("experiment_id"),
        name: info.text("name"),
        creation_timestamp: info.integer("creation_timestamp_ms"),
        last_updated_timestamp: info.integer("last_updated_timestamp_ms"),
        artifact_uri: info.text("artifact_uri"),
        status: info.named("status", LoggedModelStatus::Unspecified),
        model_type: info.optional_text("model_type"),
        source_run_id: info.optional_text("source_run_id"),
        lifecycle_stage: LifecycleStage::Active,
        tags: info.tags(),
        params: data.params(),
        metrics: data
            .list("metrics", |found| ModelMetric { run_id: found.text("run_id"), metric: metric(found) }),
    }
}

pub fn registered_model(found: Fields<'_>) -> RegisteredModel {
    let aliases = found.list("aliases", |alias| Alias {
        alias: alias.text("alias"),
        version: alias.integer("version").unsigned_abs(),
    });
    RegisteredModel {
        name: found.text("name"),
        creation_timestamp: found.integer("creation_timestamp"),
        last_updated_timestamp: found.integer("last_updated_timestamp"),
        description: found.optional_text("description"),
        latest_versions: found.list("latest_versions", model_version),
        tags: found.tags(),
        aliases: sorted(aliases, |alias| &alias.alias),
    }
}

pub fn model_version(found: Fields<'_>) -> ModelVersion {
    let aliases = found.0.get("aliases").and_then(Value::as_array).into_iter().flatten();
    ModelVersion {
        name: found.text("name"),
        version: found.integer("version").unsigned_abs(),
        creation_timestamp: found.integer("creation_timestamp"),
        last_updated_timestamp: found.integer("last_updated_timestamp"),
        current_stage: found.named("current_stage", Stage::None),
        description: found.optional_text("description"),
        source: found.text("source"),
        // The server tells it only to who asks for it.
        storage_location: found.text("source"),
        run_id: found.optional_text("run_id"),
        run_link: found.optional_text("run_link"),
        model_id: found.optional_text("model_id"),
        status: found.named("status", ModelVersionStatus::Ready),
        tags: found.tags(),
        aliases: aliases.filter_map(Value::as_str).map(str::to_owned).collect(),
    }
}
