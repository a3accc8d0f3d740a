//! Processes elsewhere say that they live. Here it is decided who has been silent for too long.

use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval};
use trackline_store::Store;

use crate::clock::now;

/// How often it is looked whether a process has fallen silent.
const LOOK: Duration = Duration::from_secs(2);
/// For so long after nobody listened those are believed to live who would have been heard of before.
const PATIENCE: Duration = Duration::from_secs(120);
/// When so many milliseconds lie between two looks, nobody listened: the machine slept, the server was stopped, or the
/// clock was set forward.
const GAP: i64 = 10_000;

/// Gives up runs whose processes elsewhere have fallen silent, as long as the server runs.
pub(crate) async fn end_silent(store: Store) {
    let mut listening = Listening::since(now());
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        let (store, now) = (store.clone(), now());
        let since = listening.at(now);
        // Trouble with the store shows in the answers too; here it is tried again.
        drop(tokio::task::spawn_blocking(move || store.end_silent(now, since)).await);
    }
}

/// Since when processes can be heard, in milliseconds by the clock of this machine.
struct Listening {
    since: i64,
    began: Instant,
    looked: i64,
}

impl Listening {
    fn since(now: i64) -> Self {
        Self { since: now, began: Instant::now(), looked: now }
    }

    /// From when on silence counts, for a look at `now`.
    fn at(&mut self, now: i64) -> i64 {
        if now - self.looked > GAP {
            *self = Self::since(now);
        }
        self.looked = now;
        // Measured by a clock that nobody sets: one that was set back would keep everybody alive until it is that late again.
        if self.began.elapsed() < PATIENCE { self.since } else { i64::MIN }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn who_could_not_be_heard_has_time_to_be_heard() {
        let mut listening = Listening::since(HOUR);
        assert_eq!(listening.at(HOUR + 2_000), HOUR);
        let Some(long_ago) = Instant::now().checked_sub(PATIENCE) else { return };
        listening.began = long_ago;
        assert_eq!(listening.at(HOUR + 4_000), i64::MIN);
        // The machine slept, or somebody set the clock forward.
        assert_eq!(listening.at(2 * HOUR), 2 * HOUR);
        assert_eq!(listening.at(2 * HOUR + 2_000), 2 * HOUR);
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_alive() {
        let mut listening = Listening::since(HOUR);
        let Some(long_ago) = Instant::now().checked_sub(PATIENCE) else { return };
        listening.began = long_ago;
        assert_eq!(listening.at(0), i64::MIN);
        assert_eq!(listening.at(2_000), i64::MIN);
    }
}
