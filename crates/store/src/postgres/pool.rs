use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::translate;
use super::session::Session;
use crate::{Error, ErrorKind, Result};

/// How many connections a process has at most: several servers share what the database allows, by default 100.
const MOST: usize = 16;
/// About as long as it takes to open a connection and to prepare on it what is asked most. Who is given another's by then
/// has an answer sooner, and the database has fewer processes.
const OPENING: Duration = Duration::from_millis(10);
/// How long a call waits for a connection that others use.
const PATIENCE: Duration = Duration::from_secs(30);

/// Connections, opened when needed and kept when idle.
pub(super) struct Pool {
    config: Config,
    tls: MakeRustlsConnect,
    /// How long an answer may take.
    patience: Duration,
    /// Carries the bytes of all connections. Callers wait on their own threads.
    carrier: Option<Runtime>,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Session>,
    /// How many there are, idle or in use.
    count: usize,
}

impl Pool {
    pub fn new(config: Config, tls: MakeRustlsConnect, patience: Duration) -> Result<Self> {
        let carrier =
            Builder::new_multi_thread().worker_threads(1).thread_name("postgres").enable_all().build();
        let carrier = carrier.map_err(|error| Error::io("start a thread for the database", &error))?;
        Ok(Self {
            config,
            tls,
            patience,
            carrier: Some(carrier),
            state: Mutex::default(),
            freed: Condvar::new(),
        })
    }

    /// Runs `work` with a connection that nobody else uses meanwhile: an idle one if there is one, unless it must be
    /// `fresh`. It is kept if it is sound at the end.
    pub fn with<T>(&self, fresh: bool, work: impl FnOnce(&Session) -> Result<T>) -> Result<T> {
        let taken = self.take(fresh)?;
        // A panic in the work gives the place back, and drops the connection in the middle of its transaction.
        let place = Place(self);
        let session = match taken {
            Some(session) => session,
            None => self.connect()?,
        };
        let result = work(&session);
        if session.is_sound() {
            place.keep(session);
        }
        result
    }

    /// An idle connection, or the right to open one.
    fn take(&self, fresh: bool) -> Result<Option<Session>> {
        let begin = Instant::now();
        let mut state = self.lock();
        loop {
            if fresh {
                // What is idle has most likely met the same fate as the connection that failed.
                state.count -= state.idle.len();
                state.idle.clear();
            }
            while let Some(session) = state.idle.pop() {
                if session.is_sound() {
                    return Ok(Some(session));
                }
                state.count -= 1;
            }
            let (waited, may_open) = (begin.elapsed(), state.count < MOST);
            if may_open && (fresh || state.count == 0 || waited >= OPENING) {
                state.count += 1;
                return Ok(None);
            }
            if waited >= PATIENCE {
                return Err(Error::new(
                    ErrorKind::Unavailable,
                    format!("All {MOST} connections to the database were busy for {PATIENCE:?}. Try again."),
                ));
            }
            let left = if may_open { OPENING } else { PATIENCE }.saturating_sub(waited);
            (state, _) = self.freed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn connect(&self) -> Result<Session> {
        let Some(carrier) = &self.carrier else {
            return Err(Error::new(ErrorKind::Io, "The connections to the database are closed."));
        };
        let (config, tls) = (self.config.clone(), self.tls.clone());
        let connecting = carrier.spawn(async move {
            let (client, connection) = config.connect(tls).await?;
            // How it ends is seen by whoever waits for an answer.
            tokio::spawn(async { drop(connection.await) });
            Ok(client)
        });
        match pollster::block_on(connecting) {
            Ok(Ok(client)) => Ok(Session::new(client, carrier.handle().clone(), self.patience)),
            Ok(Err(error)) => Err(translate(&error)),
            Err(error) => {
                Err(Error::new(ErrorKind::Io, format!("Connecting to the database failed: {error}.")))
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pool {
    /// In an asynchronous context too, where a runtime must not be waited for.
    fn drop(&mut self) {
        if let Some(carrier) = self.carrier.take() {
            carrier.shutdown_background();
        }
    }
}

/// The right to one connection.
struct Place<'a>(&'a Pool);

impl Place<'_> {
    fn keep(&self, session: Session) {
        let mut state = self.0.lock();
        state.idle.push(session);
        state.count += 1;
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.lock().count -= 1;
        self.0.freed.notify_one();
    }
}
