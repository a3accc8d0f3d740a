use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_postgres::Config;
use tokio_postgres_rustls::MakeRustlsConnect;

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
    pub fn new(config: Config, tls: MakeRustlsConnect, patience: Duration) -> Self {
        Self { config, tls, patience, state: Mutex::default(), freed: Condvar::new() }
    }

    /// Runs `work` with a connection that nobody else uses meanwhile: an idle one if there is one, unless it must be
    /// `fresh`. It is kept if it is sound at the end.
    pub fn with<T>(&self, fresh: bool, work: impl FnOnce(&Session) -> Result<T>) -> Result<T> {
        let taken = self.take(fresh)?;
        // A panic in the work gives the place back, and drops the connection in the middle of its transaction.
        let place = Place(self);
        let session = match taken {
            Some(session) => session,
            None => Session::open(&self.config, self.tls.clone(), self.patience)?,
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
                session.listen();
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

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
