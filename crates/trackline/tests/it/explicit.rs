//! Explicit logging wins over hooks.

use trackline::{Param, Source, Tag};

use crate::samples::{tracker, trial};

fn param(key: &str, value: &str) -> Param {
    Param { key: key.to_owned(), value: value.to_owned() }
}

#[test]
fn a_hook_leaves_alone_what_the_user_logged() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    let hook = run.with_source(Source::hook("argparse"));
    hook.log_metric("loss", 1.0, 0, None).unwrap();
    run.log_metric("loss", 2.0, 1, None).unwrap();
    hook.log_metrics(&[("loss", 3.0), ("other", 3.0)], 2, None).unwrap();
    run.log_params(vec![param("lr", "0.1")]).unwrap();
    hook.log_params(vec![param("lr", "0.2"), param("depth", "3")]).unwrap();
    run.set_tags(vec![Tag { key: "who".to_owned(), value: "me".to_owned() }]).unwrap();
    hook.set_tags(vec![Tag { key: "who".to_owned(), value: "it".to_owned() }]).unwrap();
    run.log_bytes(b"mine", "a.txt").unwrap();
    hook.log_bytes(b"its", "a.txt").unwrap();

    let store = tracker.store().unwrap();
    let found = store.get_run(run.id()).unwrap();
    let metrics: Vec<_> = found.data.metrics.iter().map(|m| (m.key.as_str(), m.value)).collect();
    assert_eq!(metrics, [("loss", 2.0), ("other", 3.0)]);
    assert_eq!(found.data.params, [param("depth", "3"), param("lr", "0.1")]);
    assert_eq!(store.param_history(run.id()).unwrap(), []);
    assert!(found.data.tags.iter().any(|tag| tag.key == "who" && tag.value == "me"));
    let root = found.info.artifact_uri.strip_prefix("mlflow-artifacts:/").unwrap();
    let file = store.list_artifacts(root).unwrap().remove(0);
    assert_eq!(file.file_size, Some(4));
}

#[test]
fn it_does_so_after_the_end_of_the_run_too() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    run.log_metric("loss", 2.0, 1, None).unwrap();
    run.end(trackline::RunStatus::Finished, None);
    run.with_source(Source::hook("stdout")).log_metric("loss", 3.0, 2, None).unwrap();
    let found = tracker.store().unwrap().get_run(run.id()).unwrap();
    assert_eq!(found.data.metrics[0].value, 2.0);
}
