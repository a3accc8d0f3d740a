//! How often a step of a training loop is looked at.

use std::time::{Duration, Instant};

/// After so many steps that were looked at the budget is asked.
const AGAIN: u64 = 64;
const LONGEST: u64 = 1024;

/// Counts the steps that the optimizers of a loop make, and says which are looked at: not all where steps are short, and fewer while
/// the run has cost too much.
#[derive(Debug)]
pub struct Pace {
    /// Whether the step that is under way is looked at.
    pub due: bool,
    /// How many steps apart they are looked at: doubled while the budget is spent, halved when there is room again.
    pub interval: u64,
    /// One of so many is looked at in any case.
    pub of_these_one: Option<u64>,
    all: u64,
    apart: Duration,
    looked: u64,
    latest: Instant,
    step: u64,
    made: Vec<(usize, u64)>,
}

impl Pace {
    /// Looks at the first `all` steps whatever their pace, as at the turns of other loops, and at those after that are so far `apart`.
    pub fn new(all: u64, apart: Duration) -> Self {
        Self {
            due: true,
            interval: 1,
            of_these_one: None,
            all,
            apart,
            looked: 0,
            latest: Instant::now(),
            step: 0,
            made: Vec::new(),
        }
    }

    /// The steps of the optimizer that has made the most.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// Counts the steps of an optimizer from now on; it has made some already.
    pub fn begin(&mut self, optimizer: usize, made: u64) {
        self.forget(optimizer);
        self.made.push((optimizer, made));
    }

    /// The optimizer is gone, and another may get its number.
    pub fn forget(&mut self, optimizer: usize) {
        self.made.retain(|(known, _)| *known != optimizer);
    }

    /// The steps that an optimizer has made; None if they are not counted.
    pub fn made(&self, optimizer: usize) -> Option<u64> {
        self.made.iter().find(|(known, _)| *known == optimizer).map(|(_, made)| *made)
    }

    /// An optimizer has made a step. False if its steps are not counted.
    pub fn stepped(&mut self, optimizer: usize) -> bool {
        let Some((_, made)) = self.made.iter_mut().find(|(known, _)| *known == optimizer) else {
            return false;
        };
        *made += 1;
        let made = *made;
        self.step = self.step.max(made);
        self.due = self.is_due(made);
        true
    }

    /// The step was looked at. True when the budget is to be asked.
    pub fn looked(&mut self) -> bool {
        self.looked += 1;
        self.latest = Instant::now();
        self.looked.is_multiple_of(AGAIN)
    }

    /// What the budget says: whether there is room for more.
    pub fn thin(&mut self, room: bool) {
        self.interval = if room { (self.interval / 2).max(1) } else { (self.interval * 2).min(LONGEST) };
    }

    fn is_due(&self, step: u64) -> bool {
        if self.of_these_one.is_some_and(|many| step.is_multiple_of(many)) {
            return true;
        }
        step.is_multiple_of(self.interval) && (self.looked < self.all || self.latest.elapsed() >= self.apart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps that are looked at of so many.
    fn seen(pace: &mut Pace, steps: u64) -> Vec<u64> {
        pace.begin(1, 0);
        let mut seen = Vec::new();
        for step in 1..=steps {
            if pace.due {
                seen.push(step);
                pace.looked();
            }
            assert!(pace.stepped(1));
        }
        seen
    }

    #[test]
    fn the_first_steps_are_looked_at_whatever_their_pace() {
        let mut pace = Pace::new(5, Duration::from_hours(1));
        assert_eq!(seen(&mut pace, 20), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn of_a_pass_some_are_looked_at_in_any_case() {
        let mut pace = Pace::new(0, Duration::from_hours(1));
        pace.of_these_one = Some(4);
        assert_eq!(seen(&mut pace, 14), [1, 5, 9, 13]);
    }

    #[test]
    fn a_spent_budget_thins_them_out_and_room_brings_them_back() {
        let mut pace = Pace::new(u64::MAX, Duration::ZERO);
        pace.thin(false);
        pace.thin(false);
        assert_eq!(seen(&mut pace, 9), [1, 5, 9]);
        for _ in 0..20 {
            pace.thin(true);
        }
        assert_eq!(pace.interval, 1);
        for _ in 0..20 {
            pace.thin(false);
        }
        assert_eq!(pace.interval, LONGEST);
    }

    #[test]
    fn the_loop_is_as_far_as_the_optimizer_that_is_furthest() {
        let mut pace = Pace::new(0, Duration::ZERO);
        pace.begin(1, 0);
        pace.begin(2, 100);
        assert!(pace.stepped(1) && pace.stepped(2) && pace.stepped(1));
        assert_eq!(pace.step(), 101);
        pace.forget(2);
        assert!(!pace.stepped(2));
        assert_eq!((pace.made(1), pace.made(2)), (Some(2), None));
    }
}
