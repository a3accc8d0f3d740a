use std::time::Duration;

use trackline_model::{Assessment, Tag, Trace, TraceState};
use trackline_store::{ErrorKind, OldTraces, TraceQuery};

use crate::support::{Fixture, fails, open};

fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.into(), value: value.into() }
}

fn trace(id: &str, time: i64, name: &str) -> Trace {
    Trace {
        trace_id: id.into(),
        experiment_id: "0".into(),
        request_time: time,
        duration: Some(time / 10),
        state: if time < 300 { TraceState::Ok } else { TraceState::Error },
        client_request_id: Some(format!("mine-{id}")),
        request_preview: Some("question".into()),
        response_preview: None,
        metadata: vec![tag("mlflow.sourceRun", "run of it"), tag("size", id)],
        tags: vec![tag("mlflow.traceName", name)],
        assessments: Vec::new(),
    }
}

fn three() -> Fixture {
    let store = open();
    for (id, time, name) in [("tr-a", 100, "ask"), ("tr-b", 200, "tell"), ("tr-c", 300, "ask")] {
        store.put_trace(&trace(id, time, name)).unwrap();
    }
    store
}

fn query(filter: &str) -> TraceQuery {
    let filter = filter.to_owned();
    let experiment_ids = vec!["0".into()];
    TraceQuery { experiment_ids, filter, order_by: Vec::new(), max_results: 10, page_token: None }
}

fn ids(store: &Fixture, query: &TraceQuery) -> Vec<String> {
    store.search_traces(query).unwrap().items.into_iter().map(|trace| trace.trace_id).collect()
}

#[test]
fn a_trace_is_kept_and_changed() {
    let store = open();
    let mut given = trace("tr-1", 100, "ask");
    let kept = store.put_trace(&given).unwrap();
    let location = tag("mlflow.artifactLocation", "mlflow-artifacts:/0/traces/tr-1/artifacts");
    assert_eq!(kept, Trace { tags: vec![location.clone(), tag("mlflow.traceName", "ask")], ..given.clone() });
    assert_eq!(store.get_trace("tr-1").unwrap(), kept);

    given.state = TraceState::Error;
    given.tags = vec![tag("more", "1")];
    let changed = store.put_trace(&given).unwrap();
    assert_eq!(changed.state, TraceState::Error);
    assert_eq!(changed.tags, [location, tag("mlflow.traceName", "ask"), tag("more", "1")]);

    store.set_trace_tag("tr-1", &tag("more", "2")).unwrap();
    store.delete_trace_tag("tr-1", "mlflow.traceName").unwrap();
    assert_eq!(store.get_trace("tr-1").unwrap().tags[1..], [tag("more", "2")]);
    fails(store.delete_trace_tag("tr-1", "none"), ErrorKind::NotFound);
    fails(store.set_trace_tag("tr-2", &tag("more", "2")), ErrorKind::NotFound);
    fails(store.get_trace("tr-2"), ErrorKind::NotFound);
}

#[test]
fn ids_that_lead_elsewhere_are_refused() {
    let store = open();
    for id in ["", "..", "a/b", "tr-é", &"x".repeat(51)] {
        fails(store.put_trace(&trace(id, 1, "ask")), ErrorKind::Invalid);
    }
    let nowhere = Trace { experiment_id: "77".into(), ..trace("tr-1", 1, "ask") };
    fails(store.put_trace(&nowhere), ErrorKind::NotFound);
}

#[test]
fn traces_are_searched() {
    let store = three();
    for (filter, found) in [
        ("", "tr-c tr-b tr-a"),
        ("name = 'ask'", "tr-c tr-a"),
        ("trace.name IN ('tell', 'other')", "tr-b"),
        ("trace.status = 'OK' AND attributes.timestamp_ms > 150", "tr-b"),
        ("execution_time_ms <= 20 OR end_time = 330", "tr-c tr-b tr-a"),
        ("request_metadata.size = 'tr-b'", "tr-b"),
        ("metadata.none IS NULL AND tags.mlflow.traceName LIKE 't%'", "tr-b"),
        ("client_request_id = 'mine-tr-a'", "tr-a"),
        ("NOT request_id = 'tr-a'", "tr-c tr-b"),
        ("run_id = 'other'", ""),
    ] {
        assert_eq!(ids(&store, &query(filter)).join(" "), found, "{filter}");
    }
    for (order, found) in [
        ("timestamp ASC", "tr-a tr-b tr-c"),
        ("name DESC", "tr-b tr-c tr-a"),
        ("status", "tr-c tr-b tr-a"),
        ("execution_time DESC", "tr-c tr-b tr-a"),
    ] {
        let ordered = TraceQuery { order_by: vec![order.into()], ..query("") };
        assert_eq!(ids(&store, &ordered).join(" "), found, "{order}");
    }
    fails(store.search_traces(&query("metrics.a > 1")), ErrorKind::Invalid);
    let nowhere = TraceQuery { experiment_ids: Vec::new(), ..query("") };
    assert!(ids(&store, &nowhere).is_empty());
}

