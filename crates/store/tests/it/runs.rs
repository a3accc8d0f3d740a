use trackline_model::{LifecycleStage, RunStatus};
use trackline_store::{ErrorKind, NewRun};

use crate::support::{fails, metric, open, param, query, run, tag};

#[test]
fn a_run_has_a_name_an_id_and_a_place() {
    let store = open();
    let info = store.get_run(&run(&store)).unwrap().info;
    assert_eq!(info.run_id.len(), 32);
    assert_eq!(info.artifact_uri, format!("mlflow-artifacts:/0/{}/artifacts", info.run_id));
    assert_eq!(info.status, RunStatus::Running);
    assert_eq!(info.end_time, None);
    let parts: Vec<&str> = info.run_name.split('-').collect();
    assert_eq!(parts.len(), 3, "{}", info.run_name);
    assert!(parts[2].parse::<u32>().is_ok(), "{}", info.run_name);
}

#[test]
fn name_and_name_tag_stay_in_step() {
    let store = open();
    let new =
        NewRun { experiment_id: "0".into(), tags: vec![tag("mlflow.runName", "first")], ..NewRun::default() };
    let run = store.create_run(&new).unwrap();
    assert_eq!(run.info.run_name, "first");
    let run_id = run.info.run_id;
    store.set_tag(&run_id, &tag("mlflow.runName", "second")).unwrap();
    assert_eq!(store.get_run(&run_id).unwrap().info.run_name, "second");
    store.update_run(&run_id, None, None, Some("third")).unwrap();
    let run = store.get_run(&run_id).unwrap();
    assert_eq!(run.info.run_name, "third");
    assert_eq!(run.data.tags, [tag("mlflow.runName", "third")]);
    let differs = NewRun { run_name: Some("other".into()), ..new };
    fails(store.create_run(&differs), ErrorKind::Invalid);
}

#[test]
fn a_name_may_be_longer_than_an_index_takes() {
    let store = open();
    // As long as tags are, and nothing that can be packed.
    let name: String = (0..8000_u32).filter_map(|i| char::from_u32(0x4E00 + i * 7919 % 20_000)).collect();
    let run_id = "r".repeat(256);
    let new = NewRun {
        experiment_id: "0".into(),
        run_id: Some(run_id.clone()),
        run_name: Some(name.clone()),
        ..NewRun::default()
    };
    let first: String = name.chars().take(400).collect();
    assert_eq!(store.create_run(&new).unwrap().info.run_name, first);
    store.update_run(&run_id, None, None, Some("short")).unwrap();
    store.set_tag(&run_id, &tag("mlflow.runName", &name)).unwrap();
    let run = store.get_run(&run_id).unwrap();
    assert_eq!((run.info.run_name, run.data.tags), (first, vec![tag("mlflow.runName", &name)]));
    let found = store.search_runs(&query(&format!("run_name = '{name}'"), &["run_name"])).unwrap();
    assert_eq!(found.items.len(), 1);
}

#[test]
fn updating_changes_what_is_given() {
    let store = open();
    let run_id = run(&store);
    let info = store.update_run(&run_id, Some(RunStatus::Failed), Some(99), None).unwrap();
    assert_eq!((info.status, info.end_time), (RunStatus::Failed, Some(99)));
    let info = store.update_run(&run_id, None, None, Some("")).unwrap();
    assert_eq!((info.status, info.end_time), (RunStatus::Failed, Some(99)));
}

#[test]
fn a_deleted_run_can_be_read_and_not_written() {
    let store = open();
    let run_id = run(&store);
    store.delete_run(&run_id).unwrap();
    assert_eq!(store.get_run(&run_id).unwrap().info.lifecycle_stage, LifecycleStage::Deleted);
    let error = fails(store.log_batch(&run_id, &[metric("a", 1.0, 1, 0)], &[], &[]), ErrorKind::Invalid);
    assert!(error.message.contains("must be in the 'active' state"), "{error}");
    fails(store.log_batch(&run_id, &[], &[param("a", "b")], &[]), ErrorKind::Invalid);
    fails(store.set_tag(&run_id, &tag("a", "b")), ErrorKind::Invalid);
    fails(store.delete_tag(&run_id, "mlflow.runName"), ErrorKind::Invalid);
    fails(store.update_run(&run_id, Some(RunStatus::Finished), None, None), ErrorKind::Invalid);
    fails(store.log_inputs(&run_id, &[], &[]), ErrorKind::Invalid);
    fails(store.log_outputs(&run_id, &[]), ErrorKind::Invalid);
    store.restore_run(&run_id).unwrap();
    store.set_tag(&run_id, &tag("a", "b")).unwrap();
}

#[test]
fn bad_input_is_refused() {
    let store = open();
    let new = |experiment_id: &str| NewRun { experiment_id: experiment_id.into(), ..NewRun::default() };
    fails(store.create_run(&new("77")), ErrorKind::NotFound);
    let twice = NewRun { tags: vec![tag("a", "1"), tag("a", "2")], ..new("0") };
    fails(store.create_run(&twice), ErrorKind::Invalid);
    let named = NewRun { run_id: Some("0123".into()), ..new("0") };
    store.create_run(&named).unwrap();
    fails(store.create_run(&named), ErrorKind::AlreadyExists);
    let error = fails(store.get_run("nothing"), ErrorKind::NotFound);
    assert!(error.message.contains("nothing"), "{error}");
    store.delete_experiment("0").unwrap();
    fails(store.create_run(&new("0")), ErrorKind::Invalid);
}
