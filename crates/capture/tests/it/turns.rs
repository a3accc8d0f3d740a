//! Which turns of a loop are kept.

use std::time::{Duration, Instant};

use trackline_capture::turns::{Point, Turns};

fn point(step: i64, value: f64) -> Point {
    Point { step, value, timestamp: 0 }
}

fn steps(points: &[Point]) -> Vec<i64> {
    points.iter().map(|point| point.step).collect()
}

#[test]
fn the_counter_of_the_loop_is_the_step() {
    let now = Instant::now();
    let mut turns = Turns::new(1, now);
    let mut step = |counter| turns.begin(counter, now).0;
    assert_eq!([Some(1), Some(2), Some(5)].map(&mut step), [1, 2, 5]);
    // It begins again, with one, and with nought.
    assert_eq!([Some(1), Some(2), Some(0), Some(1)].map(&mut step), [6, 7, 8, 9]);
}

#[test]
fn turns_without_a_counter_are_counted() {
    let now = Instant::now();
    let mut turns = Turns::new(1, now);
    assert_eq!([None, None, None].map(|counter| turns.begin(counter, now).0), [0, 1, 2]);
}

#[test]
fn a_curve_has_three_turns_and_changes() {
    let now = Instant::now();
    let mut turns = Turns::new(3, now);
    for (step, values) in [[0.5, 1.0, 0.1], [0.5, 2.0, 0.2], [0.5, 3.0, 0.0]].into_iter().enumerate() {
        let step = i64::try_from(step).unwrap();
        let due = turns.begin(Some(step), now).1;
        for (name, value) in values.into_iter().enumerate() {
            if name < 2 || step < 2 {
                turns.add(name, point(step, value), due);
            }
        }
    }
    assert!(turns.take(0, true).is_empty(), "it never changes");
    assert_eq!(turns.take(1, true), [point(0, 1.0), point(1, 2.0), point(2, 3.0)]);
    assert!(turns.take(1, true).is_empty(), "each is taken once");
    assert_eq!(turns.latest(1), Some(3.0));
    assert!(turns.take(2, true).is_empty(), "two turns are no curve");
}

#[test]
fn of_fast_turns_some_are_kept_and_the_last() {
    let start = Instant::now();
    let mut turns = Turns::new(1, start);
    for step in 0..3000_i32 {
        let (step, due) =
            turns.begin(Some(step.into()), start + Duration::from_millis(1) * step.unsigned_abs());
        turns.add(0, point(step, f64::from(i32::try_from(step).unwrap())), due);
    }
    let kept = steps(&turns.take(0, true));
    assert_eq!(kept[..1000], (0..1000).collect::<Vec<_>>());
    assert_eq!(kept[1000..1003], [1009, 1019, 1029]);
    assert_eq!(kept.last(), Some(&2999));
}

#[test]
fn turns_shorter_than_a_look_is_worth_are_looked_at_no_more() {
    let start = Instant::now();
    let mut turns = Turns::new(1, start);
    for _ in 0..100_000 {
        turns.begin(None, start);
    }
    assert!(!turns.is_cheap(start + Duration::from_millis(900)));
    assert!(turns.is_cheap(start + Duration::from_secs(2)));
}
