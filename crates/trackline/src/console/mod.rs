//! What the program writes to its console, as the document `console` of the runs that are open, and as the file
//! `console.log` when they end.
//!
//! The console itself is never touched. What Python writes is told by [`writes`]; where the output goes to a file, the file
//! is read back, with what C++ code and other processes wrote.

mod source;
mod watched;

use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use trackline_capture::console::Console;

use crate::fork::PerProcess;
use crate::run::RunState;
use crate::{Error, RunHandle, own_thread};
use source::Source;
pub use source::Stream;
use watched::Watched;

/// How often the output is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// What waits to be looked at, at most: more is written only while the disk stands still.
const MAX_WAITING: usize = 4 << 20;

/// The one recorder of this process.
fn recorder() -> &'static Recorder {
    static RECORDERS: OnceLock<PerProcess<Recorder>> = OnceLock::new();
    RECORDERS.get_or_init(|| PerProcess::new(Recorder::default())).get(Recorder::default)
}

/// The kind of the document: `console`, or `console.rank-1` of a rank that attends the run only.
pub(crate) fn name(run: &RunState) -> String {
    run.part().name("console")
}

/// Python is about to write this to its standard output or error. Where no run listens, that costs a lock and no more.
pub fn writes(stream: Stream, bytes: &[u8]) {
    let mut inbox = locked(&recorder().inbox);
    if inbox.open && inbox.waiting + bytes.len() <= MAX_WAITING {
        inbox.waiting += bytes.len();
        inbox.written.push((stream, bytes.to_vec()));
    }
}

/// Listens for the run from now on.
pub(crate) fn watch(run: &RunHandle) {
    let recorder = recorder();
    let mut state = locked(&recorder.state);
    if state.watched.iter().any(|watched| watched.is(run.id())) {
        return;
    }
    // What was written before belongs to those that listened then.
    recorder.take(&mut state);
    if state.watched.is_empty() {
        state.source = Source::of_this_process();
    }
    state.watched.push(Watched::new(run));
    locked(&recorder.inbox).open = true;
    if !std::mem::replace(&mut state.running, true) {
        let started = own_thread::start("trackline-console", || recorder.show_until_the_end());
        if let Err(error) = started {
            state.running = false;
            run.process().problems.note(Error::io("start the thread that reads the console", &error));
        }
    }
}

/// The run ends: all that was written for it, if it listened.
pub(crate) fn finish(run_id: &str) -> Option<Console> {
    let recorder = recorder();
    let mut state = locked(&recorder.state);
    let at = state.watched.iter().position(|watched| watched.is(run_id))?;
    recorder.take(&mut state);
    let rest = state.source.unread();
    let mut console = state.watched.remove(at).console;
    console.write(&rest);
    recorder.ended.notify_all();
    Some(console)
}

/// What threads that write, and the one that shows, have in common.
#[derive(Debug, Default)]
struct Recorder {
    inbox: Mutex<Inbox>,
    state: Mutex<State>,
    ended: Condvar,
}

/// Held for moments only: the user's threads wait for it.
#[derive(Debug, Default)]
struct Inbox {
    open: bool,
    waiting: usize,
    written: Vec<(Stream, Vec<u8>)>,
}

#[derive(Debug, Default)]
struct State {
    watched: Vec<Watched>,
    source: Source,
    running: bool,
}

impl Recorder {
    /// Hands out what was written since the last time. What is about to be written is known before it is in a file.
    fn take(&self, state: &mut State) {
        let written = {
            let mut inbox = locked(&self.inbox);
            inbox.waiting = 0;
            std::mem::take(&mut inbox.written)
        };
        let State { watched, source, .. } = state;
        let mut hand_out = |bytes: &[u8]| watched.iter_mut().for_each(|watched| watched.write(bytes));
        for (stream, bytes) in written {
            if !source.expects(stream, &bytes) {
                hand_out(&bytes);
            }
        }
        source.read(hand_out);
    }

    /// Shows the runs what was written, until none is open.
    fn show_until_the_end(&self) {
        let mut state = locked(&self.state);
        loop {
            state = self.ended.wait_timeout(state, LOOK).unwrap_or_else(PoisonError::into_inner).0;
            state.watched.retain(Watched::is_open);
            if state.watched.is_empty() {
                state.running = false;
                *locked(&self.inbox) = Inbox::default();
                return;
            }
            self.take(&mut state);
            let due: Vec<_> = state.watched.iter_mut().filter_map(Watched::due).collect();
            drop(state);
            due.into_iter().for_each(|(run, text)| run.keep_document(&name(&run.state), text.as_bytes()));
            state = locked(&self.state);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
