use trackline::{ErrorKind, ExperimentRef, Invalid, NewRun, Param, Tag};

use crate::samples::{steps, tracker, trial};

fn refused(result: Result<(), Invalid>, part: &str) {
    let message = result.unwrap_err().message;
    assert!(message.contains(part), "{message}");
}

#[test]
fn bad_data_is_refused_with_a_reason_and_the_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    refused(run.log_metric("a*b", 1.0, 0, None), "'*'");
    refused(run.log_metric(&"k".repeat(251), 1.0, 0, None), "250");
    refused(run.log_metric("loss", 1.0, 0, Some(-1)), "-1");
    refused(run.log_params(vec![Param { key: String::new(), value: "1".to_owned() }]), "param");
    refused(run.set_tags(vec![Tag { key: "../up".to_owned(), value: String::new() }]), "../up");
    refused(run.log_bytes(b"x", "../../etc/passwd"), "..");
    refused(run.log_bytes(b"x", "/etc/passwd"), "/etc/passwd");
    refused(run.log_artifact(folder.path().join("none").as_path(), None), "none");
    refused(run.log_artifacts(folder.path().join("none").as_path(), None), "not a folder");
    run.log_metric("loss", 1.0, 3, None).unwrap();
    assert_eq!(steps(&tracker, run.id(), "loss"), [3]);
    assert_eq!(tracker.take_problem(), None);
}

#[test]
fn of_a_batch_with_a_bad_key_nothing_is_logged() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    run.log_metric("known", 1.0, 0, None).unwrap();
    refused(run.log_metrics(&[("known", 2.0), ("new", 2.0), ("b\0d", 2.0)], 1, None), "metric key");
    run.log_metrics(&[("known", 3.0), ("new", 3.0)], 2, None).unwrap();
    assert_eq!(steps(&tracker, run.id(), "known"), [0, 2]);
    assert_eq!(steps(&tracker, run.id(), "new"), [2]);
}

#[test]
fn an_experiment_needs_a_name_and_a_run_an_id() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let nameless = NewRun { experiment: ExperimentRef::Name(String::new()), ..NewRun::default() };
    assert!(tracker.start_run(nameless).is_err());
    assert!(tracker.resume("../x").is_err());
    assert!(tracker.run("").is_err());
    assert!(!tracker.folder().exists());
}

#[test]
fn what_the_store_refuses_does_not_hold_up_the_rest_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    run.log_bytes(b"x", "plot").unwrap();
    run.log_bytes(b"x", "plot/inner.png").unwrap();
    run.log_metric("loss", 1.0, 5, None).unwrap();
    assert_eq!(steps(&tracker, run.id(), "loss"), [5]);
    let problem = tracker.take_problem().unwrap();
    assert!(problem.kind == ErrorKind::Store && problem.message.contains("plot"), "{problem}");
}

#[test]
fn more_than_a_journal_takes_at_once_is_told_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.run(&"0".repeat(32)).unwrap();
    let value = "x".repeat(8_000);
    run.set_tags((0..9_000).map(|key| Tag { key: key.to_string(), value: value.clone() }).collect()).unwrap();
    tracker.flush().unwrap();
    assert_eq!(tracker.take_problem().unwrap().kind, ErrorKind::Invalid);
    let good = tracker.start_run(trial()).unwrap();
    good.log_metric("loss", 1.0, 5, None).unwrap();
    assert_eq!(steps(&tracker, good.id(), "loss"), [5]);
}
