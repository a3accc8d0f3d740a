use serde_json::{Value, json};
use trackline_journal::{ArtifactOwner, Event, ExperimentRef, Record};
use trackline_model::{Metric, Point, RunStatus, Tag};
use ureq::http::Method;

use super::outbox::{Item, Outbox, body};
use super::progress::Context;
use super::{DROPPED_TAG, Server};
use crate::Error;
use crate::problems::Problems;
use crate::remote::client::in_path;
use crate::remote::http::Failure;
use crate::sink::left_out;

/// Sends the records of one batch as calls of MLflow's API. What the server refuses is left out and noted, in its run
/// too; anything else stops it.
pub struct Translation<'a> {
    server: &'a Server,
    problems: &'a Problems,
    context: Context,
    outbox: Outbox,
}

impl<'a> Translation<'a> {
    pub fn new(server: &'a Server, problems: &'a Problems, context: Context) -> Self {
        Self { server, problems, context, outbox: Outbox::default() }
    }

    pub fn send(&mut self, record: &Record) -> Result<(), Error> {
        self.context.note(record);
        match record {
            Record::Series { .. } => Ok(()),
            Record::Point { series, point } => self.point(*series, *point),
            Record::Event(event) => self.event(event),
        }
    }

    /// Sends what was gathered, and gives what following records need.
    pub fn finish(mut self) -> Result<Context, Error> {
        for (run_id, items) in self.outbox.take_all() {
            self.batch(&run_id, &items)?;
        }
        Ok(self.context)
    }

    fn point(&mut self, series: u32, point: Point) -> Result<(), Error> {
        let Some((run_id, key)) = self.context.series.get(&series).cloned() else { return Ok(()) };
        self.item(&run_id, Item::Metric(Metric::of_point(key, &point)))
    }

    fn event(&mut self, event: &Event) -> Result<(), Error> {
        match event {
            Event::RunStarted { run_id, tags, .. } => {
                let made = self.server.make_run(event);
                self.tolerate(run_id, made)?;
                self.tags(run_id, tags.iter().map(|tag| (&tag.key, &tag.value)))
            }
            Event::Tags { run_id, tags, .. } => {
                self.tags(run_id, tags.iter().map(|tag| (&tag.key, &tag.value)))
            }
            Event::Params { run_id, params, .. } => params
                .iter()
                .try_for_each(|param| self.item(run_id, Item::Param(param.key.clone(), param.value.clone()))),
            Event::Metrics { run_id, metrics, .. } => {
                metrics.iter().try_for_each(|metric| self.item(run_id, Item::Metric(metric.clone())))
            }
            Event::RunResumed { run_id, .. } => self.status(run_id, RunStatus::Running, None),
            Event::RunEnded { run_id, status, end_time } => self.status(run_id, *status, Some(*end_time)),
            Event::TagDeleted { run_id, key } => {
                self.of_run(run_id, "runs/delete-tag", json!({"run_id": run_id, "key": key}))
            }
            Event::Input { run_id, input, .. } => {
                let dataset = json!({"dataset": input.dataset, "tags": input.tags});
                self.of_run(run_id, "runs/log-inputs", json!({"run_id": run_id, "datasets": [dataset]}))
            }
            Event::ModelOutput { run_id, output } => {
                self.of_run(run_id, "runs/outputs", json!({"run_id": run_id, "models": [output]}))
            }
            Event::Artifact { owner, path, digest, .. } => self.file(owner, path, digest),
            Event::ArtifactDeleted { run_id, path } => {
                let gone = self.server.delete_file(&ArtifactOwner::Run(run_id.clone()), path);
                self.tolerate(run_id, gone)
            }
            Event::Document { run_id, kind, digest } => self.document(run_id, kind, digest),
            Event::ModelCreated { run_id, .. } => {
                let made = self.server.make_model(event);
                self.tolerate(run_id, made)
            }
            Event::ModelFinalized { model_id, status, .. } => {
                self.of_model(model_id, "", json!({"model_id": model_id, "status": status}))
            }
            Event::ModelTags { model_id, tags } => {
                self.of_model(model_id, "/tags", json!({"model_id": model_id, "tags": tags}))
            }
            Event::ExperimentTags { experiment, tags, .. } => self.experiment_tags(experiment, tags),
            // MLflow cannot move a run.
            Event::RunMoved { .. } => Ok(()),
            Event::ProcessStarted(_)
            | Event::RunOpened { .. }
            | Event::RunJoined { .. }
            | Event::RunAttended { .. }
            | Event::RunLeft { .. }
            | Event::Unknown => Ok(()),
        }
    }

