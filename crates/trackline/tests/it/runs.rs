use trackline::{NewRun, RunStatus, Tag};

use crate::samples::{tag, tracker, trial};

#[test]
fn a_run_begins_with_what_is_known_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    assert!(!tracker.folder().exists(), "nothing is written before the first run");
    let tags = vec![Tag { key: "mlflow.source.type".to_owned(), value: "JOB".to_owned() }];
    let run = tracker
        .start_run(NewRun {
            run_name: Some("first".to_owned()),
            user_id: Some("ada".to_owned()),
            source_name: Some("train.py".to_owned()),
            start_time: Some(1234),
            tags,
            ..trial()
        })
        .unwrap();
    assert_eq!(run.id().len(), 32);

    let store = tracker.store().unwrap();
    let found = store.get_run(run.id()).unwrap();
    assert_eq!(found.info.run_name, "first");
    assert_eq!(found.info.user_id, "ada");
    assert_eq!(found.info.start_time, 1234);
    assert_eq!(found.info.status, RunStatus::Running);
    let experiment = store.get_experiment_by_name("trial").unwrap();
    assert_eq!(found.info.experiment_id, experiment.experiment_id);
    for (key, value) in [
        ("mlflow.user", "ada"),
        ("mlflow.source.name", "train.py"),
        ("mlflow.source.type", "JOB"),
        ("mlflow.runName", "first"),
    ] {
        assert_eq!(tag(&tracker, run.id(), key).as_deref(), Some(value), "{key}");
    }
}

#[test]
fn a_run_ends_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    run.end(RunStatus::Failed, Some(i64::MAX / 2));
    let ended = tracker.store().unwrap().get_run(run.id()).unwrap().info;
    assert_eq!((ended.status, ended.end_time), (RunStatus::Failed, Some(i64::MAX / 2)));
    let overhead: f64 = tag(&tracker, run.id(), "trackline.overhead_ms").unwrap().parse().unwrap();
    assert!(overhead > 0.0);

    let resumed = tracker.resume(run.id()).unwrap();
    let going_on = tracker.store().unwrap().get_run(run.id()).unwrap().info;
    assert_eq!(going_on.status, RunStatus::Running);
    resumed.end(RunStatus::Finished, None);
    assert_eq!(tracker.store().unwrap().get_run(run.id()).unwrap().info.status, RunStatus::Finished);
}

#[test]
fn logging_to_an_ended_run_leaves_its_status_alone() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    run.end(RunStatus::Finished, None);
    tracker.run(run.id()).unwrap().log_metric("late", 1.0, 0, None).unwrap();
    run.log_metric("later", 1.0, 0, None).unwrap();
    let found = tracker.store().unwrap().get_run(run.id()).unwrap();
    assert_eq!(found.info.status, RunStatus::Finished);
    assert_eq!(found.data.metrics.len(), 2);
}

#[test]
fn a_child_names_its_parent() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let parent = tracker.start_run(trial()).unwrap();
    let child = tracker.start_run(NewRun { parent_run_id: Some(parent.id().to_owned()), ..trial() }).unwrap();
    assert_eq!(tag(&tracker, child.id(), "mlflow.parentRunId").as_deref(), Some(parent.id()));
    assert_eq!(
        tag(&tracker, child.id(), "mlflow.source.git.commit"),
        tag(&tracker, parent.id(), "mlflow.source.git.commit")
    );
}

#[test]
fn experiment_tags_are_set_on_an_experiment_that_is_not_there_yet() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let tags = vec![Tag { key: "team".to_owned(), value: "blue".to_owned() }];
    tracker.set_experiment_tags(trial().experiment, tags.clone()).unwrap();
    assert_eq!(tracker.store().unwrap().get_experiment_by_name("trial").unwrap().tags, tags);
}
