//! What tracking costs the threads of the program. It is processor time, so that a busy machine tells the same as an idle one.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

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
    /// Whether a run is charged for those under way.
    charged: Cell<bool>,
    since: Cell<Duration>,
    owed: Cell<Duration>,
    /// When the first of them began.
    owing_since: Cell<Option<Instant>>,
}

thread_local! {
    static HOOKS: Hooks = Hooks::default();
}

impl Hooks {
    /// Up to now, if a hook is under way.
    fn count(&self) {
        if self.depth.get() > 0 {
            let now = clock::of_thread();
            if self.charged.get() {
                self.owe(now.saturating_sub(self.since.get()));
            }
            self.since.set(now);
        }
    }

    fn owe(&self, time: Duration) {
        self.owed.set(self.owed.get() + time);
        if self.owing_since.get().is_none() {
            self.owing_since.set(Some(Instant::now()));
        }
    }
}

/// What hooks of this thread took that no run was charged for yet, and since when it adds up.
pub fn owed() -> (Duration, Option<Instant>) {
    HOOKS.with(|hooks| {
        hooks.count();
        (hooks.owed.get(), hooks.owing_since.get())
    })
}

/// A hook begins on this thread. Until [`hook_ends`] the thread works for us, whatever is called. What it takes is charged to the
/// next run that this thread logs to, unless it is nothing that a run costs; of hooks in a hook, the outermost says so.
pub fn hook_begins(charged: bool) {
    HOOKS.with(|hooks| {
        if hooks.depth.get() == 0 {
            hooks.charged.set(charged);
            hooks.since.set(clock::of_thread());
        }
        hooks.depth.set(hooks.depth.get() + 1);
    });
}

/// The hook that began last on this thread is over.
pub fn hook_ends() {
    HOOKS.with(|hooks| {
        if hooks.depth.get() == 1 {
            hooks.count();
        }
        hooks.depth.set(hooks.depth.get().saturating_sub(1));
    });
}

/// What this thread does from now on is no work of the hook that is under way, if one is.
pub fn hook_pauses() {
    HOOKS.with(Hooks::count);
}

/// The hook that paused goes on.
pub fn hook_goes_on() {
    HOOKS.with(|hooks| hooks.since.set(clock::of_thread()));
}

/// A hook until it is dropped.
pub struct Hook(());

impl Hook {
    /// As [`hook_begins`].
    pub fn begin() -> Self {
        hook_begins(true);
        Self(())
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        hook_ends();
    }
}

/// A hook that takes next to no time, and comes by the million: of such some are measured, and stand for the others.
pub struct SampledHook(Option<(Duration, u32)>);

impl SampledHook {
    /// Until it is dropped.
    pub fn begin() -> Self {
        thread_local! {
            static CALLS: Cell<u32> = const { Cell::new(0) };
        }
        let inside = HOOKS.with(|hooks| hooks.depth.get() > 0);
        Self(CALLS.with(weight).filter(|_| !inside).map(|weight| (clock::of_thread(), weight)))
    }
}

impl Drop for SampledHook {
    fn drop(&mut self) {
        if let Some((began, weight)) = self.0 {
            HOOKS.with(|hooks| hooks.owe(clock::of_thread().saturating_sub(began) * weight));
        }
    }
}

/// How many calls this one stands for, if it is measured.
fn weight(calls: &Cell<u32>) -> Option<u32> {
    let call = calls.get();
    calls.set(call.checked_add(1).unwrap_or(FIRST));
    match call {
        ..FIRST => Some(1),
        _ if call.is_multiple_of(SAMPLE) => Some(SAMPLE),
        _ => None,
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
        CALLS.with(weight).and_then(|weight| self.measure_for(weight))
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
            hooks.owing_since.set(None);
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
    fn what_happens_in_a_pause_is_not_charged() {
        {
            let _hook = Hook::begin();
            hook_pauses();
            work(10 * WORK);
            hook_goes_on();
            work(WORK);
        }
        let (took, _) = owed();
        assert!((WORK..10 * WORK).contains(&took));
    }

    #[test]
    fn what_is_set_up_costs_no_run() {
        let spent = Spent::default();
        hook_begins(false);
        work(WORK);
        // A collection of garbage, and a hook that asks for the account.
        hook_pauses();
        hook_goes_on();
        {
            let _inner = Hook::begin();
            work(WORK);
            assert_eq!(spent.total(), Duration::ZERO);
        }
        hook_ends();
        assert_eq!(spent.total(), Duration::ZERO);
    }

    #[test]
    fn hooks_of_no_run_add_up_until_one_is_charged() {
        assert_eq!(owed(), (Duration::ZERO, None));
        let began = Instant::now();
        for _ in 0..2 {
            let _hook = SampledHook::begin();
            work(WORK);
        }
        let (took, since) = owed();
        assert!(took >= 2 * WORK && since.is_some_and(|since| since >= began));
        assert!(Spent::default().total() >= took);
        assert_eq!(owed(), (Duration::ZERO, None));
    }

    #[test]
    fn of_many_short_hooks_some_stand_for_the_others() {
        let measured = |calls| (0..calls).filter_map(|_| SampledHook::begin().0).map(|(_, weight)| weight);
        assert_eq!(measured(FIRST).sum::<u32>(), FIRST);
        assert_eq!(measured(10 * SAMPLE).collect::<Vec<_>>(), [SAMPLE; 10]);
        let _hook = Hook::begin();
        assert_eq!(measured(FIRST).count(), 0);
    }

    #[test]
    fn a_hook_under_way_counts_already() {
        let spent = Spent::default();
        let _hook = Hook::begin();
        work(WORK);
        assert!(spent.total() >= WORK);
    }
}
