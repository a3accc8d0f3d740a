use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use trackline::{ErrorKind, RunStatus};

use crate::child::fork;
use crate::samples::{journals, steps, tracker, trial};

#[test]
fn without_permission_the_program_goes_on_and_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::set_permissions(path, fs::Permissions::from_mode(0o555)).unwrap();
    let child = fork(|say| {
        become_nobody();
        let tracker = tracker(path);
        let run = tracker.start_run(trial()).unwrap();
        for step in 0..100 {
            run.log_metric("loss", 0.5, step, None).unwrap();
        }
        run.log_bytes(b"text", "a.txt").unwrap();
        run.end(RunStatus::Finished, None);
        let problem = tracker.take_problem().unwrap();
        say.line(format_args!("{:?}", problem.kind));
        say.line(problem.message.contains(path.to_str().unwrap()));
        say.line(tracker.take_problem().is_none());
        say.line(format_args!("{:?}", tracker.store().unwrap_err().kind));
        say.line(tracker.shutdown(RunStatus::Finished, Duration::from_secs(300)).is_ok());
    });
    let said = child.finish();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(said, ["ReadOnly", "true", "true", "ReadOnly", "true"]);
}

/// Permissions mean nothing to root.
#[allow(unsafe_code)]
fn become_nobody() {
    // SAFETY: changes this process only; without the right to do it the process is not root.
    unsafe { libc::setuid(65534) };
}

#[test]
fn a_folder_that_was_mended_is_used_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("store"), "in the way").unwrap();
    let in_the_way = folder.path().join("store");
    fs::remove_file(&in_the_way).unwrap();
    let tracker = tracker(folder.path());
    fs::write(&in_the_way, "in the way").unwrap();
    tracker.start_run(trial()).unwrap().log_metric("loss", 0.5, 0, None).unwrap();
    assert_eq!(tracker.take_problem().unwrap().kind, ErrorKind::Io);
    fs::remove_file(&in_the_way).unwrap();
    let run = tracker.start_run(trial()).unwrap();
    run.log_metric("loss", 0.5, 1, None).unwrap();
    assert_eq!(steps(&tracker, run.id(), "loss"), [1]);
}

#[test]
fn after_its_folder_was_removed_the_next_run_makes_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let tracker = tracker(path);
    let first = tracker.start_run(trial()).unwrap();
    first.log_metric("loss", 0.5, 0, None).unwrap();
    tracker.flush().unwrap();
    fs::remove_dir_all(tracker.folder()).unwrap();
    // Goes with the folder.
    first.log_metric("loss", 0.5, 1, None).unwrap();

    let second = tracker.start_run(trial()).unwrap();
    for step in 0..100 {
        second.log_metric("loss", 0.5, step, None).unwrap();
    }
    second.log_bytes(b"text", "a.txt").unwrap();
    first.log_metric("loss", 0.5, 2, None).unwrap();
    tracker.shutdown(RunStatus::Finished, Duration::from_secs(300)).unwrap();
    assert_eq!(journals(&tracker), 0);

    let looked = crate::samples::tracker(path);
    assert_eq!(steps(&looked, second.id(), "loss"), (0..100).collect::<Vec<_>>());
    assert_eq!(steps(&looked, first.id(), "loss"), [2]);
    for run in [first.id(), second.id()] {
        assert_eq!(looked.store().unwrap().get_run(run).unwrap().info.status, RunStatus::Finished);
    }
}

#[test]
fn the_folder_keeps_itself_out_of_version_control() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    tracker.start_run(trial()).unwrap();
    assert_eq!(fs::read_to_string(tracker.folder().join(".gitignore")).unwrap(), "*\n");
}

#[test]
fn a_store_in_trouble_gets_everything_when_the_trouble_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let in_the_way = tracker.folder().join("trackline.db");
    fs::create_dir_all(&in_the_way).unwrap();
    let run = tracker.start_run(trial()).unwrap();
    for step in 0..100 {
        run.log_metric("loss", 0.5, step, None).unwrap();
    }
    let told = tracker.flush().unwrap_err();
    assert!(told.message.contains(tracker.folder().to_str().unwrap()), "{told}");
    assert_eq!(tracker.take_problem(), Some(told));
    run.log_metric("loss", 0.5, 100, None).unwrap();
    fs::remove_dir(&in_the_way).unwrap();
    assert_eq!(steps(&tracker, run.id(), "loss"), (0..=100).collect::<Vec<_>>());
    assert_eq!(tracker.take_problem(), None);
}

#[test]
fn the_end_of_the_program_does_not_wait_for_what_time_does_not_mend() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    fs::create_dir_all(tracker.folder()).unwrap();
    fs::write(tracker.folder().join("trackline.db"), "no database ".repeat(1000)).unwrap();
    let run = tracker.start_run(trial()).unwrap();
    run.log_metric("loss", 0.5, 0, None).unwrap();
    let for_ever = Duration::from_secs(1_000_000);
    assert_eq!(tracker.shutdown(RunStatus::Finished, for_ever).unwrap_err().kind, ErrorKind::Damaged);
    assert_eq!(journals(&tracker), 1);
}
