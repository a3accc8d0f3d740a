use trackline::{RunStatus, Tracker};

use crate::child::{Say, fork};
use crate::samples::{journals, steps, tracker, trial};

/// Logs for ever, and says each step once its call has returned.
fn log_for_ever(tracker: &Tracker, say: &mut Say) {
    let run = tracker.start_run(trial()).unwrap();
    say.line(run.id());
    for step in 0.. {
        run.log_metric("loss", 0.5, step, None).unwrap();
        say.line(step);
    }
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_exactly_once() {
    let folders = [0, 1, 500, 5_000].map(|calls| (calls, tempfile::tempdir().unwrap()));
    let children = folders.map(|(calls, folder)| {
        let child = fork(|say| log_for_ever(&tracker(folder.path()), say));
        (calls, folder, child)
    });
    for (acknowledged, folder, mut child) in children {
        let path = folder.path();
        let run_id = child.line().unwrap();
        for _ in 0..acknowledged {
            child.line().unwrap();
        }
        let last = child.kill().last().map_or(acknowledged - 1, |step| step.parse().unwrap());

        let tracker = tracker(path);
        let found = steps(&tracker, &run_id, "loss");
        // The last call may have been cut off before it could say so.
        assert!([last + 1, last + 2].contains(&(found.len() as i64)), "{} of {last}", found.len());
        assert_eq!(found, (0..found.len() as i64).collect::<Vec<_>>());
        assert_eq!(journals(&tracker), 0);
        assert_eq!(steps(&tracker, &run_id, "loss"), found);
    }
}

#[test]
fn processes_log_to_one_store_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let work = |say: &mut Say| {
        let tracker = tracker(path);
        let run = tracker.start_run(trial()).unwrap();
        for step in 0..3_000 {
            run.log_metric("loss", 0.5, step, None).unwrap();
        }
        run.end(RunStatus::Finished, None);
        tracker.flush().unwrap();
        say.line(run.id());
    };
    let children = [fork(work), fork(work), fork(work)];
    let ids = children.map(|child| child.finish().remove(0));
    let tracker = tracker(path);
    for id in ids {
        assert_eq!(steps(&tracker, &id, "loss"), (0..3_000).collect::<Vec<_>>());
        assert_eq!(tracker.store().unwrap().get_run(&id).unwrap().info.status, RunStatus::Finished);
    }
}
