//! What every fixture of a format holds; `examples/fixture.rs` writes them.

use trackline_store::{Store, TraceQuery};

/// Checks a store of the format `version` when it has been opened.
pub fn check(store: &Store, version: i64) {
    let run = store.get_run("0123456789abcdef0123456789abcdef").unwrap();
    assert_eq!(run.info.run_name, "fixture");
    assert_eq!(run.data.params.len(), 2);
    assert_eq!(run.dataset_inputs.len(), 1);
    let points = store.points(&run.info.run_id, "loss").unwrap();
    assert_eq!(points.len(), 40);
    assert_eq!((points[39].step, points[39].timestamp, points[39].value), (39, 1039, 1.0 / 40.0));
    let odd: Vec<u64> =
        store.points(&run.info.run_id, "odd").unwrap().iter().map(|p| p.value.to_bits()).collect();
    assert_eq!(odd, [f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(f64::to_bits));
    assert_eq!(store.param_history(&run.info.run_id).unwrap().len(), 2);
    assert_eq!(store.get_version_by_alias("forest", "best").unwrap().version, 1);
    assert_eq!(store.list_artifacts("1/0123456789abcdef0123456789abcdef/artifacts").unwrap().len(), 2);
    assert_eq!(store.drained("fixture").unwrap(), 1234);
    let webhooks = store.list_webhooks(100, None).unwrap().items;
    assert_eq!(webhooks.len(), usize::from(version >= 3));
    let query = TraceQuery {
        experiment_ids: vec!["0".into()],
        filter: format!("run_id = '{}'", run.info.run_id),
        order_by: Vec::new(),
        max_results: 10,
        page_token: None,
    };
    let traces = store.search_traces(&query).unwrap().items;
    assert_eq!(traces.len(), usize::from(version >= 6));
    let ids: Vec<String> = traces.iter().map(|trace| trace.trace_id.clone()).collect();
    let spans: Vec<_> =
        store.traces_with_spans(&ids, None).unwrap().into_iter().flat_map(|(_, spans)| spans).collect();
    assert_eq!(spans.len(), usize::from(version >= 7));
    assert!(spans.iter().all(|span| span.name == "ask" && span.content.contains("tokens")));
    assert!(traces.iter().all(|trace| trace.duration == Some(25) && trace.assessments.len() == 1));
}
