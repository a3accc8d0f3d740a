//! What a loop computes turn by turn: which turns are kept, at which step, and whether a name has shown itself to be a curve.

use std::time::{Duration, Instant};

/// A value of one turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The loop's counter, going on where it begins again; else the number of the turn.
    pub step: i64,
    /// What was computed.
    pub value: f64,
    /// Milliseconds since 1970.
    pub timestamp: i64,
}

/// So many turns are kept, whatever their pace.
const ALL: u64 = 1000;
/// The others are kept if they are that far apart.
const APART: Duration = Duration::from_millis(10);
/// A curve has at least so many turns.
const FEWEST: u64 = 3;
/// So many looks cost little in all; beyond, a turn must be long beside the look at it, which takes a quarter of a microsecond.
const FREE: u64 = 100_000;
const SHORTEST: Duration = Duration::from_micros(10);

/// The turns of one place in a loop.
#[derive(Debug)]
pub struct Turns {
    began: Instant,
    kept: Option<Instant>,
    seen: u64,
    counter: Counter,
    curves: Vec<Curve>,
}

/// A counter that may begin again.
#[derive(Debug, Default)]
struct Counter {
    latest: Option<i64>,
    offset: i64,
    step: i64,
}

/// The values of one name that have not been taken yet.
#[derive(Debug, Default)]
struct Curve {
    points: Vec<Point>,
    /// The latest turn, if it was not kept.
    passed: Option<Point>,
    seen: u64,
    first: Option<f64>,
    latest: Option<f64>,
    changes: bool,
}

impl Turns {
    /// Of a place that looks at so many names.
    pub fn new(names: usize, now: Instant) -> Self {
        let curves = (0..names).map(|_| Curve::default()).collect();
        Self { began: now, kept: None, seen: 0, counter: Counter::default(), curves }
    }

    /// Counts a turn, at `counter` if the loop has one. Its step, and whether its values are kept.
    pub fn begin(&mut self, counter: Option<i64>, now: Instant) -> (i64, bool) {
        if self.seen == 0 {
            self.began = now;
        }
        let step = self.counter.step(counter);
        self.seen += 1;
        let due = self.seen <= ALL || self.kept.is_none_or(|kept| now.duration_since(kept) >= APART);
        if due {
            self.kept = Some(now);
        }
        (step, due)
    }

    /// The value of a name in a turn; of those that are not kept, the latest stands by.
    pub fn add(&mut self, name: usize, point: Point, due: bool) {
        let Some(curve) = self.curves.get_mut(name) else { return };
        curve.seen += 1;
        let first = *curve.first.get_or_insert(point.value);
        curve.latest = Some(point.value);
        curve.changes |= first.to_bits() != point.value.to_bits();
        if due {
            curve.points.push(point);
        }
        curve.passed = (!due).then_some(point);
    }

    /// The latest value of a name.
    pub fn latest(&self, name: usize) -> Option<f64> {
        self.curves.get(name)?.latest
    }

    /// Whether looking at each turn costs little beside the turns.
    pub fn is_cheap(&self, now: Instant) -> bool {
        self.seen < FREE
            || now.duration_since(self.began).as_nanos() / u128::from(self.seen) >= SHORTEST.as_nanos()
    }

    /// What a name has had since the last call, if it is a curve: of several turns, and changing. In the end, with the turn
    /// that was the last.
    pub fn take(&mut self, name: usize, ended: bool) -> Vec<Point> {
        let Some(curve) = self.curves.get_mut(name) else { return Vec::new() };
        if curve.seen < FEWEST || !curve.changes {
            return Vec::new();
        }
        let mut points = std::mem::take(&mut curve.points);
        if ended {
            points.extend(curve.passed.take());
        }
        points
    }
}

impl Counter {
    fn step(&mut self, at: Option<i64>) -> i64 {
        let Some(at) = at else {
            self.step = self.latest.map_or(0, |_| self.step + 1);
            self.latest = Some(self.step);
            return self.step;
        };
        if self.latest.is_some_and(|latest| at <= latest) {
            self.offset = self.step + 1 - at.min(1);
        }
        self.latest = Some(at);
        self.step = self.offset + at;
        self.step
    }
}
