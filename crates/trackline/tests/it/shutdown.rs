use std::time::Duration;

use trackline::{RunStatus, store::Store};

use crate::samples::{journals, steps, tracker, trial, wait_for};

const LONG: Duration = Duration::from_secs(300);

#[test]
fn open_runs_end_and_the_journal_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    let ended = tracker.start_run(trial()).unwrap();
    ended.end(RunStatus::Failed, None);
    run.log_metric("loss", 0.5, 0, None).unwrap();
    assert_eq!(journals(&tracker), 1);
    tracker.shutdown(RunStatus::Finished, LONG).unwrap();
    assert_eq!(journals(&tracker), 0);
    let store = Store::open(tracker.folder()).unwrap();
    assert_eq!(store.get_run(run.id()).unwrap().info.status, RunStatus::Finished);
    assert_eq!(store.get_run(ended.id()).unwrap().info.status, RunStatus::Failed);
}

#[test]
fn a_tracker_that_was_shut_down_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    run.log_metric("loss", 0.5, 0, None).unwrap();
    tracker.shutdown(RunStatus::Finished, LONG).unwrap();
    run.log_metric("loss", 0.5, 1, None).unwrap();
    assert_eq!(steps(&tracker, run.id(), "loss"), [0, 1]);
    tracker.shutdown(RunStatus::Finished, LONG).unwrap();
    assert_eq!(journals(&tracker), 0);
}

#[test]
fn a_tracker_without_a_run_shuts_down_without_a_trace() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    tracker.shutdown(RunStatus::Finished, LONG).unwrap();
    assert!(!tracker.folder().exists());
}

#[test]
fn what_a_dropped_tracker_appended_reaches_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let first = tracker(folder.path());
    let run = first.start_run(trial()).unwrap();
    let run_id = run.id().to_owned();
    for step in 0..1000 {
        run.log_metric("loss", 0.5, step, None).unwrap();
    }
    drop((first, run));
    let second = tracker(folder.path());
    wait_for(|| (journals(&second) == 0).then_some(()));
    assert_eq!(steps(&second, &run_id, "loss").len(), 1000);
}
