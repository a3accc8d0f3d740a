//! The one background thread that reads the machine for the runs of this process.

mod settings;
mod watched;

use std::convert::Infallible;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use trackline_capture::system::Sampler;

use crate::{Error, RunHandle, own_thread};
pub use settings::enabled;
use settings::{SHORTEST, Settings};
use watched::Watched;

/// From the start of a run to its first sample: shorter runs have none.
const FIRST: Duration = Duration::from_secs(1);
/// Between two samples, unless the environment says otherwise.
const INTERVAL: Duration = Duration::from_secs(10);
/// What is sampled costs this part of a processor at most: the interval grows where a sample is dear.
const BUDGET: u32 = 1000;

/// The thread, if there is one: it comes with the first run and goes after the last one.
#[derive(Debug, Default)]
pub struct SystemMetrics(Mutex<Option<Thread>>);

#[derive(Debug)]
struct Thread {
    runs: Sender<Watched>,
    /// Disconnected when the thread has ended.
    ended: Receiver<Infallible>,
}

impl SystemMetrics {
    /// Logs what the machine does to the run until it ends, beginning with this step.
    pub fn watch(self: &Arc<Self>, run: &RunHandle, step: i64) {
        let mut watched = Watched::new(run, step, Settings::from_environment());
        let mut thread = self.lock();
        if let Some(thread) = &*thread {
            match thread.runs.send(watched) {
                Ok(()) => return,
                Err(back) => watched = back.0,
            }
        }
        let (runs, receiver) = channel();
        let (end, ended) = channel();
        // It cannot fail: the receiver is here.
        let _ = runs.send(watched);
        let (own, folder) = (Arc::clone(self), run.process().folder().to_owned());
        let started = own_thread::start("trackline-system", move || {
            let _end: Sender<Infallible> = end;
            work(&own, folder, &receiver);
        });
        match started {
            Ok(_) => *thread = Some(Thread { runs, ended }),
            Err(error) => {
                run.process().problems.note(Error::io("start the thread that reads the machine", &error));
            }
        }
    }

    /// Ends the thread, and waits for that no longer than `within`: a device or a disk may hang.
    pub fn stop(&self, within: Duration) {
        let thread = self.lock().take();
        if let Some(Thread { runs, ended }) = thread {
            drop(runs);
            let _ = ended.recv_timeout(within);
        }
    }

    /// What came while the thread was about to end; if nothing did, it is none any more.
    fn last_call(&self, receiver: &Receiver<Watched>) -> Option<Watched> {
        // Runs are sent under this lock, so that none comes in between.
        let mut thread = self.lock();
        let run = receiver.try_recv();
        // Disconnected, it was stopped, and what is there may be another one.
        if run.as_ref().is_err_and(|error| *error == TryRecvError::Empty) {
            *thread = None;
        }
        run.ok()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Thread>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn work(own: &SystemMetrics, folder: PathBuf, receiver: &Receiver<Watched>) {
    let Some(sampler) = Sampler::new(&folder) else { return };
    let mut watch = Watch { sampler, sampled: None, runs: Vec::new() };
    loop {
        let due = watch.runs.iter().map(|run| run.due).min();
        let left = due.map_or(Duration::ZERO, |due| due.saturating_duration_since(Instant::now()));
        match receiver.recv_timeout(left) {
            Ok(run) => watch.begin(run),
            Err(RecvTimeoutError::Timeout) if !watch.runs.is_empty() => watch.log(),
            Err(RecvTimeoutError::Timeout) => match own.last_call(receiver) {
                Some(run) => watch.begin(run),
                None => return,
            },
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// What the thread has.
struct Watch {
    sampler: Sampler,
    /// When the last sample was taken.
    sampled: Option<Instant>,
    runs: Vec<Watched>,
}

impl Watch {
    /// Remembers where the sums stand.
    fn begin(&mut self, mut run: Watched) {
        if self.runs.iter().all(|known| known.id() != run.id()) {
            self.sample();
            run.begin_with(self.sampler.readings());
            self.runs.push(run);
        }
    }

    /// Logs a sample to each open run whose turn it is.
    fn log(&mut self) {
        self.runs.retain(Watched::is_open);
        if self.runs.is_empty() {
            return;
        }
        // Not before a run has lasted a while: this may take a second.
        self.sampler.open_devices();
        self.sample();
        let now = Instant::now();
        let usual = INTERVAL.max(self.sampler.cost() * BUDGET);
        for run in self.runs.iter_mut().filter(|run| run.due <= now) {
            run.log(self.sampler.readings());
            run.due = now + run.settings.interval.unwrap_or(usual);
        }
    }

    fn sample(&mut self) {
        if self.sampled.is_none_or(|at| at.elapsed() >= SHORTEST / 2) {
            self.sampler.sample();
            self.sampled = Some(Instant::now());
        }
    }
}
