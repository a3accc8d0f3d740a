//! What tracking costs the threads of the program. It is processor time, so that a busy machine tells the same as an idle one.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock;

/// The first calls of a thread are all measured,
const FIRST: u32 = 64;
/// and then one of so many, which stands for the others.
const SAMPLE: u32 = 16;

/// What the hooks of one thread took that no run was charged for yet: which run it is shows when the hook logs.
#[derive(Default)]
struct Hooks {
    /// So many hooks are under way, one inside the other.
    depth: Cell<u32>,
    since: Cell<Duration>,
    owed: Cell<Duration>,
}

thread_local! {
    static HOOKS: Hooks = Hooks::default();
}

impl Hooks {
    /// Up to now, if a hook is under way.
    fn count(&self) {
        if self.depth.get() > 0 {
            let now = clock::of_thread();
            self.owed.set(self.owed.get() + now.saturating_sub(self.since.get()));
            self.since.set(now);
        }
    }
}

/// A hook begins on this thread. Until [`hook_ends`] the thread works for us, whatever is called.
pub fn hook_begins() {
    HOOKS.with(|hooks| {
        if hooks.depth.get() == 0 {
            hooks.since.set(clock::of_thread());
        }
        hooks.depth.set(hooks.depth.get() + 1);
    });
}

/// The hook is over; what it took is charged to the next run that this thread logs to, unless it is nothing that a run costs.
pub fn hook_ends(charged: bool) {
    HOOKS.with(|hooks| {
        if hooks.depth.get() == 1 && charged {
            hooks.count();
        }
        hooks.depth.set(hooks.depth.get().saturating_sub(1));
    });
}

/// A hook until it is dropped.
pub struct Hook(());

impl Hook {
    pub fn begin() -> Self {
        hook_begins();
        Self(())
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        hook_ends(true);
    }
}

/// How long calls for a run, and hooks, have kept their threads.
#[derive(Debug, Default)]
pub struct Spent {
    nanoseconds: AtomicU64,
}

impl Spent {
    /// With what hooks of this thread took until now.
    pub fn total(&self) -> Duration {
        HOOKS.with(|hooks| {
            hooks.count();
            self.charge(hooks);
        });
        Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed))
    }

    pub fn add(&self, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Measures until what it gives is dropped; nothing inside a hook, which is measured as a whole.
    pub fn measure(&self) -> Option<Timed<'_>> {
        self.measure_for(1)
    }

    /// As [`measure`](Self::measure), for calls that come by the million: reading the clock costs as much as they do.
    pub fn sample(&self) -> Option<Timed<'_>> {
        thread_local! {
            static CALLS: Cell<u32> = const { Cell::new(0) };
        }
        let calls = CALLS.get();
        CALLS.set(calls.checked_add(1).unwrap_or(FIRST));
        match calls {
            ..FIRST => self.measure_for(1),
            _ if calls.is_multiple_of(SAMPLE) => self.measure_for(SAMPLE),
            _ => None,
        }
    }

    fn measure_for(&self, weight: u32) -> Option<Timed<'_>> {
        let inside = HOOKS.with(|hooks| {
            self.charge(hooks);
            hooks.depth.get() > 0
        });
        (!inside).then(|| Timed { spent: self, began: clock::of_thread(), weight })
    }

    fn charge(&self, hooks: &Hooks) {
        let owed = hooks.owed.take();
        if !owed.is_zero() {
            self.add(owed);
        }
    }
}

/// Counts the time until it is dropped.
pub struct Timed<'a> {
    spent: &'a Spent,
    began: Duration,
    weight: u32,
}

impl Drop for Timed<'_> {
    fn drop(&mut self) {
        self.spent.add(clock::of_thread().saturating_sub(self.began) * self.weight);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Until the clock has moved by this.
    fn work(time: Duration) {
        let began = clock::of_thread();
        while clock::of_thread() < began + time {}
    }

    const WORK: Duration = Duration::from_millis(2);

    #[test]
    fn a_hook_is_charged_once_to_the_run_that_it_logs_to() {
        let (spent, other) = (Spent::default(), Spent::default());
        {
            let _hook = Hook::begin();
            work(WORK);
            let _inner = Hook::begin();
            let call = spent.measure();
            work(WORK);
            assert!(call.is_none());
        }
        let total = spent.total();
        assert!(total >= 2 * WORK);
        assert_eq!(other.total(), Duration::ZERO);
        work(WORK);
        assert_eq!(spent.total(), total);
    }

    #[test]
    fn what_hooks_took_before_a_run_is_charged_to_it() {
        {
            let _hook = Hook::begin();
            work(WORK);
        }
        let spent = Spent::default();
        drop(spent.measure());
        assert!(spent.total() >= WORK);
    }

    #[test]
    fn what_is_set_up_costs_no_run() {
        let spent = Spent::default();
        hook_begins();
        work(WORK);
        hook_ends(false);
        assert_eq!(spent.total(), Duration::ZERO);
    }

    #[test]
    fn a_hook_under_way_counts_already() {
        let spent = Spent::default();
        let _hook = Hook::begin();
        work(WORK);
        assert!(spent.total() >= WORK);
    }
}
