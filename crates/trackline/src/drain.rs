//! The one background thread that carries this process's journal into the store.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use trackline_journal::Reader;

use crate::feed::Feed;
use crate::process::Process;
use crate::{Error, ErrorKind, fork};

/// Between two batches while records keep coming: few transactions, yet a page that shows a run under way.
const GATHER: Duration = Duration::from_millis(50);
/// How often a sleeping thread looks after the journals of forked children.
const LOOK: Duration = Duration::from_secs(1);
const FIRST_RETRY: Duration = Duration::from_millis(100);
const LAST_RETRY: Duration = Duration::from_secs(5);

/// What callers' threads and the drain's thread tell each other.
#[derive(Debug)]
pub struct Drain {
    /// Whether the thread waits for the next record (or does not exist yet). Read without the lock by every
    /// append, which holds the journal's lock before; the thread sets it before it takes that lock to look.
    asleep: AtomicBool,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    running: bool,
    /// How many callers wait.
    waiting: usize,
    closing: bool,
    /// What the store has, as [`Tail::end`](crate::own_journal::Tail).
    taken: (u64, u64),
    failures: u64,
    trouble: Option<Error>,
}

impl State {
    /// Whether time alone will not help.
    fn is_hopeless(&self) -> bool {
        let kind = self.trouble.as_ref().map(|error| error.kind);
        matches!(kind, Some(ErrorKind::ReadOnly | ErrorKind::NewerVersion | ErrorKind::Damaged))
    }
}

impl Default for Drain {
    fn default() -> Self {
        Self { asleep: AtomicBool::new(true), state: Mutex::default(), changed: Condvar::new() }
    }
}

impl Drain {
    /// Something was appended.
    pub fn wake(&self, process: &Arc<Process>) {
        if self.asleep.load(Ordering::Relaxed) && self.asleep.swap(false, Ordering::Relaxed) {
            let mut state = self.lock();
            self.ensure_running(&mut state, process);
            self.changed.notify_all();
        }
    }

    /// Starts the thread, which also looks after what forked children append.
    pub fn start(&self, process: &Arc<Process>) {
        self.ensure_running(&mut self.lock(), process);
    }

    /// Nothing will be appended any more: what is left is carried, then the thread ends.
    pub fn close(&self) {
        self.lock().closing = true;
        self.changed.notify_all();
    }

    /// What the store has.
    pub fn taken(&self) -> (u64, u64) {
        self.lock().taken
    }

    /// Waits until the store has everything up to `end`.
    ///
    /// # Errors
    /// The trouble if carrying fails while this waits (with a deadline: if it will go on failing); that, or
    /// `TimedOut`, at the deadline.
    pub fn wait(
        &self,
        process: &Arc<Process>,
        end: (u64, u64),
        deadline: Option<Instant>,
    ) -> Result<(), Error> {
        let mut state = self.lock();
        if state.taken >= end {
            return Ok(());
        }
        self.ensure_running(&mut state, process);
        let failures = state.failures;
        state.waiting += 1;
        self.changed.notify_all();
        let trouble = loop {
            if state.taken >= end {
                break None;
            }
            let failed = state.failures > failures && (deadline.is_none() || state.is_hopeless());
            if failed || !state.running {
                break state.trouble.clone();
            }
            let left = deadline.map_or(LAST_RETRY, |at| at.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                break state.trouble.clone();
            }
            state = self.pause(state, left);
        };
        state.waiting -= 1;
        let taken = state.taken;
        drop(state);
        match trouble {
            _ if taken >= end => Ok(()),
            Some(trouble) => Err(trouble),
            None => Err(too_late(process)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pause<'a>(&'a self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        self.changed.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner).0
    }

    fn ensure_running(&self, state: &mut State, process: &Arc<Process>) {
        if state.running {
            return;
        }
        let process_of_thread = Arc::clone(process);
        let started =
            thread::Builder::new().name("trackline".to_owned()).spawn(move || run(&process_of_thread));
        match started {
            Ok(_) => {
                state.running = true;
                self.asleep.store(false, Ordering::Relaxed);
            }
            Err(error) => {
                // The next append tries again.
                self.asleep.store(true, Ordering::Relaxed);
                let error = Error::io("start the thread that carries the journal into the store", &error);
                state.trouble = Some(error.clone());
                process.problems.note(error);
            }
        }
    }

    fn took(&self, end: (u64, u64)) {
        let mut state = self.lock();
        state.taken = end;
        state.trouble = None;
        self.changed.notify_all();
    }

    /// Rests up to `time`, less if somebody waits or nothing more will come.
    fn rest(&self, time: Duration) {
        let end = Instant::now() + time;
        let mut state = self.lock();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || state.waiting > 0 || state.closing {
                return;
            }
            state = self.pause(state, left);
        }
    }

