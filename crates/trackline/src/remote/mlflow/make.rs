//! Experiments, runs and models on the server: each made once.

use std::fs::File;

use serde_json::{Value, json};
use trackline_journal::{Event, ExperimentRef};
use trackline_model::{DEFAULT_EXPERIMENT_ID, Tag};
use ureq::http::Method;

use super::{MODEL_TAG, RUN_TAG, locked};
use crate::Error;
use crate::remote::Server;
use crate::remote::client::{Fields, in_query};
use crate::remote::http::Failure;

impl Server {
    /// The server's id of an experiment, which is made if it has a name that is new.
    pub(super) fn experiment_id(&self, experiment: &ExperimentRef) -> Result<String, Failure> {
        let name = match experiment {
            ExperimentRef::Id(id) => return Ok(id.clone()),
            ExperimentRef::Name(name) => name,
        };
        if let Some(id) = locked(&self.mlflow.experiments).get(name) {
            return Ok(id.clone());
        }
        let path = format!("/api/2.0/mlflow/experiments/get-by-name?experiment_name={}", in_query(name));
        let id = match self.http.json(Method::GET, &path, None) {
            Ok(found) => Fields(&found).inner("experiment").text("experiment_id"),
            Err(Failure::Refused(refusal)) if refusal.status == 404 => {
                let made = self.call(Method::POST, "experiments/create", &json!({"name": name}))?;
                Fields(&made).text("experiment_id")
            }
            Err(failure) => return Err(failure),
        };
        locked(&self.mlflow.experiments).insert(name.clone(), id.clone());
        Ok(id)
    }

    /// Makes a run, unless it is there.
    pub(super) fn make_run(&self, start: &Event) -> Result<(), Failure> {
        let Event::RunStarted { run_id, experiment, run_name, user_id, start_time, tags } = start else {
            return Ok(());
        };
        let _one = self.lock_making()?;
        if self.mlflow.ids.of_server(run_id).is_some() {
            return Ok(());
        }
        let mut experiment_id = self.experiment_id(experiment)?;
        let run = loop {
            if let Some(found) = self.find_run(&experiment_id, run_id)? {
                break found;
            }
            let mut tags: Vec<Tag> = tags.clone();
            tags.retain(|tag| tag.key != "mlflow.runName" || run_name.is_none());
            tags.push(Tag { key: RUN_TAG.to_owned(), value: run_id.clone() });
            let mut body = json!({
                "experiment_id": experiment_id, "user_id": user_id, "start_time": start_time, "tags": tags,
            });
            if let Some(name) = run_name {
                body["run_name"] = name.as_str().into();
            }
            let body = self.in_server_ids(&body);
            match self.call(Method::POST, "runs/create", &body) {
                Ok(made) => break Fields(&made).inner("run").0.clone(),
                // No run is lost because its experiment is not there.
                Err(Failure::Refused(_)) if experiment_id != DEFAULT_EXPERIMENT_ID => {
                    experiment_id = DEFAULT_EXPERIMENT_ID.to_owned();
                }
                Err(failure) => return Err(failure),
            }
        };
        let info = Fields(&run).inner("info");
        self.made(run_id, &info.text("run_id"), &info.text("artifact_uri"))
    }

    fn find_run(&self, experiment_id: &str, run_id: &str) -> Result<Option<Value>, Failure> {
        let filter = format!("tags.`{RUN_TAG}` = '{run_id}'");
        let body = json!({"experiment_ids": [experiment_id], "filter": filter, "run_view_type": "ALL", "max_results": 1});
        let found = self.call(Method::POST, "runs/search", &body)?;
        Ok(found["runs"].get(0).cloned())
    }

    /// Makes a logged model, unless it is there.
    pub(super) fn make_model(&self, event: &Event) -> Result<(), Failure> {
        let Event::ModelCreated { model_id, name, run_id, model_type, params, tags, .. } = event else {
            return Ok(());
        };
        let _one = self.lock_making()?;
        if self.mlflow.ids.of_server(model_id).is_some() {
            return Ok(());
        }
        let run_id = self.mlflow.ids.to_server(run_id).into_owned();
        let path = format!("/api/2.0/mlflow/runs/get?run_id={run_id}");
        let run = self.http.json(Method::GET, &path, None)?;
        let experiment_id = Fields(&run).inner("run").inner("info").text("experiment_id");
        let filter = format!("tags.`{MODEL_TAG}` = '{model_id}'");
        let body = json!({"experiment_ids": [experiment_id], "filter": filter, "max_results": 1});
        let found = self.call(Method::POST, "logged-models/search", &body)?;
        let model = match found["models"].get(0) {
            Some(model) => model.clone(),
            None => {
                let mut tags = tags.clone();
                tags.push(Tag { key: MODEL_TAG.to_owned(), value: model_id.clone() });
                let body = json!({
                    "experiment_id": experiment_id, "name": name, "model_type": model_type,
                    "source_run_id": run_id, "params": params, "tags": tags,
                });
                let made = self.call(Method::POST, "logged-models", &self.in_server_ids(&body))?;
                made["model"].clone()
            }
        };
        let info = Fields(&model).inner("info");
        self.made(model_id, &info.text("model_id"), &info.text("artifact_uri"))
    }

    fn made(&self, ours: &str, servers: &str, root: &str) -> Result<(), Failure> {
        let noted = self.mlflow.ids.add(ours, servers);
        noted.map_err(|error| Failure::Trouble(Error::io("note an id in the spool", &error)))?;
        locked(&self.mlflow.roots).insert(servers.to_owned(), root.to_owned());
        Ok(())
    }

    /// One process at a time looks for a run and makes it.
    fn lock_making(&self) -> Result<File, Failure> {
        let file = File::create(self.spool.join("making.lock"));
        let locked = file.and_then(|file| file.lock().map(|()| file));
        locked.map_err(|error| Failure::Trouble(Error::io("lock the spool", &error)))
    }

    /// A body of ours as the server is to have it.
    pub(in crate::remote) fn in_server_ids(&self, body: &Value) -> Value {
        let text = body.to_string();
        serde_json::from_str(&self.mlflow.ids.to_server(&text)).unwrap_or_else(|_| body.clone())
    }

    /// An answer of the server as it is told here.
    pub(in crate::remote) fn in_our_ids(&self, answer: Value) -> Value {
        let text = answer.to_string();
        serde_json::from_str(&self.mlflow.ids.to_ours(&text)).unwrap_or(answer)
    }
}
