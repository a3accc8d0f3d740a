use std::borrow::Cow;
use std::sync::{Arc, Weak};
use std::time::Instant;

use trackline_capture::system::Reading;

use super::FIRST;
use super::settings::Settings;
use crate::part::Part;
use crate::quota::SYSTEM_SOURCE;
use crate::run::RunState;
use crate::tracker::Shared;
use crate::{RunHandle, Source, clock};

const PREFIX: &str = "system/";

/// A run that gets samples. It keeps no tracker alive.
#[derive(Debug)]
pub struct Watched {
    shared: Weak<Shared>,
    state: Arc<RunState>,
    pub settings: Settings,
    /// When it gets its next sample.
    pub due: Instant,
    step: i64,
    /// Sums as they stood when the run began.
    sums: Vec<Reading>,
}

impl Watched {
    pub fn new(run: &RunHandle, step: i64, mut settings: Settings) -> Self {
        if let Part::Rank(rank) = run.state.part() {
            settings.node = Some(format!("rank-{rank}"));
        }
        Self {
            shared: Arc::downgrade(&run.shared),
            state: Arc::clone(&run.state),
            settings,
            due: Instant::now(),
            step,
            sums: Vec::new(),
        }
    }

    pub fn id(&self) -> &str {
        &self.state.id
    }

    pub fn is_open(&self) -> bool {
        self.handle().is_some_and(|run| run.process().open_runs().contains_key(self.id()))
    }

    /// Takes the sums that what is logged counts from.
    pub fn begin_with(&mut self, readings: &[Reading]) {
        self.sums = readings.iter().filter(|reading| reading.cumulative).cloned().collect();
        // From these readings, and not from the start of the run: on a busy machine this thread comes late, and how
        // busy something was is known between two readings.
        self.due = Instant::now() + self.settings.interval.map_or(FIRST, |interval| interval.min(FIRST));
    }

    /// Logs a sample, if there still is a tracker.
    pub fn log(&mut self, readings: &[Reading]) {
        let Some(run) = self.handle() else { return };
        let metrics: Vec<_> =
            readings.iter().map(|reading| (self.key(reading), self.value(reading))).collect();
        let metrics: Vec<_> = metrics.iter().map(|(key, value)| (key.as_ref(), *value)).collect();
        // Only the name of a node can make a key that is none: there is nobody to tell.
        let _ = run.keep_metrics(&metrics, self.step, clock::now());
        self.step += 1;
    }

    fn handle(&self) -> Option<RunHandle> {
        let (shared, state) = (self.shared.upgrade()?, Arc::clone(&self.state));
        Some(RunHandle { shared, state, source: Source::hook(SYSTEM_SOURCE), of_rank: true })
    }

    /// `system/cpu_utilization_percentage`, or `system/node-1/cpu_utilization_percentage`
    fn key<'a>(&self, reading: &'a Reading) -> Cow<'a, str> {
        match &self.settings.node {
            Some(node) => reading.key.replacen(PREFIX, &format!("{PREFIX}{node}/"), 1).into(),
            None => reading.key.as_ref().into(),
        }
    }

    fn value(&self, reading: &Reading) -> f64 {
        let before = self.sums.iter().find(|sum| sum.key == reading.key);
        // An interface that is gone took its sum with it.
        before.map_or(reading.value, |sum| (reading.value - sum.value).max(0.0))
    }
}
