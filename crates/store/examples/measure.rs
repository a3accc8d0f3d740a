//! Measures the store: `cargo run --release -p trackline-store --example measure [runs]`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement prints, and stops when it fails")]

use std::path::Path;
use std::time::{Duration, Instant};

use trackline_journal::{Event, ExperimentRef, Record};
use trackline_model::{Metric, Param, Point, Tag};
use trackline_store::{RunQuery, Store};

fn main() {
    let runs = std::env::args().nth(1).map_or(10_000, |runs| runs.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let begin = Instant::now();
    let store = Store::open(folder.path()).unwrap();
    println!("a new store: {:.2?}", begin.elapsed());
    let begin = Instant::now();
    Store::open(folder.path()).unwrap();
    println!("an open one, again: {:.2?}", begin.elapsed());
    points(&store, folder.path());
    batches(&store);
    searches(&store, runs);
    println!("database: {} MB", size(folder.path()) >> 20);
}

fn size(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("trackline.db")).unwrap().len()
}

/// A number that looks random, from 0 to 1.
fn noise(seed: u64) -> f64 {
    let mixed = (seed.wrapping_add(1)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

/// A loss as frameworks report it: single precision, falling, 5 % of noise; about 40 points a second.
fn loss(index: i64) -> Point {
    let value = 2.0 / (1.0 + index as f64 / 1e4) * (1.0 + 0.05 * noise(index as u64));
    let jitter = (noise(index as u64 + 7) * 5.0) as i64;
    Point { step: index, timestamp: 1_700_000_000_000 + index * 25 + jitter, value: f64::from(value as f32) }
}

fn started(run_id: &str, start_time: i64) -> Record {
    Record::Event(Event::RunStarted {
        run_id: run_id.to_owned(),
        experiment: ExperimentRef::Name("measure".to_owned()),
        run_name: Some(format!("run-{run_id}")),
        user_id: "ada".to_owned(),
        start_time,
        tags: Vec::new(),
    })
}

fn series(number: u32, run_id: &str, key: &str) -> Record {
    Record::Series {
        number,
        run_id: run_id.to_owned(),
        key: key.to_owned(),
        source: "user".to_owned(),
        confidence: None,
    }
}

fn points(store: &Store, folder: &Path) {
    const COUNT: i64 = 1_000_000;
    let run_id = "a".repeat(32);
    store.apply("points", 1, &[started(&run_id, 1), series(0, &run_id, "loss")]).unwrap();
    let before = size(folder);
    let begin = Instant::now();
    for (batch, first) in (0..COUNT).step_by(10_000).enumerate() {
        let records: Vec<Record> =
            (first..first + 10_000).map(|index| Record::Point { series: 0, point: loss(index) }).collect();
        store.apply("points", batch as u64 + 2, &records).unwrap();
    }
    let took = begin.elapsed();
    println!("1 M points through a journal: {took:.2?}, {:.0}/s", COUNT as f64 / took.as_secs_f64());
    let begin = Instant::now();
    assert_eq!(store.points(&run_id, "loss").unwrap().len() as i64, COUNT);
    println!("1 M points read: {:.2?}", begin.elapsed());
    let begin = Instant::now();
    let thin = store.series(std::slice::from_ref(&run_id), "loss", None, 2000).unwrap();
    println!("1 M points for a chart: {:.2?} ({} points)", begin.elapsed(), thin[0].points.len());
    println!("file grew by {} KB", (size(folder) - before) >> 10);
    println!(
        "packed: {:.2} bytes a point",
        store.stored_bytes(&run_id, "loss").unwrap() as f64 / COUNT as f64
    );
}

fn batches(store: &Store) {
    let run_id = "b".repeat(32);
    store.apply("batches", 1, &[started(&run_id, 2)]).unwrap();
    let begin = Instant::now();
    for index in 0..5_000 {
        store.log_batch(&run_id, &[Metric::of_point("loss", &loss(index))], &[], &[]).unwrap();
    }
    let took = begin.elapsed();
    println!("1 point a call: {:.0} calls/s", 5_000.0 / took.as_secs_f64());
    let begin = Instant::now();
    for batch in 0..200 {
        let metrics: Vec<Metric> =
            (batch * 1000..batch * 1000 + 1000).map(|index| Metric::of_point("many", &loss(index))).collect();
        store.log_batch(&run_id, &metrics, &[], &[]).unwrap();
    }
    println!("1000 points a call: {:.0} points/s", 200_000.0 / begin.elapsed().as_secs_f64());
    println!("packed: {:.2} bytes a point", store.stored_bytes(&run_id, "loss").unwrap() as f64 / 5000.0);
}

fn searches(store: &Store, runs: u64) {
    let begin = Instant::now();
    for batch in 0..runs / 1000 {
        let records: Vec<Record> = (batch * 1000..batch * 1000 + 1000).flat_map(whole_run).collect();
        store.apply("runs", batch + 1, &records).unwrap();
    }
    println!(
        "{runs} runs of 12 params, 4 tags, 6 metrics: {:.0}/s",
        runs as f64 / begin.elapsed().as_secs_f64()
    );
    let experiment = store.get_experiment_by_name("measure").unwrap().experiment_id;
    for (filter, order) in [
        ("", ""),
        ("", "metrics.m0 DESC"),
        ("", "params.p1 ASC"),
        ("", "end_time DESC"),
        ("metrics.m0 > 0.5 and params.p1 = '3'", "metrics.m0 DESC"),
        ("metrics.m0 > 0.5 and params.p1 = '3'", "metrics.m1 ASC"),
        ("metrics.m0 > 0.5 and params.p1 = '3'", ""),
        ("metrics.m0 > 0.5 and params.p2 = '77'", "metrics.m1 ASC"),
        ("metrics.m0 > 0.999 and params.p1 = '3'", "start_time ASC"),
        ("metrics.m0 < 0.5 and params.p1 = '3'", "metrics.m0 DESC"),
        ("metrics.m0 > 0.9 and metrics.m1 > 0.9", "metrics.m2 DESC"),
        ("params.p1 LIKE '%3%'", "metrics.m0 DESC"),
        ("tags.t0 = '1' and params.p2 = 'none'", "metrics.m0 DESC"),
        ("metrics.m0 > 0.5 and params.p1 = '3'", "params.p2 DESC"),
    ] {
        let query = RunQuery {
            experiment_ids: vec![experiment.clone()],
            filter: filter.to_owned(),
            order_by: Some(order.to_owned()).filter(|order| !order.is_empty()).into_iter().collect(),
            max_results: 100,
            ..RunQuery::default()
        };
        let mut best = Duration::MAX;
        let mut found = 0;
        for _ in 0..5 {
            let begin = Instant::now();
            found = store.search_runs(&query).unwrap().items.len();
            best = best.min(begin.elapsed());
        }
        println!("{best:>10.2?} {found:>4} of {filter:?} by {order:?}");
    }
}

fn whole_run(number: u64) -> Vec<Record> {
    let run_id = format!("{number:032x}");
    let of = |prefix: &str, index: u64| format!("{prefix}{index}");
    let value = |index: u64| {
        ((noise(number * 31 + index) * 10.0 * (1 + index * index * 20) as f64) as u64).to_string()
    };
    let params = (0..12).map(|index| Param { key: of("p", index), value: value(index) }).collect();
    let tags = (0..4).map(|index| Tag { key: of("t", index), value: value(index) }).collect();
    let metrics = (0..6).map(|index| {
        let value = noise(number * 17 + index);
        Metric::of_point(of("m", index), &Point { step: 1, timestamp: 1_700_000_000_000, value })
    });
    let source = "user".to_owned();
    vec![
        started(&run_id, 1_600_000_000_000 + number as i64 * 1000),
        Record::Event(Event::Params {
            run_id: run_id.clone(),
            params,
            time: 1,
            source: source.clone(),
            confidence: None,
        }),
        Record::Event(Event::Tags { run_id: run_id.clone(), tags, source: source.clone() }),
        Record::Event(Event::Metrics { run_id, metrics: metrics.collect(), source }),
    ]
}
