use trackline_model::{Span, SpanStatus, Tag, Trace, TraceState};
use trackline_store::{ErrorKind, OldTraces, TraceQuery};

use crate::support::{Fixture, fails, open};

fn trace(id: &str, start: i64, duration: i64, state: TraceState) -> Trace {
    Trace {
        trace_id: id.into(),
        experiment_id: String::new(),
        request_time: start,
        duration: Some(duration),
        state,
        client_request_id: None,
        request_preview: None,
        response_preview: None,
        metadata: Vec::new(),
        tags: Vec::new(),
        assessments: Vec::new(),
    }
}

fn span(id: &str, parent: Option<&str>, name: &str, start: i64) -> Span {
    let kind = if parent.is_some() { "LLM" } else { "CHAIN" };
    Span {
        span_id: id.into(),
        parent_id: parent.map(str::to_owned),
        name: name.into(),
        span_type: Some(kind.into()),
        status: SpanStatus::Ok,
        start_time: start,
        content: format!(
            r#"{{"name": "{name}", "attributes": {{"mlflow.spanType": "\"{kind}\"", "at": "{start}", "list": "[1, null]"}}}}"#
        ),
    }
}

/// A trace whose child ended before its root.
fn two() -> Fixture {
    let store = open();
    let child = (trace("tr-1", 20, 5, TraceState::InProgress), vec![span("b", Some("a"), "child", 20)]);
    store.log_spans("0", &[child]).unwrap();
    let root = (trace("tr-1", 10, 30, TraceState::Ok), vec![span("a", None, "root", 10)]);
    store.log_spans("0", &[root]).unwrap();
    store
}

fn found(store: &Fixture, filter: &str) -> usize {
    let query = TraceQuery {
        experiment_ids: vec!["0".into()],
        filter: filter.into(),
        order_by: Vec::new(),
        max_results: 10,
        page_token: None,
    };
    store.search_traces(&query).unwrap().items.len()
}

#[test]
fn a_trace_grows_with_its_spans_until_the_root_has_ended() {
    let store = two();
    let late = trace("tr-1", 5, 500, TraceState::InProgress);
    store.log_spans("0", &[(late, vec![span("c", Some("a"), "late", 5)])]).unwrap();
    let (kept, spans) = store.traces_with_spans(&["tr-1".into()], None).unwrap().pop().unwrap();
    assert_eq!((kept.request_time, kept.duration, kept.state), (10, Some(30), TraceState::Ok));
    let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["root", "late", "child"]);
    let place = Tag { key: "mlflow.trace.spansLocation".into(), value: "TRACKING_STORE".into() };
    assert!(kept.tags.contains(&place));
    assert!(kept.tags.iter().any(|tag| tag.key == "mlflow.artifactLocation"));
}

#[test]
fn a_trace_that_goes_on_is_as_long_as_its_spans() {
    let store = open();
    for (start, duration) in [(20, 5), (10, 3), (24, 1)] {
        let seen = trace("tr-1", start, duration, TraceState::InProgress);
        store.log_spans("0", &[(seen, vec![span("b", Some("a"), "child", start)])]).unwrap();
    }
    let kept = store.get_trace("tr-1").unwrap();
    assert_eq!((kept.request_time, kept.duration, kept.state), (10, Some(15), TraceState::InProgress));
}

#[test]
fn a_span_that_is_sent_again_is_replaced() {
    let store = two();
    let again = trace("tr-1", 10, 30, TraceState::Ok);
    store.log_spans("0", &[(again, vec![span("a", None, "other", 10)])]).unwrap();
    let (_, spans) = store.traces_with_spans(&["tr-1".into()], None).unwrap().pop().unwrap();
    let names: Vec<&str> = spans.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, ["other", "child"]);
}

#[test]
fn a_trace_that_its_client_starts_later_keeps_its_spans() {
    let store = two();
    let mut started = trace("tr-1", 11, 29, TraceState::Error);
    started.experiment_id = "0".into();
    store.put_trace(&started).unwrap();
    let (kept, spans) = store.traces_with_spans(&["tr-1".into()], None).unwrap().pop().unwrap();
    assert_eq!((kept.request_time, kept.state, spans.len()), (11, TraceState::Error, 2));
}

#[test]
fn traces_come_in_the_order_that_is_asked_for() {
    let store = two();
    store.log_spans("0", &[(trace("tr-2", 1, 1, TraceState::Ok), vec![span("a", None, "root", 1)])]).unwrap();
    let ids = ["tr-2", "tr-0", "tr-1"].map(str::to_owned);
    let found = store.traces_with_spans(&ids, Some(&["0".into()])).unwrap();
    let found: Vec<&str> = found.iter().map(|(trace, _)| trace.trace_id.as_str()).collect();
    assert_eq!(found, ["tr-2", "tr-1"]);
    assert!(store.traces_with_spans(&ids, Some(&["7".into()])).unwrap().is_empty());
}

#[test]
fn traces_are_found_by_their_spans() {
    let store = two();
    for (filter, count) in [
        ("span.name = 'child'", 1),
        ("span.name IN ('child', 'x')", 1),
        ("span.name = 'none'", 0),
        ("span.type = 'LLM' AND span.status = 'OK'", 1),
        // One and the same span.
        ("span.name = 'root' AND span.type = 'LLM'", 0),
        ("span.name = 'root' AND trace.status = 'OK' AND span.type = 'CHAIN'", 1),
        ("span.name = 'none' OR span.type = 'LLM'", 1),
        ("NOT span.name = 'none'", 1),
        ("span.attributes.at = '20'", 1),
        ("span.attributes.at LIKE '%9%'", 0),
        ("span.attributes.mlflow.spanType = 'LLM'", 1),
        ("span.attributes.list LIKE '%null%'", 1),
        ("span.content ILIKE '%CHILD%'", 1),
        ("trace.text LIKE '%root%'", 1),
    ] {
        assert_eq!(found(&store, filter), count, "{filter}");
    }
}

#[test]
fn spans_go_with_their_trace() {
    let store = two();
    assert_eq!(store.delete_traces("0", &OldTraces::Ids(vec!["tr-1".into()])).unwrap(), 1);
    let mut again = trace("tr-1", 1, 1, TraceState::Ok);
    again.experiment_id = "0".into();
    store.put_trace(&again).unwrap();
    assert!(store.traces_with_spans(&["tr-1".into()], None).unwrap()[0].1.is_empty());
}

#[test]
fn spans_need_an_experiment() {
    let store = open();
    let seen = || (trace("tr-1", 1, 1, TraceState::Ok), vec![span("a", None, "root", 1)]);
    fails(store.log_spans("7", &[seen()]), ErrorKind::NotFound);
    let id = store.create_experiment("gone", None, &[]).unwrap().experiment_id;
    store.delete_experiment(&id).unwrap();
    fails(store.log_spans(&id, &[seen()]), ErrorKind::Invalid);
}
