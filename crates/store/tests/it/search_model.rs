//! Searches over many runs, against the plainest evaluation: whichever way the store finds them, by the
//! index of a rare condition or along the index of the order, the answer is the same.

use std::cmp::Ordering;

use trackline_journal::{Event, ExperimentRef, Record};
use trackline_model::RunStatus;
use trackline_store::{RunQuery, Store};

use crate::support::{metric, open, param, query};

/// More than the store looks at one by one.
const RUNS: u64 = 6000;

struct Made {
    run_id: String,
    start: i64,
    end: Option<i64>,
    acc: Option<f64>,
    loss: f64,
    lr: Option<&'static str>,
}

/// A number that looks random, below `bound`.
fn random(seed: u64, bound: u64) -> u64 {
    let mixed = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32) % bound
}

fn made(number: u64) -> Made {
    Made {
        run_id: format!("{:032x}", random(number, 1 << 31) << 16 | number),
        start: random(number + 10_000, 500) as i64,
        end: Some(500 + random(number + 60_000, 900) as i64).filter(|end| end % 4 > 0),
        acc: match random(number + 20_000, 10) {
            0 => None,
            1 => Some(f64::NAN),
            other => Some(other as f64 + random(number + 30_000, 100) as f64 / 100.0),
        },
        loss: random(number + 40_000, 1000) as f64,
        lr: [None, Some("0.1"), Some("0.2"), Some("0.3")][random(number + 50_000, 4) as usize],
    }
}

fn status(run: &Made) -> RunStatus {
    match run.end {
        None => RunStatus::Running,
        Some(end) if end % 4 == 1 => RunStatus::Failed,
        Some(_) => RunStatus::Finished,
    }
}

fn fill(store: &Store) -> Vec<Made> {
    let runs: Vec<Made> = (0..RUNS).map(made).collect();
    let mut records = Vec::new();
    for run in &runs {
        let run_id = || run.run_id.clone();
        let source = || "user".to_owned();
        records.push(Event::RunStarted {
            run_id: run_id(),
            experiment: ExperimentRef::Id("0".into()),
            run_name: Some("n".into()),
            user_id: "u".into(),
            start_time: run.start,
            tags: Vec::new(),
        });
        records.extend(run.end.map(|end_time| Event::RunEnded {
            run_id: run_id(),
            status: status(run),
            end_time,
        }));
        let mut metrics = vec![metric("loss", run.loss, 1, 0)];
        metrics.extend(run.acc.map(|acc| metric("acc", acc, 1, 0)));
        records.push(Event::Metrics { run_id: run_id(), metrics, source: source() });
        let params = run.lr.map(|lr| param("lr", lr)).into_iter().collect();
        records.push(Event::Params { run_id: run_id(), params, time: 1, source: source(), confidence: None });
    }
    let records: Vec<Record> = records.into_iter().map(Record::Event).collect();
    assert_eq!(store.apply("j", 1, &records).unwrap().skipped, []);
    runs
}

type Matches = fn(&Made) -> bool;
type Compares = fn(&Made, &Made) -> Ordering;

const FILTERS: [(&str, Matches); 12] = [
    ("", |_| true),
    ("metrics.acc > 4", |run| run.acc.is_some_and(|acc| acc > 4.0)),
    ("metrics.acc <= 4.5 AND params.lr = '0.1'", |run| {
        run.acc.is_some_and(|acc| acc <= 4.5) && run.lr == Some("0.1")
    }),
    ("metrics.acc != 4 AND params.lr != '0.1'", |run| {
        run.acc.is_some_and(|acc| acc != 4.0) && run.lr.is_some_and(|lr| lr != "0.1")
    }),
    ("params.lr IS NULL", |run| run.lr.is_none()),
    ("metrics.loss > 990 AND metrics.acc > 2", |run| {
        run.loss > 990.0 && run.acc.is_some_and(|acc| acc > 2.0)
    }),
    ("params.lr = '0.2' OR metrics.loss < 50", |run| run.lr == Some("0.2") || run.loss < 50.0),
    ("params.lr LIKE '0.2%' AND metrics.loss >= 900", |run| run.lr == Some("0.2") && run.loss >= 900.0),
    ("params.lr IS NOT NULL AND metrics.loss < 30", |run| run.lr.is_some() && run.loss < 30.0),
    ("(metrics.loss < 20 AND params.lr = '0.1' OR metrics.loss > 995) AND metrics.acc > 2", |run| {
        (run.loss < 20.0 && run.lr == Some("0.1") || run.loss > 995.0) && run.acc.is_some_and(|acc| acc > 2.0)
    }),
    ("NOT params.lr LIKE '0.%' AND start_time >= 100", |run| run.lr.is_none() && run.start >= 100),
    (
        "start_time >= 100 AND start_time < 120 AND end_time > 600 OR status = 'RUNNING' AND metrics.loss < 90",
        |run| (100..120).contains(&run.start) && run.end > Some(600) || run.end.is_none() && run.loss < 90.0,
    ),
];

