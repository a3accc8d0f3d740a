//! A server that speaks MLflow's REST API only: records become its calls. It gives runs and models ids of its own,
//! and cannot count what it has of a journal; both stand in the spool.
//!
//! What is sent again after an outage counts once: it drops points that it has, params and tags of the same value
//! change nothing, a file takes the place of itself, and a run is looked for by its tag before it is made.

mod files;
mod ids;
mod make;
mod outbox;
mod progress;
mod translate;

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};
use trackline_journal::Reader;
use trackline_model::{Exit, RunStatus};
use ureq::http::Method;

pub use ids::Ids;
use progress::{Context, Progress};
use translate::Translation;

use super::Server;
use super::http::Failure;
use crate::Error;
use crate::problems::Problems;
use crate::sink::Batch;

/// The tags by which a run and a model are found that may have been made before an answer was lost.
const RUN_TAG: &str = "trackline.run_id";
const MODEL_TAG: &str = "trackline.model_id";
/// The tag that says what the server refused.
const DROPPED_TAG: &str = "trackline.dropped";

/// What is known of a server in one process.
#[derive(Debug)]
pub struct Mlflow {
    pub ids: Ids,
    progress: Progress,
    contexts: Mutex<HashMap<String, Context>>,
    /// By name.
    experiments: Mutex<HashMap<String, String>>,
    /// Where the files of a run or a model go, by the server's id.
    roots: Mutex<HashMap<String, String>>,
    /// The digest that a batch sent to each path: where it is sent again after an outage, files are left out.
    sent: Mutex<HashMap<String, String>>,
}

impl Mlflow {
    pub fn new(spool: &Path) -> Self {
        Self {
            ids: Ids::new(spool.join("ids")),
            progress: Progress { folder: spool.join("sent") },
            contexts: Mutex::default(),
            experiments: Mutex::default(),
            roots: Mutex::default(),
            sent: Mutex::default(),
        }
    }
}

impl Server {
    pub(super) fn begin_mlflow(&self, journal_id: &str, reader: &mut Reader) -> Result<(), Error> {
        let offset = self.mlflow.progress.of(journal_id)?;
        let context = Context::read(reader, offset)?;
        locked(&self.mlflow.contexts).insert(journal_id.to_owned(), context);
        reader.seek(offset);
        Ok(())
    }

    pub(super) fn take_mlflow(&self, batch: &Batch<'_>, problems: &Problems) -> Result<(), Error> {
        let context = locked(&self.mlflow.contexts).get(batch.journal_id).cloned().unwrap_or_default();
        let mut translation = Translation::new(self, problems, context);
        batch.records.iter().try_for_each(|record| translation.send(record))?;
        let context = translation.finish()?;
        self.mlflow.progress.set(batch.journal_id, batch.upto)?;
        locked(&self.mlflow.sent).clear();
        locked(&self.mlflow.contexts).insert(batch.journal_id.to_owned(), context);
        Ok(())
    }

    /// The runs that a process had open end with it.
    pub(super) fn end_process_mlflow(&self, journal_id: &str, time: i64, exit: &Exit) -> Result<(), Error> {
        let open = locked(&self.mlflow.contexts).get(journal_id).map(|context| context.open.clone());
        for run_id in open.unwrap_or_default() {
            let run_id = self.mlflow.ids.to_server(&run_id).into_owned();
            let tags: Vec<Value> =
                exit.tags().iter().map(|tag| json!({"key": tag.key, "value": tag.value})).collect();
            let ending = json!({"run_id": run_id, "status": RunStatus::Killed, "end_time": time});
            for (path, body) in
                [("runs/log-batch", json!({"run_id": run_id, "tags": tags})), ("runs/update", ending)]
            {
                match self.call(Method::POST, path, &body) {
                    // A run that is no longer there needs no end.
                    Ok(_) | Err(Failure::Refused(_)) => {}
                    Err(Failure::Trouble(error)) => return Err(error),
                }
            }
        }
        Ok(())
    }

    pub(super) fn forget_mlflow(&self, journal_id: &str) {
        self.mlflow.progress.forget(journal_id);
        locked(&self.mlflow.contexts).remove(journal_id);
    }

    /// One of MLflow's endpoints, once.
    fn call(&self, method: Method, path: &str, body: &Value) -> Result<Value, Failure> {
        self.http.json(method, &format!("/api/2.0/mlflow/{path}"), Some(body))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
