//! How a run ends in this process.

use std::sync::Arc;

use trackline_capture::redact;
use trackline_journal::Event;
use trackline_model::{Ending, Exit, TRACEBACK_DOCUMENT, Tag};

use crate::clock;
use crate::process::Process;
use crate::run::RunState;

/// Of a longer traceback the end is kept, where the exception is.
const MAX_TRACEBACK: usize = 256 << 10;
/// Of a longer reason the beginning is kept.
const MAX_REASON: usize = 500;

impl Process {
    /// Ends a run; `end_time` now if absent.
    pub fn end_run(self: &Arc<Self>, run: &RunState, ending: &Ending, end_time: Option<i64>) {
        if run.rank.is_none() {
            self.append_end(run, ending, end_time);
        }
        self.let_go(run);
    }

    /// The run is open here no more.
    pub fn let_go(&self, run: &RunState) {
        run.close();
        self.journal().release(run);
        self.open_runs().remove(&run.id);
    }

    fn append_end(self: &Arc<Self>, run: &RunState, ending: &Ending, end_time: Option<i64>) {
        let spent = format!("{:.3}", run.spent.total().as_secs_f64() * 1000.0);
        let mut tags = vec![Tag { key: "trackline.overhead_ms".to_owned(), value: spent }];
        tags.extend(ending.exit.iter().flat_map(|exit| Exit::new(exit.kind, reason(&exit.reason)).tags()));
        let traceback = ending.traceback.as_deref().map(redact::text);
        let traceback = traceback.and_then(|text| {
            self.document(&run.id, TRACEBACK_DOCUMENT, end_of(&text, MAX_TRACEBACK).as_bytes())
        });
        let run_id = || run.id.clone();
        let tags = Event::Tags { run_id: run_id(), tags, source: "trackline".to_owned() };
        let end_time = end_time.unwrap_or_else(clock::now);
        let ended = Event::RunEnded { run_id: run_id(), status: ending.status, end_time };
        let events: Vec<_> = traceback.into_iter().chain([tags, ended]).collect();
        self.append_last(run, &events);
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

/// One line without secrets.
fn reason(text: &str) -> String {
    let line = redact::text(text.trim().lines().next().unwrap_or_default());
    match line.char_indices().nth(MAX_REASON) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn end_of(text: &str, limit: usize) -> &str {
    let start = text.len().saturating_sub(limit);
    &text[(start..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())..]
}