/// Values by `compare`, then NaN, then what is missing.
fn missing_last<T: Copy>(
    a: Option<T>,
    b: Option<T>,
    compare: impl Fn(T, T) -> Ordering,
    rank: impl Fn(T) -> u8,
) -> Ordering {
    let rank = |value: Option<T>| value.map_or(2, &rank);
    rank(a).cmp(&rank(b)).then_with(|| match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    })
}

fn by_acc(a: &Made, b: &Made, sign: f64) -> Ordering {
    let compare = |a: f64, b: f64| (a * sign).partial_cmp(&(b * sign)).unwrap_or(Ordering::Equal);
    missing_last(a.acc, b.acc, compare, |acc| u8::from(acc.is_nan()))
}

const ORDERS: [(&[&str], Compares); 8] = [
    (&[], |_, _| Ordering::Equal),
    (&["metrics.acc DESC"], |a, b| by_acc(a, b, -1.0)),
    (&["metrics.acc ASC"], |a, b| by_acc(a, b, 1.0)),
    (&["params.lr DESC"], |a, b| missing_last(a.lr, b.lr, |a, b| b.cmp(a), |_| 0)),
    (&["params.lr", "metrics.acc DESC"], |a, b| {
        missing_last(a.lr, b.lr, |a, b| a.cmp(b), |_| 0).then_with(|| by_acc(a, b, -1.0))
    }),
    (&["start_time ASC"], |a, b| a.start.cmp(&b.start)),
    (&["end_time DESC"], |a, b| missing_last(a.end, b.end, |a, b| b.cmp(&a), |_| 0)),
    (&["status DESC", "metrics.acc DESC"], |a, b| {
        let named = |run| format!("{:?}", status(run));
        named(b).cmp(&named(a)).then_with(|| by_acc(a, b, -1.0))
    }),
];

fn pages(store: &Store, mut query: RunQuery) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let page = store.search_runs(&query).unwrap();
        found.extend(page.items.into_iter().map(|run| run.info.run_id));
        match page.next_page_token {
            Some(token) if found.len() < 3000 => query.page_token = Some(token),
            _ => return found,
        }
    }
}

#[test]
fn every_way_to_search_finds_the_same() {
    let store = open();
    let mut runs = fill(&store);
    for (filter, matches) in FILTERS {
        for (order, compare) in ORDERS {
            let by_start = order.first().is_some_and(|clause| clause.starts_with("start_time"));
            runs.sort_by(|a, b| {
                let start = if by_start { Ordering::Equal } else { b.start.cmp(&a.start) };
                compare(a, b).then(start).then_with(|| a.run_id.cmp(&b.run_id))
            });
            let expected: Vec<&str> =
                runs.iter().filter(|run| matches(run)).map(|run| run.run_id.as_str()).collect();
            let found = pages(&store, RunQuery { max_results: 700, ..query(filter, order) });
            assert!(found.iter().eq(expected.iter().take(found.len())), "{filter} by {order:?}");
            assert_eq!(found.len(), expected.len().min(found.len().max(3000)), "{filter} by {order:?}");
        }
    }
}
