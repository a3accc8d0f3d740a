use trackline::{NewRun, RunStatus, Tag};

use crate::child::{fork, kill};
use crate::samples::{journals, steps, tag, tracker, trial};

#[test]
fn what_a_living_child_logs_to_its_parents_run_is_read_in_the_parent() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    run.log_metric("loss", 0.5, 0, None).unwrap();
    tracker.flush().unwrap();
    let mut child = fork(|say| {
        run.log_metric("loss", 0.5, 1, None).unwrap();
        say.line(format_args!("{:?}", tracker.flush()));
        say.line(format_args!("{:?}", tracker.store().unwrap_err().kind));
        std::thread::sleep(std::time::Duration::from_secs(300));
    });
    assert_eq!(child.line().unwrap(), "Ok(())");
    assert_eq!(child.line().unwrap(), "Unsupported");
    run.log_metric("loss", 0.5, 2, None).unwrap();
    assert_eq!(steps(&tracker, run.id(), "loss"), [0, 1, 2]);
    child.kill();
    assert_eq!(steps(&tracker, run.id(), "loss"), [0, 1, 2]);
    tracker.shutdown(RunStatus::Finished, std::time::Duration::from_secs(300)).unwrap();
    let left = std::fs::read_dir(tracker.folder().join("journals")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["forked.lock"]);
}

#[test]
fn a_child_of_a_parent_that_has_not_opened_the_store_reads_what_it_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let child = fork(|say| {
        let run = tracker.start_run(trial()).unwrap();
        run.log_metric("loss", 0.5, 1, None).unwrap();
        say.line(format_args!("{:?}", steps(&tracker, run.id(), "loss")));
    });
    assert_eq!(child.finish(), ["[1]"]);
}

#[test]
fn several_readers_carry_a_childs_journal_once() {
    let folder = tempfile::tempdir().unwrap();
    let first = tracker(folder.path());
    let run = first.start_run(trial()).unwrap();
    first.flush().unwrap();
    let child = fork(|_| {
        for step in 0..20_000 {
            run.log_metric("loss", 0.5, step, Some(7)).unwrap();
        }
    });
    let second = tracker(folder.path());
    std::thread::scope(|scope| {
        for reader in [&first, &first, &second, &second] {
            scope.spawn(|| (0..20).for_each(|_| drop(reader.store().unwrap())));
        }
    });
    child.finish();
    assert!(steps(&first, run.id(), "loss") == (0..20_000).collect::<Vec<_>>());
    let history = first.store().unwrap().summaries(run.id()).unwrap();
    assert_eq!(history[0].count, 20_000);
}

#[test]
fn a_child_forked_while_threads_log_is_not_caught_in_their_locks() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    let children = 20;
    std::thread::scope(|scope| {
        let logging = scope.spawn(|| {
            for step in 0..20_000 {
                run.log_metric("busy", 0.5, step, None).unwrap();
            }
        });
        for number in 0..children {
            let child = fork(|_| run.log_metric("child", 0.5, number, None).unwrap());
            assert!(child.finish().is_empty());
        }
        logging.join().unwrap();
    });
    assert_eq!(steps(&tracker, run.id(), "busy"), (0..20_000).collect::<Vec<_>>());
    assert_eq!(steps(&tracker, run.id(), "child"), (0..children).collect::<Vec<_>>());
}

#[test]
fn a_child_that_shuts_down_leaves_its_parents_run_open() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    let child = fork(|say| {
        let own = tracker.start_run(trial()).unwrap();
        tracker.shutdown(RunStatus::Killed, std::time::Duration::from_secs(300)).unwrap();
        say.line(own.id());
    });
    let own = child.finish().remove(0);
    let store = tracker.store().unwrap();
    assert_eq!(store.get_run(&own).unwrap().info.status, RunStatus::Killed);
    assert_eq!(store.get_run(run.id()).unwrap().info.status, RunStatus::Running);
}

#[test]
fn a_child_that_outlives_its_parent_does_not_keep_the_parents_journal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let mut parent = fork(|say| {
        let tracker = tracker(path);
        let run = tracker.start_run(trial()).unwrap();
        run.log_metric("loss", 0.5, 7, None).unwrap();
        let grandchild = fork(|_| std::thread::sleep(std::time::Duration::from_secs(300)));
        say.line(run.id());
        say.line(grandchild.pid());
        grandchild.finish();
    });
    let run_id = parent.line().unwrap();
    let grandchild = parent.line().unwrap().parse().unwrap();
    parent.kill_only();
    let tracker = tracker(path);
    let found = steps(&tracker, &run_id, "loss");
    let left = journals(&tracker);
    kill(grandchild);
    assert_eq!((found, left), (vec![7], 0));
}

#[test]
fn a_child_does_not_bring_back_the_tags_that_its_parents_run_began_with() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let stage = |value: &str| vec![Tag { key: "stage".to_owned(), value: value.to_owned() }];
    let run = tracker.start_run(NewRun { tags: stage("begun"), ..trial() }).unwrap();
    run.set_tags(stage("done")).unwrap();
    fork(|_| run.log_metric("loss", 0.5, 1, None).unwrap()).finish();
    assert_eq!(steps(&tracker, run.id(), "loss"), [1]);
    assert_eq!(tag(&tracker, run.id(), "stage").as_deref(), Some("done"));
    tracker.shutdown(RunStatus::Finished, std::time::Duration::from_secs(300)).unwrap();
    run.log_metric("loss", 0.5, 2, None).unwrap();
    assert_eq!(tag(&tracker, run.id(), "stage").as_deref(), Some("done"));
}
