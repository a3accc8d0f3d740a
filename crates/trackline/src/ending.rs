//! How a run ends in this process.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use trackline_capture::redact;
use trackline_journal::Event;
use trackline_model::{EXIT_REASON_TAG, Ending, Exit, TRACEBACK_DOCUMENT, Tag};

use crate::clock;
use crate::part::Part;
use crate::process::Process;
use crate::reason::reason;
use crate::run::RunState;

/// The tag that says what tracking has cost, in milliseconds.
const COST_TAG: &str = "trackline.overhead_ms";
/// Where tags of ours come from.
const OURS: &str = "trackline";
/// Of a longer traceback the end is kept, where the exception is.
const MAX_TRACEBACK: usize = 256 << 10;

/// Runs that have ended, and what was told of their cost then.
#[derive(Debug, Default)]
pub struct EndedRuns(Mutex<Vec<(Weak<RunState>, Duration)>>);

impl EndedRuns {
    fn add(&self, run: &Arc<RunState>, cost: Duration) {
        let mut ended = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|(run, _)| run.strong_count() > 0);
        ended.push((Arc::downgrade(run), cost));
    }

    /// Those that hooks have logged to since, the last one first.
    fn take(&self) -> Vec<Arc<RunState>> {
        let ended = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let alive = ended.into_iter().rev().filter_map(|(run, told)| Some((run.upgrade()?, told)));
        alive.filter(|(run, told)| run.spent.total() > *told).map(|(run, _)| run).collect()
    }
}

impl Process {
    /// Ends a run; `end_time` now if absent.
    pub fn end_run(self: &Arc<Self>, run: &Arc<RunState>, ending: &Ending, end_time: Option<i64>) {
        let part = run.part();
        match part {
            Part::Whole => self.append_end(run, ending, end_time),
            Part::Rank(_) => self.append_leave(run, part, ending),
            Part::Nothing => {}
        }
        if part != Part::Whole {
            self.attended.ends(&run.id, ending.status, end_time.unwrap_or_else(clock::now));
        }
        self.let_go(run);
    }

    /// The run is open here no more.
    pub fn let_go(&self, run: &RunState) {
        run.close();
        self.journal().release(run);
        self.open_runs().remove(&run.id);
    }

    /// Tells what runs have cost since they ended.
    pub fn tell_costs(self: &Arc<Self>) {
        for run in self.ended_runs.take() {
            let tags = vec![cost(run.spent.total())];
            let source = OURS.to_owned();
            self.append(Some(&run), [Event::Tags { run_id: run.id.clone(), tags, source }]);
        }
    }

    fn append_end(self: &Arc<Self>, run: &Arc<RunState>, ending: &Ending, end_time: Option<i64>) {
        let spent = run.spent.total();
        self.ended_runs.add(run, spent);
        let mut tags = vec![cost(spent)];
        tags.extend(ending.exit.iter().flat_map(|exit| Exit::new(exit.kind, reason(&exit.reason)).tags()));
        let traceback = self.traceback(run, Part::Whole, ending);
        let run_id = || run.id.clone();
        let tags = Event::Tags { run_id: run_id(), tags, source: OURS.to_owned() };
        let end_time = end_time.unwrap_or_else(clock::now);
        let ended = Event::RunEnded { run_id: run_id(), status: ending.status, end_time };
        let events: Vec<_> = traceback.into_iter().chain([tags, ended]).collect();
        self.append_last(run, &events);
    }

    /// A rank that attends the run only is done with it, and why, if it failed. How the run ends is the first rank's to say.
    fn append_leave(self: &Arc<Self>, run: &RunState, part: Part, ending: &Ending) {
        let run_id = || run.id.clone();
        let tags = ending.exit.as_ref().map(|exit| {
            let tags = vec![Tag { key: part.name(EXIT_REASON_TAG), value: reason(&exit.reason) }];
            Event::Tags { run_id: run_id(), tags, source: OURS.to_owned() }
        });
        let left = Event::RunLeft { run_id: run_id() };
        let events: Vec<_> =
            self.traceback(run, part, ending).into_iter().chain(tags).chain([left]).collect();
        self.append_last(run, &events);
    }

    fn traceback(&self, run: &RunState, part: Part, ending: &Ending) -> Option<Event> {
        let text = redact::text(ending.traceback.as_deref()?);
        let kind = part.name(TRACEBACK_DOCUMENT);
        self.document(&run.id, &kind, end_of(&text, MAX_TRACEBACK).as_bytes())
    }

    /// Puts facts beside a run among the blobs, and gives the event that names them.
    pub fn document(&self, run_id: &str, kind: &str, bytes: &[u8]) -> Option<Event> {
        if self.is_off() {
            return None;
        }
        match self.blobs().and_then(|blobs| Ok(blobs.put_bytes(bytes)?)) {
            Ok(blob) => {
                let (run_id, kind) = (run_id.to_owned(), kind.to_owned());
                Some(Event::Document { run_id, kind, digest: blob.digest })
            }
            Err(error) => {
                self.problems.note(error);
                None
            }
        }
    }
}

fn cost(spent: Duration) -> Tag {
    Tag { key: COST_TAG.to_owned(), value: format!("{:.3}", spent.as_secs_f64() * 1000.0) }
}

fn end_of(text: &str, limit: usize) -> &str {
    let start = text.len().saturating_sub(limit);
    &text[(start..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())..]
}