#[test]
fn pages_follow_each_other() {
    let store = three();
    let first = store.search_traces(&TraceQuery { max_results: 2, ..query("") }).unwrap();
    assert_eq!(first.items.len(), 2);
    let rest = TraceQuery { max_results: 2, page_token: first.next_page_token, ..query("") };
    let rest = store.search_traces(&rest).unwrap();
    assert_eq!((rest.items[0].trace_id.as_str(), rest.next_page_token), ("tr-a", None));
}

#[test]
fn a_trace_belongs_to_the_runs_that_it_is_linked_to() {
    let store = three();
    store.link_traces(&["tr-a".into(), "tr-b".into()], "evaluation").unwrap();
    store.link_traces(&["tr-a".into()], "evaluation").unwrap();
    assert_eq!(ids(&store, &query("run_id = 'evaluation'")), ["tr-b", "tr-a"]);
    assert_eq!(ids(&store, &query("run_id = 'run of it'")).len(), 3);
    fails(store.link_traces(&["tr-a".into(), "none".into()], "other"), ErrorKind::NotFound);
    assert!(ids(&store, &query("run_id = 'other'")).is_empty());
}

#[test]
fn old_traces_and_their_files_are_deleted() {
    let store = three();
    let file = "0/traces/tr-a/artifacts/traces.json";
    store.put_artifact(file, &store.blobs().put_bytes(b"{}").unwrap()).unwrap();
    let until = |time, most| store.delete_traces("0", &OldTraces::Until { time, most }).unwrap();
    assert_eq!(until(300, Some(1)), 1);
    assert!(store.stat_artifact(file).unwrap().is_none());
    assert_eq!(ids(&store, &query("")), ["tr-c", "tr-b"]);
    assert_eq!(until(250, None), 1);
    let named = OldTraces::Ids(vec!["tr-c".into(), "none".into()]);
    let elsewhere = store.create_experiment("elsewhere", None, &[]).unwrap().experiment_id;
    let file = "0/traces/tr-c/artifacts/traces.json";
    store.put_artifact(file, &store.blobs().put_bytes(b"{}").unwrap()).unwrap();
    assert_eq!(store.delete_traces(&elsewhere, &named).unwrap(), 0);
    assert!(store.stat_artifact(file).unwrap().is_some());
    assert_eq!(store.delete_traces("0", &named).unwrap(), 1);
}

#[test]
fn a_trace_takes_no_files_of_others_along() {
    let store = open();
    let place = |place: &str| tag("mlflow.artifactLocation", place);
    let theirs = place("mlflow-artifacts:/0/r/artifacts");
    let file = "0/r/artifacts/model.bin";
    store.put_artifact(file, &store.blobs().put_bytes(b"{}").unwrap()).unwrap();
    let mut given = Trace { tags: vec![theirs.clone()], ..trace("tr-1", 1, "ask") };
    store.put_trace(&given).unwrap();
    fails(store.set_trace_tag("tr-1", &theirs), ErrorKind::Invalid);
    fails(store.delete_trace_tag("tr-1", &theirs.key), ErrorKind::Invalid);
    given.experiment_id = store.create_experiment("other", None, &[]).unwrap().experiment_id;
    let kept = store.put_trace(&given).unwrap();
    assert_eq!(kept.experiment_id, "0");
    assert_eq!(kept.tags, [place("mlflow-artifacts:/0/traces/tr-1/artifacts")]);
    assert_eq!(store.delete_traces("0", &OldTraces::Ids(vec!["tr-1".into()])).unwrap(), 1);
    assert!(store.stat_artifact(file).unwrap().is_some());
}

#[test]
fn an_experiment_takes_its_traces_along() {
    let store = open();
    let experiment_id = store.create_experiment("short", None, &[]).unwrap().experiment_id;
    store.put_trace(&Trace { experiment_id: experiment_id.clone(), ..trace("tr-1", 1, "ask") }).unwrap();
    let file = format!("{experiment_id}/traces/tr-1/artifacts/traces.json");
    store.put_artifact(&file, &store.blobs().put_bytes(b"{}").unwrap()).unwrap();
    store.delete_experiment(&experiment_id).unwrap();
    assert_eq!(store.gc(Duration::ZERO, None).unwrap().experiments, [experiment_id]);
    fails(store.get_trace("tr-1"), ErrorKind::NotFound);
    assert!(store.stat_artifact(&file).unwrap().is_none());
}

#[test]
fn assessments_stay_in_the_order_they_were_made() {
    let store = three();
    let assessment =
        |id: &str| Assessment { assessment_id: id.into(), content: format!("{{\"id\":\"{id}\"}}") };
    for id in ["a-2", "a-1", "a-3"] {
        store.create_assessment("tr-a", &assessment(id)).unwrap();
    }
    let changed = store.update_assessment("tr-a", "a-1", |before| Ok(format!("[{before}]"))).unwrap();
    assert_eq!(changed.content, r#"[{"id":"a-1"}]"#);
    assert_eq!(store.get_assessment("tr-a", "a-1").unwrap(), changed);
    store.delete_assessment("tr-a", "a-2").unwrap();
    let kept: Vec<_> = store.get_trace("tr-a").unwrap().assessments;
    assert_eq!(kept, [changed, assessment("a-3")]);
    fails(store.get_assessment("tr-b", "a-1"), ErrorKind::NotFound);
    fails(store.create_assessment("none", &assessment("a-1")), ErrorKind::NotFound);
}
