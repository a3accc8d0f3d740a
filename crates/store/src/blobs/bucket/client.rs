use std::error::Error as Cause;
use std::future::Future;
use std::sync::Arc;

use object_store::path::Path;
use tokio::runtime::{Builder, Runtime};

use super::{Bucket, Provider};
use crate::{Error, ErrorKind, Result};

/// Calls to an object store. Cheap to clone; calls block.
#[derive(Clone)]
pub(super) struct Client {
    pub provider: Arc<dyn Provider>,
    pub prefix: Path,
    clock: Arc<Clock>,
    address: Arc<str>,
}

impl Client {
    pub fn new(bucket: &Bucket) -> Result<Self> {
        Ok(Self {
            provider: bucket.provider()?,
            prefix: bucket.prefix()?,
            clock: Arc::new(Clock::new()?),
            address: bucket.address().into(),
        })
    }

    /// Waits for a call; `what` it does is said if it fails.
    pub fn wait<T>(&self, what: &str, call: impl Future<Output = object_store::Result<T>>) -> Result<T> {
        let _timers = self.clock.0.as_ref().map(Runtime::enter);
        pollster::block_on(call).map_err(|error| failed(&format!("{what} in {}", self.address), &error))
    }
}

/// Keeps the time between two tries of a request.
struct Clock(Option<Runtime>);

impl Clock {
    fn new() -> Result<Self> {
        let clock = Builder::new_multi_thread().worker_threads(1).thread_name("bucket").enable_time().build();
        clock.map(Some).map(Self).map_err(|error| Error::io("start a thread for the bucket", &error))
    }
}

impl Drop for Clock {
    /// In an asynchronous context too, where a runtime must not be waited for.
    fn drop(&mut self) {
        if let Some(clock) = self.0.take() {
            clock.shutdown_background();
        }
    }
}

/// What went wrong while doing `what`, with all reasons that are known.
pub(super) fn failed(what: &str, error: &object_store::Error) -> Error {
    use object_store::Error as E;
    let reasons = reasons(error);
    // Of a list that fails, only the text says how the server answered.
    let answered = |status: &str| reasons.contains(&format!("status code: {status}"));
    let (kind, advice) = match error {
        E::PermissionDenied { .. } | E::Unauthenticated { .. } => (ErrorKind::Denied, CREDENTIALS),
        _ if answered("401") || answered("403") => (ErrorKind::Denied, CREDENTIALS),
        E::NotFound { .. } => (ErrorKind::NotFound, ""),
        _ if answered("404") => (ErrorKind::NotFound, " Make the bucket, or correct its name."),
        E::InvalidPath { .. } | E::UnknownConfigurationKey { .. } => (ErrorKind::Invalid, ""),
        E::NotSupported { .. } | E::NotImplemented { .. } => (ErrorKind::Io, ""),
        _ => (ErrorKind::Unavailable, " Try again; nothing was recorded."),
    };
    Error::new(kind, format!("Cannot {what}: {reasons}.{advice}"))
}

const CREDENTIALS: &str = " Check the credentials in the environment of the server, and what they allow.";

/// The error and its causes; most messages hold those of their causes.
fn reasons(error: &dyn Cause) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let reason = inner.to_string();
        if !text.contains(&reason) {
            text = format!("{text}: {reason}");
        }
        cause = inner.source();
    }
    text.trim_end_matches('.').to_owned()
}
