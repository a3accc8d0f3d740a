//! Tells a Trackline server that this process lives, which no lock shows there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::process::Process;
use crate::{Error, own_thread};

/// A lease is renewed so many times before it ends.
const BEATS: u32 = 4;
/// The first beat comes soon: a machine may go down at any time.
const FIRST: Duration = Duration::from_secs(1);

/// The thread, which lives as long as there is a journal. It is not the drain's: a large file may keep that one for long.
#[derive(Debug, Default)]
pub struct Heart {
    beats: AtomicBool,
}

impl Heart {
    /// Starts it, if it does not beat already.
    pub fn start(&self, process: &Arc<Process>, lease: Duration) {
        if self.beats.swap(true, Ordering::Relaxed) {
            return;
        }
        let process_of_thread = Arc::clone(process);
        let started = own_thread::start("trackline-heart", move || {
            beat(&process_of_thread, lease);
            process_of_thread.heart.beats.store(false, Ordering::Relaxed);
        });
        if let Err(error) = started {
            self.beats.store(false, Ordering::Relaxed);
            process.problems.note(Error::io("start the thread that tells the server that we live", &error));
        }
    }
}

fn beat(process: &Process, lease: Duration) {
    let mut pause = FIRST.min(lease / BEATS);
    loop {
        thread::sleep(pause);
        pause = lease / BEATS;
        let Some(tail) = process.journal().tail() else { return };
        // Whether the server is there is the drain's business.
        let _ = process.backend().and_then(|backend| backend.sink().hear_from(&tail.id, lease));
    }
}