    /// Sleeps until there is something to do, or to look after forked children.
    fn sleep(&self, process: &Process) {
        self.asleep.store(true, Ordering::Relaxed);
        let end = process.journal().tail().map(|tail| tail.end);
        let state = self.lock();
        let _ = self.changed.wait_timeout_while(state, LOOK, |state| {
            let all = end.is_none_or(|end| end <= state.taken);
            all && self.asleep.load(Ordering::Relaxed) && !state.closing
        });
        self.asleep.store(false, Ordering::Relaxed);
    }

    fn failed(&self, error: &Error) {
        let mut state = self.lock();
        state.failures += 1;
        state.trouble = Some(error.clone());
        self.changed.notify_all();
    }
}

/// However the thread ends, nobody waits for it then, and the next append starts another one.
struct Running<'a>(&'a Drain);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.lock().running = false;
        self.0.asleep.store(true, Ordering::Relaxed);
        self.0.changed.notify_all();
    }
}

fn run(process: &Process) {
    let drain = &process.drain;
    let _running = Running(drain);
    let mut recovered = false;
    let mut feed = None;
    let mut retry = FIRST_RETRY;
    loop {
        match carry(process, &mut feed, &mut recovered) {
            Ok(true) => {
                retry = FIRST_RETRY;
                drain.rest(GATHER);
            }
            Ok(false) if drain.lock().closing => break,
            Ok(false) => drain.sleep(process),
            Err(error) => {
                process.problems.note(error.clone());
                drain.failed(&error);
                if drain.lock().closing {
                    break;
                }
                drain.rest(retry);
                retry = (retry * 2).min(LAST_RETRY);
            }
        }
    }
    // What is left, if anything, waits in the journal for the next process; so does the trouble with it.
    let _ = process.retire();
}

/// Carries all that is there now; false if there was nothing.
fn carry(process: &Process, feed: &mut Option<(u64, Feed)>, recovered: &mut bool) -> Result<bool, Error> {
    let moved = carry_own(process, feed)?;
    if (moved && !*recovered) || (fork::has_forked() && process.has_store()) {
        process.bring_in(&process.store()?)?;
        *recovered = true;
    }
    Ok(moved)
}

fn carry_own(process: &Process, feed: &mut Option<(u64, Feed)>) -> Result<bool, Error> {
    let Some(tail) = process.journal().tail() else { return Ok(false) };
    let (epoch, limit) = tail.end;
    if tail.end <= process.drain.taken() {
        return Ok(false);
    }
    let store = process.store()?;
    if feed.as_ref().is_none_or(|(of, _)| *of != epoch) {
        *feed = Some((epoch, Feed::new(tail.id, Reader::open(&tail.path)?, &store)?));
    }
    if let Some((_, feed)) = feed {
        while let Some(end) = feed.carry(&store, limit, &process.problems)? {
            process.drain.took((epoch, end));
        }
        if feed.position() < limit {
            let message = format!("the journal {} was cut while it was written", tail.path.display());
            return Err(Error::new(ErrorKind::Damaged, message));
        }
        process.drain.took((epoch, limit));
    }
    Ok(true)
}

fn too_late(process: &Process) -> Error {
    let journal = process.journal().tail().map(|tail| tail.path.display().to_string()).unwrap_or_default();
    let message = format!(
        "not everything reached the store in time: the rest is kept in {journal}, the next run or \
         `trackline ui` brings it in"
    );
    Error::new(ErrorKind::TimedOut, message)
}
