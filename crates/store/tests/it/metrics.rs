use trackline_store::ErrorKind;

use crate::support::{fails, metric, open, point, run};

#[test]
fn latest_is_the_greatest_step_then_time_then_value() {
    let store = open();
    let run_id = run(&store);
    let nan = f64::NAN;
    let cases = [
        (vec![(0, 5, 1.0), (1, 1, 2.0)], (1, 1, 2.0)),
        (vec![(0, 5, 1.0), (0, 6, 0.5)], (0, 6, 0.5)),
        (vec![(0, 5, 1.0), (0, 5, 3.0), (0, 5, 2.0)], (0, 5, 3.0)),
        // NaN counts as 0.
        (vec![(0, 5, nan), (0, 5, 0.5)], (0, 5, 0.5)),
        (vec![(0, 5, -0.5), (0, 5, nan)], (0, 5, nan)),
        (vec![(-3, 5, 1.0), (-4, 9, 2.0)], (-3, 5, 1.0)),
    ];
    for (index, (values, latest)) in cases.into_iter().enumerate() {
        let key = format!("m{index}");
        for (step, time, value) in values {
            store.log_batch(&run_id, &[metric(&key, value, time, step)], &[], &[]).unwrap();
        }
        let summaries = store.summaries(&run_id).unwrap();
        let found = &summaries.iter().find(|summary| summary.key == key).unwrap().latest;
        assert_eq!(
            (found.step, found.timestamp, found.value.to_bits()),
            (latest.0, latest.1, latest.2.to_bits())
        );
    }
}

#[test]
fn odd_values_are_kept_exactly() {
    let store = open();
    let run_id = run(&store);
    let values = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MIN_POSITIVE / 4.0, f64::MAX];
    let metrics: Vec<_> =
        values.iter().enumerate().map(|(step, value)| metric("odd", *value, 1, step as i64)).collect();
    store.log_batch(&run_id, &metrics, &[], &[]).unwrap();
    let bits: Vec<u64> =
        store.points(&run_id, "odd").unwrap().iter().map(|point| point.value.to_bits()).collect();
    assert_eq!(bits, values.map(f64::to_bits));
    let summary = store.summaries(&run_id).unwrap().remove(0);
    assert_eq!((summary.count, summary.min, summary.max), (6, f64::NEG_INFINITY, f64::INFINITY));
    store.log_batch(&run_id, &[metric("nan", f64::NAN, 1, 0)], &[], &[]).unwrap();
    let summary = store.summaries(&run_id).unwrap().remove(0);
    assert!(summary.min.is_nan() && summary.max.is_nan() && summary.latest.value.is_nan());
    assert!(store.get_run(&run_id).unwrap().data.metrics[0].value.is_nan());
}

#[test]
fn an_exact_repeat_counts_once() {
    let store = open();
    let run_id = run(&store);
    let batch: Vec<_> = (0..100).map(|step| metric("m", step as f64, 7, step)).collect();
    for _ in 0..3 {
        store.log_batch(&run_id, &batch, &[], &[]).unwrap();
        store.log_batch(&run_id, &batch[50..51], &[], &[]).unwrap();
    }
    store.log_batch(&run_id, &[metric("m", 50.5, 7, 50)], &[], &[]).unwrap();
    assert_eq!(store.points(&run_id, "m").unwrap().len(), 101);
    assert_eq!(store.summaries(&run_id).unwrap()[0].count, 101);
}

#[test]
fn a_history_comes_by_time_then_step_then_value() {
    let store = open();
    let run_id = run(&store);
    let expected =
        [metric("m", 9.0, 1, 5), metric("m", 1.0, 2, 0), metric("m", 2.0, 2, 0), metric("m", 0.0, 2, 3)];
    let mut shuffled = expected.to_vec();
    shuffled.reverse();
    store.log_batch(&run_id, &shuffled, &[], &[]).unwrap();
    assert_eq!(store.history(&run_id, "m", None, None).unwrap().items, expected);
    let first = store.history(&run_id, "m", Some(3), None).unwrap();
    assert_eq!(first.items, expected[..3]);
    let rest = store.history(&run_id, "m", Some(3), first.next_page_token.as_deref()).unwrap();
    assert_eq!((rest.items.as_slice(), rest.next_page_token), (&expected[3..], None));
    assert_eq!(store.history(&run_id, "m", Some(4), None).unwrap().next_page_token, None);
    assert_eq!(store.history(&run_id, "none", None, None).unwrap().items, []);
    assert_eq!(store.history("unknown", "m", None, None).unwrap().items, []);
    fails(store.history(&run_id, "m", None, Some("garbage")), ErrorKind::Invalid);
}

