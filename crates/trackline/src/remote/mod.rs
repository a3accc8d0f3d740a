//! A server as the place that a tracker logs to: Trackline's own, or any that speaks MLflow's REST API.

mod address;
mod client;
mod http;
mod mlflow;
mod own;
mod settings;
mod spool;
mod spool_place;
mod trust;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use trackline_journal::Reader;
use trackline_model::Exit;
use trackline_store::Blobs;
use ureq::http::Method;

pub use address::Address;
pub(crate) use address::without_credentials;
use http::{Failure, Http};
use mlflow::Mlflow;

use crate::problems::Problems;
use crate::sink::{BATCH, Batch, Sink};
use crate::{Error, ErrorKind};

/// What a server that knows MLflow's calls only takes in a few of them: where many fail, each batch gets through all the same.
const MLFLOW_BATCH: usize = 1_000;

/// A server that a tracker logs to. What kind it is shows when it is first reached.
#[derive(Debug)]
pub struct Server {
    http: Http,
    spool: PathBuf,
    blobs: Blobs,
    kind: Mutex<Option<Kind>>,
    mlflow: Mlflow,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Takes journals as they are.
    Trackline,
    /// Knows MLflow's calls only.
    Mlflow,
}

impl Server {
    /// Nothing is sent yet.
    pub fn new(address: &Address) -> Result<Self, Error> {
        let spool = address.spool.clone();
        address
            .prepare_spool()
            .map_err(|error| Error::io(&format!("write to the spool {}", spool.display()), &error))?;
        let blobs = Blobs::in_folder(&spool.join("blobs"))?;
        let mlflow = Mlflow::new(&spool);
        Ok(Self { http: Http::new(address)?, spool, blobs, kind: Mutex::default(), mlflow })
    }

    /// Its address, without credentials.
    pub fn url(&self) -> &str {
        self.http.url()
    }

    fn kind(&self) -> Result<Kind, Error> {
        let mut kind = self.kind.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kind) = *kind {
            return Ok(kind);
        }
        let found = match self.http.json(Method::GET, "/api/trackline/journals/none", None) {
            Ok(answer) if answer.get("drained").is_some_and(Value::is_u64) => Kind::Trackline,
            Err(Failure::Refused(refusal)) if refusal.status == 404 => Kind::Mlflow,
            Ok(_) | Err(Failure::Refused(_)) => {
                let message = format!("{} is no tracking server that is known here", self.http.url());
                return Err(Error::new(ErrorKind::Unreachable, message));
            }
            Err(Failure::Trouble(error)) => return Err(error),
        };
        *kind = Some(found);
        Ok(found)
    }
}

impl Sink for Server {
    fn batch(&self) -> usize {
        if self.kind().is_ok_and(|kind| kind == Kind::Mlflow) { MLFLOW_BATCH } else { BATCH }
    }

    fn begin(&self, journal_id: &str, reader: &mut Reader) -> Result<(), Error> {
        match self.kind()? {
            Kind::Trackline => self.begin_own(journal_id, reader),
            Kind::Mlflow => self.begin_mlflow(journal_id, reader),
        }
    }

    fn take(&self, batch: &Batch<'_>, problems: &Problems) -> Result<(), Error> {
        match self.kind()? {
            Kind::Trackline => self.take_own(batch, problems),
            Kind::Mlflow => self.take_mlflow(batch, problems),
        }
    }

    /// What a living journal speaks of is told when it is taken.
    fn claim(&self, _journal_id: &str, _reader: &mut Reader) -> Result<(), Error> {
        Ok(())
    }

    fn end_process(&self, journal_id: &str, time: i64, exit: &Exit) -> Result<(), Error> {
        match self.kind()? {
            Kind::Trackline => self.end_process_own(journal_id, time, exit),
            Kind::Mlflow => self.end_process_mlflow(journal_id, time, exit),
        }
    }

    fn hear_from(&self, journal_id: &str, lease: Duration) -> Result<(), Error> {
        match self.kind()? {
            Kind::Trackline => self.hear_from_own(journal_id, lease),
            Kind::Mlflow => Ok(()),
        }
    }

    fn forget(&self, journal_id: &str) -> Result<(), Error> {
        spool::sweep(&self.spool, &self.blobs);
        match self.kind()? {
            // All of it is there; if this call fails, only the claim on runs of others stays.
            Kind::Trackline => drop(self.close_own(journal_id)),
            Kind::Mlflow => self.forget_mlflow(journal_id),
        }
        Ok(())
    }
}
