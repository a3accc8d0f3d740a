//! Batches that come while others are being written wait, and then go together.

use std::collections::HashSet;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Batch;
use crate::{Error, ErrorKind, Result};

/// How many transactions of batches there are at a time: enough to keep the cores of a server and of its database busy. With
/// fewer, batches wait though nothing else is done; with more, each costs the database its own.
const MOST_WRITERS: usize = 4;
/// How many runs and logged models one transaction writes to at most: each is locked.
const MOST_IDS: usize = 32;
/// About how many rows one transaction writes at most, so that a small batch does not wait long for large ones.
const MOST_ROWS: usize = 1000;

/// Writes batches, none of which has an id of another, and says what became of each.
type Write<'a> = &'a dyn Fn(&[Batch]) -> Vec<Result<()>>;

/// The batches that wait. Whoever comes while few are being written, writes; who comes otherwise waits, and the first of
/// those writes next: for all that go with it. Nobody is told before what was theirs is committed.
#[derive(Default)]
pub(crate) struct Queue(Mutex<State>);

#[derive(Default)]
struct State {
    waiting: Vec<Waiting>,
    writers: usize,
}

struct Waiting {
    batch: Batch,
    tell: SyncSender<Turn>,
}

/// What one that waits is told.
enum Turn {
    /// To write these: its own is the first.
    Write(Vec<Waiting>),
    Done(Result<()>),
}

impl Queue {
    /// Brings a batch to the database: with `write` of this call or of another.
    pub fn put(&self, batch: Batch, write: Write<'_>) -> Result<()> {
        // There is room for all that is ever told.
        let (tell, told) = sync_channel(2);
        self.lock().enter(Waiting { batch, tell });
        loop {
            match told.recv() {
                Ok(Turn::Write(group)) => self.write(group, write),
                Ok(Turn::Done(result)) => return result,
                Err(_) => {
                    return Err(Error::new(
                        ErrorKind::Io,
                        "Nothing was logged: the program failed at what was logged with it. Try again.",
                    ));
                }
            }
        }
    }

    fn write(&self, group: Vec<Waiting>, write: Write<'_>) {
        let _next = Next(self);
        let (batches, tell): (Vec<_>, Vec<_>) =
            group.into_iter().map(|waiting| (waiting.batch, waiting.tell)).unzip();
        for (tell, result) in tell.iter().zip(write(&batches)) {
            // Nobody is told whose call has ended in a panic.
            drop(tell.try_send(Turn::Done(result)));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn enter(&mut self, waiting: Waiting) {
        self.waiting.push(waiting);
        if self.writers < MOST_WRITERS {
            self.next();
        }
    }

    /// Lets the first of those that wait write.
    fn next(&mut self) {
        let group = self.take_group();
        let Some(first) = group.first() else { return };
        let tell = first.tell.clone();
        self.writers += 1;
        drop(tell.try_send(Turn::Write(group)));
    }

    /// Those that go together: the first, and others that have no id of these and of those they would pass.
    fn take_group(&mut self) -> Vec<Waiting> {
        let (mut ids, mut rows) = (HashSet::new(), 0);
        let (mut group, mut rest) = (Vec::new(), Vec::new());
        for waiting in self.waiting.drain(..) {
            let batch = &waiting.batch;
            let meets = batch.ids().any(|id| ids.contains(id));
            let fits = ids.len() + batch.ids().count() <= MOST_IDS && rows + batch.rows() <= MOST_ROWS;
            ids.extend(batch.ids().map(str::to_owned));
            if group.is_empty() || (fits && !meets) {
                rows += batch.rows();
                group.push(waiting);
            } else {
                rest.push(waiting);
            }
        }
        self.waiting = rest;
        group
    }
}

/// Passes the turn on, also after a panic.
struct Next<'a>(&'a Queue);

impl Drop for Next<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.writers -= 1;
        state.next();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread::{Scope, scope, yield_now};
    use std::time::{Duration, Instant};

    use trackline_model::{Param, Point};

    use super::*;

    fn batch(run_id: &str) -> Batch {
        Batch { run_id: run_id.to_owned(), ..Batch::default() }
    }

    fn ids(batches: &[Batch]) -> Vec<String> {
        batches.iter().map(|batch| batch.run_id.clone()).collect()
    }

    fn until(queue: &Queue, condition: impl Fn(&State) -> bool) {
        let begin = Instant::now();
        while !condition(&queue.lock()) {
            assert!(begin.elapsed() < Duration::from_secs(300), "the batches never came");
            yield_now();
        }
    }

    /// A queue of which one batch at a time gets through.
    fn narrow() -> Queue {
        Queue(Mutex::new(State { waiting: Vec::new(), writers: MOST_WRITERS - 1 }))
    }