    fn experiment_tags(&mut self, experiment: &ExperimentRef, tags: &[Tag]) -> Result<(), Error> {
        let id = self.server.experiment_id(experiment);
        let sent = id.and_then(|id| {
            tags.iter().try_for_each(|tag| {
                let body = json!({"experiment_id": id, "key": tag.key, "value": tag.value});
                self.server.call(Method::POST, "experiments/set-experiment-tag", &body).map(drop)
            })
        });
        self.tolerate("an experiment", sent)
    }

    fn tags<'b>(
        &mut self,
        run_id: &str,
        mut tags: impl Iterator<Item = (&'b String, &'b String)>,
    ) -> Result<(), Error> {
        tags.try_for_each(|(key, value)| self.item(run_id, Item::Tag(key.clone(), value.clone())))
    }

    fn item(&mut self, run_id: &str, item: Item) -> Result<(), Error> {
        match self.outbox.add(run_id, item) {
            Some(before) => self.batch(run_id, &before),
            None => Ok(()),
        }
    }

    fn status(&mut self, run_id: &str, status: RunStatus, end_time: Option<i64>) -> Result<(), Error> {
        let body = json!({"run_id": run_id, "status": status, "end_time": end_time});
        self.of_run(run_id, "runs/update", body)
    }

    /// A call about a run, behind all that was gathered for it.
    fn of_run(&mut self, run_id: &str, path: &str, body: Value) -> Result<(), Error> {
        let items = self.outbox.take(run_id);
        self.batch(run_id, &items)?;
        let sent = self.server.call(Method::POST, path, &self.server.in_server_ids(&body)).map(drop);
        self.tolerate(run_id, sent)
    }

    fn of_model(&mut self, model_id: &str, path: &str, body: Value) -> Result<(), Error> {
        let path = format!("logged-models/{}{path}", self.server.mlflow.ids.to_server(model_id));
        let sent = self.server.call(Method::PATCH, &path, &self.server.in_server_ids(&body)).map(drop);
        self.tolerate(model_id, sent)
    }

    fn file(&mut self, owner: &ArtifactOwner, path: &str, digest: &str) -> Result<(), Error> {
        let (ArtifactOwner::Run(id) | ArtifactOwner::Model(id)) = owner;
        let sent = self.server.send_file(owner, path, digest);
        self.tolerate(id, sent)
    }

    /// Facts beside a run become a file of it.
    fn document(&mut self, run_id: &str, kind: &str, digest: &str) -> Result<(), Error> {
        let bytes = self.server.blobs.read(digest).unwrap_or_default();
        let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(&bytes).is_ok();
        let path = format!("trackline/{}.{}", in_path(kind), if is_json { "json" } else { "txt" });
        self.file(&ArtifactOwner::Run(run_id.to_owned()), &path, digest)
    }

    /// Sends items to a run: together, and where the server refuses them, in halves, until those are alone that it
    /// does not take.
    fn batch(&mut self, run_id: &str, items: &[Item]) -> Result<(), Error> {
        if items.is_empty() {
            return Ok(());
        }
        let body = self.server.in_server_ids(&body(run_id, items));
        match self.server.call(Method::POST, "runs/log-batch", &body) {
            Err(Failure::Refused(refusal)) if items.len() > 1 && refusal.status != 404 => {
                let (first, second) = items.split_at(items.len() / 2);
                self.batch(run_id, first)?;
                self.batch(run_id, second)
            }
            sent => self.tolerate(run_id, sent.map(drop)),
        }
    }

    /// What the server refuses is left out: it would refuse it every time.
    fn tolerate(&mut self, owner: &str, sent: Result<(), Failure>) -> Result<(), Error> {
        let refusal = match sent {
            Ok(()) => return Ok(()),
            Err(Failure::Trouble(error)) => return Err(error),
            Err(Failure::Refused(refusal)) => refusal,
        };
        self.problems.note(left_out(owner, &refusal.message));
        let reason: String = refusal.message.chars().take(1000).collect();
        let tag = json!({"run_id": owner, "key": DROPPED_TAG, "value": reason});
        // If it takes no tag either, there is nobody to tell there.
        let _ = self.server.call(Method::POST, "runs/set-tag", &self.server.in_server_ids(&tag));
        Ok(())
    }
}
