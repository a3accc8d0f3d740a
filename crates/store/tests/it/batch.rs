use trackline_store::ErrorKind;

use crate::support::{fails, metric, open, param, run, tag};

#[test]
fn what_is_logged_comes_back() {
    let store = open();
    let run_id = run(&store);
    let metrics = [metric("loss", 0.5, 1, 0), metric("loss", 0.25, 2, 1), metric("acc", 1.0, 1, 0)];
    store.log_batch(&run_id, &metrics, &[param("lr", "0.1")], &[tag("team", "a"), tag("team", "b")]).unwrap();
    let data = store.get_run(&run_id).unwrap().data;
    assert_eq!(data.metrics, [metric("acc", 1.0, 1, 0), metric("loss", 0.25, 2, 1)]);
    assert_eq!(data.params, [param("lr", "0.1")]);
    assert!(data.tags.contains(&tag("team", "b")), "the last one of a batch stands: {:?}", data.tags);
}

#[test]
fn a_refused_batch_leaves_nothing() {
    let store = open();
    let run_id = run(&store);
    store.log_batch(&run_id, &[], &[param("lr", "0.1")], &[]).unwrap();
    let before = store.get_run(&run_id).unwrap();
    let good = [metric("loss", 0.5, 1, 0)];
    let tags = [tag("t", "v")];
    let error = fails(store.log_batch(&run_id, &good, &[param("lr", "0.2")], &tags), ErrorKind::Invalid);
    assert!(error.message.contains("Changing param values is not allowed"), "{error}");
    assert!(error.message.contains("0.1") && error.message.contains("0.2"), "{error}");
    let new = param("new", "1");
    fails(store.log_batch(&run_id, &good, &[new.clone(), new.clone()], &tags), ErrorKind::Invalid);
    fails(
        store.log_batch(&run_id, &[metric("m", 1.0, -1, 0)], std::slice::from_ref(&new), &tags),
        ErrorKind::Invalid,
    );
    fails(store.log_batch(&run_id, &[metric("../m", 1.0, 1, 0)], &[new], &tags), ErrorKind::Invalid);
    assert_eq!(store.get_run(&run_id).unwrap(), before);
    store.log_batch(&run_id, &[], &[param("lr", "0.1")], &[]).unwrap();
}

#[test]
fn a_batch_has_limits() {
    let store = open();
    let run_id = run(&store);
    let many: Vec<_> = (0..1001).map(|step| metric("m", 0.0, 1, step)).collect();
    let error = fails(store.log_batch(&run_id, &many, &[], &[]), ErrorKind::Invalid);
    assert!(error.message.contains("A batch logging request can contain at most 1000 metrics"), "{error}");
    store.log_batch(&run_id, &many[..1000], &[], &[]).unwrap();
    let params: Vec<_> = (0..101).map(|index| param(&format!("p{index}"), "")).collect();
    fails(store.log_batch(&run_id, &[], &params, &[]), ErrorKind::Invalid);
}

#[test]
fn long_values_are_cut_and_may_be_logged_again() {
    let store = open();
    let run_id = run(&store);
    let long = "ä".repeat(9000);
    for _ in 0..2 {
        store.log_batch(&run_id, &[], &[param("p", &long)], &[tag("t", &long)]).unwrap();
    }
    let data = store.get_run(&run_id).unwrap().data;
    assert_eq!(data.params[0].value.chars().count(), 6000);
    assert_eq!(data.tags.last().unwrap().value.chars().count(), 8000);
}
