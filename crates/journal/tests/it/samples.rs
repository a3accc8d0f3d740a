use std::path::Path;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use trackline_journal::{ArtifactOwner, Event, ExperimentRef, Reader, Record, Writer};
use trackline_model::{Metric, Param, Point, RunStatus, Tag};

/// Any sequence of records.
pub fn records() -> impl Strategy<Value = Vec<Record>> {
    vec(prop_oneof![4 => point(), 1 => series(), 2 => event().prop_map(Record::Event)], 0..40)
}

/// Writes records one by one; the offsets behind the header and behind each frame.
pub fn write(folder: &Path, records: &[Record]) -> Vec<u64> {
    let mut writer = Writer::create(folder, "a").unwrap();
    let mut ends = vec![writer.end()];
    for record in records {
        writer.append([record]).unwrap();
        ends.push(writer.end());
    }
    ends
}

/// All that is whole from the reader's position on.
pub fn rest(reader: &mut Reader) -> Vec<Record> {
    std::iter::from_fn(|| reader.next().unwrap()).collect()
}

/// A short journal with a frame of each kind, the same every time.
pub fn few() -> Vec<Record> {
    let run_id = "0123456789abcdef0123456789abcdef".to_owned();
    let tags = vec![Tag { key: "mlflow.user".to_owned(), value: "ada".to_owned() }];
    vec![
        Record::Event(Event::RunStarted {
            run_id: run_id.clone(),
            experiment: ExperimentRef::Name("iris".to_owned()),
            run_name: None,
            user_id: "ada".to_owned(),
            start_time: 1_700_000_000_000,
            tags,
        }),
        Record::Series {
            number: 0,
            run_id: run_id.clone(),
            key: "loss".to_owned(),
            source: "xgboost.train".to_owned(),
            confidence: Some(0.75),
        },
        Record::Point { series: 0, point: Point { step: -1, timestamp: 1_700_000_000_001, value: 0.1 } },
        Record::Point {
            series: 0,
            point: Point { step: 2, timestamp: 1_700_000_000_002, value: f64::INFINITY },
        },
        Record::Event(Event::Metrics {
            run_id: run_id.clone(),
            metrics: vec![metric(1e-300)],
            source: "user".to_owned(),
        }),
        Record::Event(Event::RunEnded { run_id, status: RunStatus::Finished, end_time: 1_700_000_000_003 }),
    ]
}

fn metric(value: f64) -> Metric {
    Metric {
        key: "accuracy".to_owned(),
        value,
        timestamp: 7,
        step: 3,
        model_id: Some("m-1".to_owned()),
        dataset_name: None,
        dataset_digest: None,
    }
}

/// Every double but NaN, which equals nothing.
fn number() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("NaN equals nothing", |value| !value.is_nan())
}

fn point() -> impl Strategy<Value = Record> {
    (any::<u32>(), any::<i64>(), any::<i64>(), number()).prop_map(|(series, step, timestamp, value)| {
        Record::Point { series, point: Point { step, timestamp, value } }
    })
}

fn series() -> impl Strategy<Value = Record> {
    (any::<u32>(), any::<String>(), any::<String>(), any::<String>(), option::of(0.0..=1.0)).prop_map(
        |(number, run_id, key, source, confidence)| Record::Series {
            number,
            run_id,
            key,
            source,
            confidence,
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (any::<String>(), option::of(any::<String>()), any::<i64>()).prop_map(
            |(run_id, run_name, start_time)| {
                let experiment = ExperimentRef::Name(run_id.clone());
                Event::RunStarted {
                    run_id,
                    experiment,
                    run_name,
                    user_id: String::new(),
                    start_time,
                    tags: vec![],
                }
            }
        ),
        (any::<String>(), vec(any::<(String, String)>(), 0..5), any::<i64>(), option::of(0.0..=1.0))
            .prop_map(|(run_id, pairs, time, confidence)| {
                let params = pairs.into_iter().map(|(key, value)| Param { key, value }).collect();
                Event::Params { run_id, params, time, source: "argparse".to_owned(), confidence }
            }),
        (any::<String>(), vec(number(), 0..5)).prop_map(|(run_id, values)| {
            let metrics = values.into_iter().map(metric).collect();
            Event::Metrics { run_id, metrics, source: "user".to_owned() }
        }),
        any::<(String, String)>().prop_map(|(run_id, path)| Event::ArtifactDeleted { run_id, path }),
        (any::<String>(), any::<u64>()).prop_map(|(path, size)| Event::Artifact {
            owner: ArtifactOwner::Run(path.clone()),
            path,
            digest: "00".to_owned(),
            size,
            time: 0,
            source: "user".to_owned(),
        }),
    ]
}
