//! What tracking costs the threads of the program.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The first calls of a thread are all measured,
const FIRST: u32 = 64;
/// and then one of so many, which stands for the others.
const SAMPLE: u32 = 16;

/// How long calls for a run have kept their threads.
#[derive(Debug, Default)]
pub struct Spent {
    nanoseconds: AtomicU64,
}

impl Spent {
    pub fn total(&self) -> Duration {
        Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed))
    }

    pub fn add(&self, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Measures until what it gives is dropped.
    pub fn measure(&self) -> Timed<'_> {
        Timed { spent: self, began: Instant::now(), weight: 1 }
    }

    /// As [`measure`](Self::measure), for calls that come by the million: reading the clock costs as much as they do.
    pub fn sample(&self) -> Option<Timed<'_>> {
        thread_local! {
            static CALLS: Cell<u32> = const { Cell::new(0) };
        }
        let calls = CALLS.get();
        CALLS.set(calls.checked_add(1).unwrap_or(FIRST));
        let weight = match calls {
            ..FIRST => 1,
            _ if calls.is_multiple_of(SAMPLE) => SAMPLE,
            _ => return None,
        };
        Some(Timed { weight, ..self.measure() })
    }
}

/// Counts the time until it is dropped.
pub struct Timed<'a> {
    spent: &'a Spent,
    began: Instant,
    weight: u32,
}

impl Drop for Timed<'_> {
    fn drop(&mut self) {
        self.spent.add(self.began.elapsed() * self.weight);
    }
}