#[test]
fn a_chart_keeps_both_ends_and_every_spike() {
    let store = open();
    let run_id = run(&store);
    let mut metrics: Vec<_> = (0..1000).map(|step| metric("m", 1.0, step, step)).collect();
    metrics[333].value = 50.0;
    metrics[777].value = -50.0;
    metrics[555].value = f64::NAN;
    store.log_batch(&run_id, &metrics, &[], &[]).unwrap();
    let series = store.series(std::slice::from_ref(&run_id), "m", None, 60).unwrap().remove(0);
    assert_eq!(series.total, 1000);
    assert!(series.points.len() <= 60, "{}", series.points.len());
    let steps: Vec<i64> = series.points.iter().map(|point| point.step).collect();
    assert!(steps.is_sorted());
    assert!([0, 333, 555, 777, 999].iter().all(|step| steps.contains(step)), "{steps:?}");
    let part = store.series(std::slice::from_ref(&run_id), "m", Some((100, 109)), 60).unwrap().remove(0);
    assert_eq!((part.total, part.points[0], part.points.len()), (10, point(100, 100, 1.0), 10));
    fails(store.series(&[run_id], "m", Some((9, 1)), 60), ErrorKind::Invalid);
}

#[test]
fn an_interval_is_cut_as_mlflow_cuts_it() {
    let store = open();
    let run_id = run(&store);
    let metrics: Vec<_> = (0..10).map(|step| metric("m", 0.0, step, step)).collect();
    store.log_batch(&run_id, &metrics, &[], &[]).unwrap();
    let steps = |range, max| {
        let points = store.interval(std::slice::from_ref(&run_id), "m", range, max).unwrap();
        points.iter().map(|point| point.point.step).collect::<Vec<_>>()
    };
    // NTILE(4) of 10 rows: 3, 3, 2, 2; the last point takes the place of the last sample.
    assert_eq!(steps(None, 4), [0, 3, 6, 9]);
    assert_eq!(steps(None, 1), [9]);
    assert_eq!(steps(None, 20).len(), 10);
    assert_eq!(steps(Some((2, 4)), 20), [2, 3, 4]);
}

#[test]
fn histories_of_several_runs_come_by_run() {
    let store = open();
    let mut runs = [run(&store), run(&store)];
    for run_id in &runs {
        let metrics = [metric("m", 1.0, 1, 0), metric("m", 2.0, 2, 1)];
        store.log_batch(run_id, &metrics, &[], &[]).unwrap();
    }
    runs.sort();
    let found = store.history_bulk(&runs, "m", 3).unwrap();
    let found: Vec<_> = found.iter().map(|point| (point.run_id.as_str(), point.point.value)).collect();
    assert_eq!(found, [(runs[0].as_str(), 1.0), (runs[0].as_str(), 2.0), (runs[1].as_str(), 1.0)]);
}

#[test]
fn a_loss_takes_three_bytes_a_point() {
    let store = open();
    let run_id = run(&store);
    let mut random = 1_u64;
    let mut noise = move || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 40) as f64 / (1_u64 << 24) as f64
    };
    for first in (0..20_000).step_by(1000) {
        let batch: Vec<_> = (first..first + 1000)
            .map(|step| {
                let value = 2.0 / (1.0 + step as f64 / 1e3) * (1.0 + 0.05 * noise());
                let time = 1_700_000_000_000 + step * 25 + (noise() * 5.0) as i64;
                metric("loss", f64::from(value as f32), time, step)
            })
            .collect();
        store.log_batch(&run_id, &batch, &[], &[]).unwrap();
    }
    let bytes = store.stored_bytes(&run_id, "loss").unwrap() as f64 / 20_000.0;
    assert!(bytes <= 3.0, "{bytes} bytes a point");
}
