//! Metric history against the simplest thing that could be right: an ordered set.

use std::collections::BTreeSet;

use proptest::prelude::*;
use trackline_journal::{Event, ExperimentRef, Record};
use trackline_model::Point;
use trackline_store::Store;

use crate::support::open;

/// Step, time and value bits, so that points can be in a set.
type Key = (i64, i64, u64);

fn key(point: &Point) -> Key {
    (point.step, point.timestamp, point.value.to_bits())
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => (-3..3_i32).prop_map(f64::from),
        1 => any::<u64>().prop_map(f64::from_bits),
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(-0.0)],
    ]
}

/// Mostly rising steps and times with many collisions, and now and then anything at all.
fn points() -> impl Strategy<Value = Vec<Point>> {
    let near = (0..40_i64, 0..10_i64);
    let far = (any::<i64>(), any::<i64>());
    let place = prop_oneof![8 => near, 1 => far];
    let point = (place, value()).prop_map(|((step, timestamp), value)| Point { step, timestamp, value });
    prop::collection::vec(point, 1..40)
}

fn begin(store: &Store, run_id: &str) {
    let started = Event::RunStarted {
        run_id: run_id.into(),
        experiment: ExperimentRef::Id("0".into()),
        run_name: None,
        user_id: String::new(),
        start_time: 1,
        tags: Vec::new(),
    };
    let series = Record::Series {
        number: 0,
        run_id: run_id.into(),
        key: "m".into(),
        source: "user".into(),
        confidence: None,
    };
    store.apply("j", 1, &[Record::Event(started), series]).unwrap();
}

fn check(store: &Store, run_id: &str, model: &BTreeSet<Key>, written: &[Point]) {
    let points = store.points(run_id, "m").unwrap();
    assert!(
        points.windows(2).all(|pair| (pair[0].step, pair[0].timestamp) <= (pair[1].step, pair[1].timestamp))
    );
    assert_eq!(points.len(), model.len(), "a point is missing or is there twice");
    assert_eq!(&points.iter().map(key).collect::<BTreeSet<_>>(), model);
    let Some(summary) = store.summaries(run_id).unwrap().pop() else {
        assert!(model.is_empty());
        return;
    };
    assert_eq!(summary.count, model.len() as u64);
    let numbers = || written.iter().map(|point| point.value).filter(|value| !value.is_nan());
    let alike = |a: f64, b: f64| a == b || (a.is_nan() && b.is_nan());
    assert!(alike(summary.min, numbers().fold(f64::NAN, f64::min)), "{}", summary.min);
    assert!(alike(summary.max, numbers().fold(f64::NAN, f64::max)), "{}", summary.max);
    let rank = |point: &Point| (point.step, point.timestamp);
    assert_eq!(rank(&summary.latest), written.iter().map(rank).max().unwrap());
    assert_eq!(rank(&summary.first), written.iter().map(rank).min().unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn appending_merging_and_reading_agree_with_a_set(batches in prop::collection::vec(points(), 1..60)) {
        let store = open();
        begin(&store, "r");
        let mut model = BTreeSet::new();
        let mut written = Vec::new();
        for (index, batch) in batches.iter().enumerate() {
            let records: Vec<Record> =
                batch.iter().map(|point| Record::Point { series: 0, point: *point }).collect();
            store.apply("j", index as u64 + 2, &records).unwrap();
            model.extend(batch.iter().map(key));
            written.extend_from_slice(batch);
            if index % 16 == 0 {
                check(&store, "r", &model, &written);
            }
        }
        check(&store, "r", &model, &written);
    }
}

#[test]
fn points_that_come_one_by_one_are_merged() {
    let store = open();
    begin(&store, "r");
    let count = 3000;
    for step in 0..count {
        let point = Point { step, timestamp: step, value: 1.0 };
        store.apply("j", step as u64 + 2, &[Record::Point { series: 0, point }]).unwrap();
    }
    assert_eq!(store.points("r", "m").unwrap().len() as i64, count);
    // 24 bytes a point, and the header of a chunk for each, had nothing been merged.
    assert!(store.stored_bytes("r", "m").unwrap() < 2 * count as u64);
}
