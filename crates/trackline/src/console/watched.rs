use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use trackline_capture::console::Console;

use crate::run::RunState;
use crate::tracker::Shared;
use crate::{RunHandle, Source};

/// How much shows of a run that is under way.
const SHOWN: usize = 16 << 10;
/// Between two times that it is shown: longer, the longer it goes on.
const SHORTEST: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(60);

/// A run that listens. It keeps no tracker alive.
#[derive(Debug)]
pub struct Watched {
    shared: Weak<Shared>,
    state: Arc<RunState>,
    pub console: Console,
    began: Instant,
    shown: Instant,
    changed: bool,
}

impl Watched {
    pub fn new(run: &RunHandle) -> Self {
        let now = Instant::now();
        let (shared, state) = (Arc::downgrade(&run.shared), Arc::clone(&run.state));
        Self { shared, state, console: Console::default(), began: now, shown: now, changed: false }
    }

    pub fn is(&self, run_id: &str) -> bool {
        self.state.id == run_id
    }

    pub fn is_open(&self) -> bool {
        self.shared.strong_count() > 0 && self.state.is_open_here()
    }

    pub fn write(&mut self, bytes: &[u8]) {
        self.console.write(bytes);
        self.changed = true;
    }

    /// What is to be shown now, if something is.
    pub fn due(&mut self) -> Option<(RunHandle, String)> {
        let pause = (self.began.elapsed() / 100).clamp(SHORTEST, LONGEST);
        if !self.changed || self.shown.elapsed() < pause {
            return None;
        }
        let (shared, state) = (self.shared.upgrade()?, Arc::clone(&self.state));
        (self.changed, self.shown) = (false, Instant::now());
        Some((
            RunHandle { shared, state, source: Source::hook("console"), of_rank: true },
            self.console.last(SHOWN),
        ))
    }
}