    /// Begins to write a batch on a thread of its own, which goes on when so many wait behind it.
    fn hold<'scope>(scope: &'scope Scope<'scope, '_>, queue: &'scope Queue, behind: usize) {
        let write = move |batches: &[Batch]| {
            until(queue, |state| state.waiting.len() == behind);
            vec![Ok(()); batches.len()]
        };
        scope.spawn(move || queue.put(batch("holder"), &write).unwrap());
        until(queue, |state| state.writers == MOST_WRITERS);
    }

    /// The groups in which batches go that come in this order while another is being written.
    fn groups(batches: Vec<Batch>) -> Vec<Vec<String>> {
        let (queue, groups) = (&narrow(), &Mutex::new(Vec::new()));
        scope(|scope| {
            hold(scope, queue, batches.len());
            for (before, batch) in batches.into_iter().enumerate() {
                scope.spawn(move || {
                    let write = |batches: &[Batch]| {
                        groups.lock().unwrap().push(ids(batches));
                        vec![Ok(()); batches.len()]
                    };
                    queue.put(batch, &write).unwrap();
                });
                until(queue, |state| state.waiting.len() > before || !groups.lock().unwrap().is_empty());
            }
        });
        groups.lock().unwrap().clone()
    }

    #[test]
    fn some_are_written_at_a_time() {
        let (queue, begun) = (&Queue::default(), &AtomicUsize::new(0));
        scope(|scope| {
            for writer in 0..MOST_WRITERS {
                let write = move |batches: &[Batch]| {
                    begun.fetch_add(1, Ordering::SeqCst);
                    until(queue, |_| begun.load(Ordering::SeqCst) == MOST_WRITERS);
                    vec![Ok(()); batches.len()]
                };
                scope.spawn(move || queue.put(batch(&writer.to_string()), &write).unwrap());
            }
        });
        assert_eq!(queue.lock().writers, 0);
    }

    #[test]
    fn those_that_come_meanwhile_go_together_but_for_those_of_one_run() {
        let batches = ["a", "b", "a", "c", "b", "a"].map(batch);
        assert_eq!(groups(batches.into()), [vec!["a", "b", "c"], vec!["a", "b"], vec!["a"]]);
    }

    #[test]
    fn a_small_one_does_not_wait_for_many_large_ones() {
        let large = |run_id: &str| {
            let mut large = batch(run_id);
            for key in 0..600 {
                large.metrics.push(&key.to_string(), Point { step: 0, timestamp: 0, value: 0.0 });
            }
            large
        };
        let small = Batch { params: vec![Param { key: "p".into(), value: "v".into() }], ..batch("small") };
        assert_eq!(groups(vec![large("a"), large("b"), small]), [vec!["a", "small"], vec!["b"]]);
        let many: Vec<_> = (0..MOST_IDS + 1).map(|number| batch(&number.to_string())).collect();
        assert_eq!(groups(many).iter().map(Vec::len).collect::<Vec<_>>(), [MOST_IDS, 1]);
    }

    #[test]
    fn each_is_told_what_became_of_its_own() {
        let queue = &narrow();
        let write = |batches: &[Batch]| {
            let refused = |batch: &Batch| Error::invalid(batch.run_id.clone());
            batches
                .iter()
                .map(|batch| if batch.run_id == "b" { Err(refused(batch)) } else { Ok(()) })
                .collect()
        };
        scope(|scope| {
            hold(scope, queue, 3);
            let calls = ["a", "b", "c"].map(|id| scope.spawn(move || queue.put(batch(id), &write)));
            assert_eq!(calls.map(|call| call.join().unwrap()), [Ok(()), Err(Error::invalid("b")), Ok(())]);
        });
    }

    #[test]
    fn a_panic_does_not_keep_the_others_waiting() {
        let queue = &narrow();
        let fail = |_: &[Batch]| panic!("as a bug would");
        scope(|scope| {
            hold(scope, queue, 2);
            let put = move |id| catch_unwind(AssertUnwindSafe(|| queue.put(batch(id), &fail)));
            let calls = ["a", "b"].map(|id| scope.spawn(move || put(id)));
            let mut told: Vec<_> = calls.map(|call| call.join().unwrap().ok()).into();
            told.sort_by_key(Option::is_some);
            assert!(told[0].is_none(), "who wrote panics: {told:?}");
            assert!(matches!(&told[1], Some(Err(error)) if error.kind == ErrorKind::Io), "{told:?}");
        });
        queue.put(batch("a"), &|batches| vec![Ok(()); batches.len()]).unwrap();
    }
}
