//! What a filter finds and how an order sorts: MLflow's rules.

use trackline_model::{Dataset, DatasetInput, RunStatus};
use trackline_store::{ErrorKind, NewRun, RunQuery, Store};

use crate::support::{Fixture, fails, metric, open, param, query, tag};

fn add(store: &Store, name: &str, start_time: i64) -> String {
    let run = NewRun {
        experiment_id: "0".into(),
        run_id: Some(format!("id-{name}")),
        run_name: Some(name.into()),
        user_id: "ada".into(),
        start_time,
        ..NewRun::default()
    };
    store.create_run(&run).unwrap().info.run_id
}

/// Four runs: a and b have all, c has NaN and another case, d has next to nothing.
fn fixture() -> Fixture {
    let store = open();
    for (index, (name, value, lr, team)) in
        [("a", 0.9, "0.1", "red"), ("b", 0.5, "0.2", "blue"), ("c", f64::NAN, "ABC", "Red")]
            .iter()
            .enumerate()
    {
        let run_id = add(&store, name, 10 + index as i64);
        let metrics = [metric("acc", *value, 1, 0), metric("val/loss", 1.0 + index as f64, 1, 0)];
        store.log_batch(&run_id, &metrics, &[param("lr", lr)], &[tag("team", team)]).unwrap();
    }
    store.update_run("id-a", Some(RunStatus::Finished), Some(100), None).unwrap();
    add(&store, "d", 13);
    let input = |name: &str, context: &str| DatasetInput {
        dataset: Dataset {
            name: name.into(),
            digest: format!("digest of {name}"),
            source_type: "code".into(),
            source: "{}".into(),
            schema: None,
            profile: None,
        },
        tags: vec![tag("mlflow.data.context", context)],
    };
    store.log_inputs("id-a", &[input("iris", "train"), input("wine", "eval")], &[]).unwrap();
    store.log_inputs("id-b", &[input("iris", "eval")], &[]).unwrap();
    store
}

fn names(store: &Store, query: &RunQuery) -> String {
    store.search_runs(query).unwrap().items.into_iter().map(|run| run.info.run_name).collect()
}

#[test]
fn filters_find_what_mlflow_finds() {
    let store = fixture();
    for (filter, found) in [
        ("", "dcba"),
        ("metrics.acc > 0.5", "a"),
        ("metrics.acc >= 0.5", "ba"),
        ("metric.acc = 0.5", "b"),
        // NaN matches != alone; a missing key matches nothing.
        ("metrics.acc != 0.5", "ca"),
        ("metrics.acc <= 100", "ba"),
        ("metrics.`val/loss` < 3", "ba"),
        ("params.lr = '0.1'", "a"),
        ("params.lr != '0.1'", "cb"),
        ("params.lr LIKE '0.%'", "ba"),
        ("params.lr LIKE 'abc'", ""),
        ("params.lr ILIKE 'a%'", "c"),
        ("tags.team = 'red'", "a"),
        ("tags.team ILIKE 'red'", "ca"),
        ("tags.team IS NULL", "d"),
        ("params.lr IS NOT NULL", "cba"),
        ("run_name = 'b'", "b"),
        ("attributes.run_name LIKE '%c%'", "c"),
        ("tags.mlflow.runName = 'd'", "d"),
        ("run_id IN ('id-a', 'id-d', 'nobody')", "da"),
        ("run_id NOT IN ('id-a', 'id-d')", "cb"),
        ("status = 'FINISHED'", "a"),
        ("status != 'FINISHED'", "dcb"),
        ("start_time > 11", "dc"),
        ("end_time != 5", "a"),
        ("user_id = 'ada' AND metrics.acc < 0.6 AND params.lr = '0.2'", "b"),
        ("dataset.name = 'iris'", "ba"),
        ("dataset.name = 'iris' AND dataset.context = 'eval'", "ba"),
        ("dataset.digest LIKE '%wine'", "a"),
        ("dataset.name IN ('wine', 'none')", "a"),
        ("params.lr = '0.1' OR tags.team = 'blue'", "ba"),
        ("NOT (params.lr = '0.1')", "dcb"),
    ] {
        assert_eq!(names(&store, &query(filter, &[])), found, "{filter}");
    }
}

#[test]
fn orders_sort_values_then_nan_then_missing() {
    let store = fixture();
    for (order, found) in [
        (vec!["metrics.acc ASC"], "bacd"),
        (vec!["metrics.acc DESC"], "abcd"),
        (vec!["params.lr ASC"], "abcd"),
        (vec!["params.lr DESC"], "cbad"),
        (vec!["tags.team"], "cbad"),
        (vec!["start_time ASC"], "abcd"),
        (vec!["end_time ASC"], "adcb"),
        (vec!["end_time DESC"], "adcb"),
        (vec!["run_name DESC"], "dcba"),
        (vec!["user_id", "metrics.acc DESC"], "abcd"),
        (vec!["status", "params.lr DESC"], "acbd"),
        (vec!["metrics.none", "run_id"], "abcd"),
    ] {
        assert_eq!(names(&store, &query("", &order)), found, "{order:?}");
    }
    assert_eq!(names(&store, &query("metrics.acc > 0.1", &["metrics.acc"])), "ba");
    assert_eq!(names(&store, &query("metrics.acc != 0.9", &["metrics.acc"])), "bc");
}

#[test]
fn ties_go_by_start_time_then_by_id() {
    let store = open();
    for (name, start) in [("b", 5), ("a", 5), ("c", 9)] {
        let run_id = add(&store, name, start);
        store.log_batch(&run_id, &[metric("m", 1.0, 1, 0)], &[], &[]).unwrap();
    }
    assert_eq!(names(&store, &query("", &[])), "cab");
    assert_eq!(names(&store, &query("", &["metrics.m"])), "cab");
    assert_eq!(names(&store, &query("metrics.m = 1", &["metrics.m DESC"])), "cab");
}

#[test]
fn long_values_are_compared_whole() {
    let store = open();
    let long = "x".repeat(100);
    for (name, end) in [("a", "1"), ("b", "2")] {
        let run_id = add(&store, name, 1);
        store.log_batch(&run_id, &[], &[param("p", &format!("{long}{end}"))], &[]).unwrap();
    }
    assert_eq!(names(&store, &query(&format!("params.p = '{long}2'"), &[])), "b");
    assert_eq!(names(&store, &query("", &["params.p DESC"])), "ba");
}

#[test]
fn bad_queries_say_what_is_wrong() {
    let store = open();
    let error = fails(store.search_runs(&query("metrics.acc >", &[])), ErrorKind::Invalid);
    assert!(error.message.contains("metrics.acc >"), "{error}");
    fails(store.search_runs(&query("", &["metrics"])), ErrorKind::Invalid);
    fails(store.search_runs(&RunQuery { max_results: 0, ..query("", &[]) }), ErrorKind::Invalid);
    fails(store.search_runs(&RunQuery { max_results: 50_001, ..query("", &[]) }), ErrorKind::Invalid);
    let experiment_ids = vec!["x".into()];
    fails(store.search_runs(&RunQuery { experiment_ids, ..query("", &[]) }), ErrorKind::Invalid);
}
