//! The one background thread that carries this process's journal into the store.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use trackline_journal::Reader;

use crate::feed::Feed;
use crate::own_journal::Tail;
use crate::process::Process;
use crate::{Error, ErrorKind, fork, own_thread};

/// How the drain works towards a place.
#[derive(Debug)]
pub struct Pace {
    /// Between two batches while records keep coming: few transactions, yet a page that shows a run under way.
    gather: Duration,
    /// The longest time between two attempts.
    last_retry: Duration,
    /// How many attempts must fail before somebody who waits without a deadline is told.
    patience: u64,
}

impl Pace {
    pub const STORE: Self =
        Self { gather: Duration::from_millis(50), last_retry: Duration::from_secs(5), patience: 1 };
    pub const SERVER: Self =
        Self { gather: Duration::from_millis(500), last_retry: Duration::from_secs(30), patience: 4 };
}

/// How often a sleeping thread looks after the journals of forked children.
const LOOK: Duration = Duration::from_secs(1);
const FIRST_RETRY: Duration = Duration::from_millis(100);
/// How often somebody who waits looks whether the thread is still there.
const GLANCE: Duration = Duration::from_secs(5);

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
    /// How many ever have.
    calls: u64,
    closing: bool,
    /// What the store has, as [`Tail::end`].
    taken: (u64, u64),
    failures: u64,
    trouble: Option<Error>,
}

impl State {
    /// Whether time alone will not help.
    fn is_hopeless(&self) -> bool {
        let kind = self.trouble.as_ref().map(|error| error.kind);
        matches!(
            kind,
            Some(
                ErrorKind::ReadOnly
                    | ErrorKind::DiskFull
                    | ErrorKind::NewerVersion
                    | ErrorKind::Damaged
                    | ErrorKind::Denied
            )
        )
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
        state.calls += 1;
        self.changed.notify_all();
        let trouble = loop {
            if state.taken >= end {
                break None;
            }
            let failed = state.failures - failures;
            let patient = deadline.is_some() || failed < process.pace().patience;
            if (failed > 0 && (!patient || state.is_hopeless())) || !state.running {
                break state.trouble.clone();
            }
            let left = deadline.map_or(GLANCE, |at| at.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                break Some(too_late(process, state.taken, state.trouble.as_ref()));
            }
            state = self.pause(state, left);
        };
        state.waiting -= 1;
        let taken = state.taken;
        drop(state);
        match trouble {
            _ if taken >= end => Ok(()),
            Some(trouble) => Err(trouble),
            None => Err(too_late(process, taken, None)),
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
        // Before there is the thread: what it is to know of the environment is read here.
        let lease = process.lease();
        let process_of_thread = Arc::clone(process);
        let started = own_thread::start("trackline", move || run(&process_of_thread));
        match started {
            Ok(_) => {
                state.running = true;
                lease.into_iter().for_each(|lease| process.heart.start(process, lease));
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

    /// Rests up to `time` after a failure, less if somebody new asks for the end of it.
    fn rest_after_failure(&self, time: Duration) {
        let state = self.lock();
        let calls = state.calls;
        let _ = self.changed.wait_timeout_while(state, time, |state| state.calls == calls && !state.closing);
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
        let before = drain.taken();
        match carry(process, &mut feed, &mut recovered) {
            Ok(true) => {
                retry = FIRST_RETRY;
                process.problems.settle(ErrorKind::Unreachable);
                drain.rest(process.pace().gather);
            }
            Ok(false) if drain.lock().closing => break,
            Ok(false) => drain.sleep(process),
            Err(error) => {
                process.problems.note(error.clone());
                drain.failed(&error);
                if drain.lock().closing {
                    break;
                }
                if drain.taken() != before {
                    retry = FIRST_RETRY;
                }
                drain.rest_after_failure(jittered(retry));
                retry = (retry * 2).min(process.pace().last_retry);
            }
        }
    }
    // What is left, if anything, waits in the journal for the next process; so does the trouble with it.
    let _ = process.retire();
}

/// Carries all that is there now; false if there was nothing.
fn carry(process: &Process, feed: &mut Option<(u64, Feed)>, recovered: &mut bool) -> Result<bool, Error> {
    let moved = carry_own(process, feed)?;
    if (moved && !*recovered) || (fork::has_forked() && process.has_backend()) {
        process.bring_in(process.backend()?.sink())?;
        *recovered = true;
    }
    Ok(moved)
}

fn carry_own(process: &Process, feed: &mut Option<(u64, Feed)>) -> Result<bool, Error> {
    let mut moved = false;
    loop {
        // Not in one expression: the journal's lock would be held while carrying.
        let tail = process.journal().beyond(process.drain.taken());
        let Some(tail) = tail else { return Ok(moved) };
        carry_upto(process, feed, &tail)?;
        moved = true;
        if !tail.is_full {
            return Ok(moved);
        }
        process.remove_carried()?;
    }
}

fn carry_upto(process: &Process, feed: &mut Option<(u64, Feed)>, tail: &Tail) -> Result<(), Error> {
    let (epoch, limit) = tail.end;
    let backend = process.backend()?;
    if feed.as_ref().is_none_or(|(of, _)| *of != epoch) {
        *feed = Some((epoch, Feed::new(tail.id.clone(), Reader::open(&tail.path)?, backend.sink())?));
    }
    if let Some((_, feed)) = feed {
        feed.mark_written();
        while let Some(end) = feed.carry(backend.sink(), limit, &process.problems)? {
            process.drain.took((epoch, end));
        }
        if feed.position() < limit {
            let message = format!("the journal {} was cut while it was written", tail.path.display());
            return Err(Error::new(ErrorKind::Damaged, message));
        }
        process.drain.took((epoch, limit));
    }
    Ok(())
}

/// Half of the time to all of it, so that many processes do not knock at the same moment.
fn jittered(time: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish() % 1024;
    time / 2 + time * u32::try_from(random).unwrap_or(0) / 2048
}

/// What is left when the time is over, and where.
pub fn too_late(process: &Process, taken: (u64, u64), trouble: Option<&Error>) -> Error {
    let (left, first) = {
        let journal = process.journal();
        (journal.left(taken), journal.beyond(taken))
    };
    // Of several, the folder tells where they are.
    let place = first.filter(|tail| !tail.is_full).map(|tail| tail.path);
    let place = place.unwrap_or_else(|| process.folder().join("journals"));
    let why = trouble.map(|trouble| format!(" ({})", trouble.message)).unwrap_or_default();
    let message = format!(
        "not everything logged reached its place in time{why}: {:.1} kB are kept in {}; the next process that logs \
         to the same place brings them in, or `trackline sync`",
        left as f64 / 1000.0,
        place.display()
    );
    Error::new(ErrorKind::TimedOut, message)
}
