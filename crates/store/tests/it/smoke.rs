use trackline_store::RunQuery;

use crate::support::{metric, open, param, run, tag};

#[test]
fn what_is_logged_comes_back() {
    let store = open();
    let run_id = run(&store);
    store
        .log_batch(
            &run_id,
            &[metric("loss", 0.5, 1, 0), metric("loss", 0.25, 2, 1)],
            &[param("lr", "0.1")],
            &[tag("team", "a")],
        )
        .unwrap();
    let run = store.get_run(&run_id).unwrap();
    assert_eq!(run.data.metrics, [metric("loss", 0.25, 2, 1)]);
    assert_eq!(run.data.params, [param("lr", "0.1")]);
    assert_eq!(run.data.tags[1], tag("team", "a"));
    assert_eq!(store.points(&run_id, "loss").unwrap().len(), 2);
    let found = store
        .search_runs(&RunQuery {
            experiment_ids: vec!["0".into()],
            filter: "metrics.loss < 1 and params.lr = '0.1'".into(),
            order_by: vec!["metrics.loss DESC".into()],
            ..RunQuery::default()
        })
        .unwrap();
    assert_eq!(found.items, [run]);
}
