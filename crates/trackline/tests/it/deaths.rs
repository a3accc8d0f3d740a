//! Runs whose process ended none of them itself.

use std::time::Duration;

use trackline::store::Store;
use trackline::{NewRun, RunHandle, RunStatus, Tracker, recover};

use crate::child::{Child, Say, fork, kill, signal};
use crate::samples::{journals, tag, tracker, trial, wait_for};
use crate::servers::set_variable;

const EXIT: &str = "trackline.exit";
const REASON: &str = "trackline.exit_reason";

fn status(tracker: &Tracker, run_id: &str) -> RunStatus {
    tracker.store().unwrap().get_run(run_id).unwrap().info.status
}

fn wait_for_ever() {
    std::thread::sleep(Duration::from_secs(600));
}

/// A process that starts a run, says its id once it is in the store, and then does `then`.
fn begin(path: &std::path::Path, then: impl FnOnce(&Tracker, &mut Say)) -> (Child, String) {
    let mut child = fork(|say| {
        let tracker = tracker(path);
        let run = tracker.start_run(trial()).unwrap();
        run.log_metric("loss", 0.5, 1, None).unwrap();
        tracker.flush().unwrap();
        say.line(run.id());
        then(&tracker, say);
    });
    let run_id = child.line().unwrap();
    (child, run_id)
}

#[test]
fn a_killed_process_takes_its_runs_with_it_at_the_time_of_its_last_record() {
    let folder = tempfile::tempdir().unwrap();
    let (child, run_id) = begin(folder.path(), |_, _| wait_for_ever());
    let pid = child.pid();
    let tracker = tracker(folder.path());
    assert_eq!(status(&tracker, &run_id), RunStatus::Running);
    child.kill();
    let info = tracker.store().unwrap().get_run(&run_id).unwrap().info;
    assert_eq!(info.status, RunStatus::Killed);
    let last = tracker.store().unwrap().points(&run_id, "loss").unwrap()[0].timestamp;
    // Facts about the process follow the point; nobody looked at the run for long.
    assert!(info.end_time.unwrap() >= info.start_time && info.end_time.unwrap() - last < 20_000);
    assert_eq!(tag(&tracker, &run_id, EXIT).as_deref(), Some("killed"));
    let reason = tag(&tracker, &run_id, REASON).unwrap();
    assert!(reason.contains(&pid.to_string()), "{reason}");
}

#[test]
#[allow(unsafe_code)]
fn so_does_one_whose_lock_a_program_that_it_has_just_started_still_holds() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, run_id) = begin(folder.path(), |_, say| {
        let mut open = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
        let is_journal = |entry: &std::fs::DirEntry| {
            std::fs::read_link(entry.path())
                .is_ok_and(|path| path.extension().is_some_and(|end| end == "journal"))
        };
        let journal: i32 = open.find(is_journal).unwrap().file_name().to_str().unwrap().parse().unwrap();
        // SAFETY: a descriptor of this process, which its children keep.
        assert!(unsafe { libc::dup(journal) } >= 0);
        let mut sleep = std::process::Command::new("sleep");
        let mut sleeper = sleep.arg("0.2").stdout(std::process::Stdio::null()).spawn().unwrap();
        say.line("started");
        sleeper.wait().unwrap();
        wait_for_ever();
    });
    child.line().unwrap();
    child.kill_only();
    assert_eq!(status(&tracker(folder.path()), &run_id), RunStatus::Killed);
}

#[test]
#[allow(unsafe_code)]
fn so_does_one_that_aborts_or_leaves_at_once() {
    for leave in [std::process::abort as fn() -> !, || {
        // SAFETY: ends the process at once.
        unsafe { libc::_exit(0) }
    }] {
        let folder = tempfile::tempdir().unwrap();
        let (mut child, run_id) = begin(folder.path(), |_, _| leave());
        assert_eq!(child.line(), None);
        child.wait();
        let tracker = tracker(folder.path());
        assert_eq!(status(&tracker, &run_id), RunStatus::Killed);
        assert_eq!(tag(&tracker, &run_id, EXIT).as_deref(), Some("killed"));
    }
}

#[test]
fn a_paused_process_goes_on_with_its_run() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, run_id) = begin(folder.path(), |tracker, say| {
        loop {
            let looked = tracker.store().unwrap();
            let run = looked.search_experiments(&trackline::store::ExperimentQuery::default());
            drop(run.unwrap());
            say.line("alive");
        }
    });
    child.line().unwrap();
    signal(child.pid(), libc::SIGSTOP);
    // A store of its own: what this process looks at must not need the paused one.
    let store = Store::open(&folder.path().join("store")).unwrap();
    assert_eq!(recover(&store).unwrap(), []);
    assert_eq!(store.get_run(&run_id).map(|run| run.info.status).unwrap(), RunStatus::Running);
    signal(child.pid(), libc::SIGCONT);
    child.line().unwrap();
    assert_eq!(store.get_run(&run_id).unwrap().info.status, RunStatus::Running);
    child.kill();
    assert_eq!(recover(&store).unwrap(), []);
    assert_eq!(store.get_run(&run_id).unwrap().info.status, RunStatus::Killed);
}

#[test]
fn two_who_recover_at_once_end_a_run_once() {
    let folder = tempfile::tempdir().unwrap();
    let dead: Vec<_> = (0..8).map(|_| begin(folder.path(), |_, _| wait_for_ever())).collect();
    let ids: Vec<_> = dead
        .into_iter()
        .map(|(child, run_id)| {
            child.kill();
            run_id
        })
        .collect();
    let path = folder.path().join("store");
    let look = |_: &mut Say| drop(recover(&Store::open(&path).unwrap()).unwrap());
    let lookers = [fork(look), fork(look), fork(look)];
    for looker in lookers {
        looker.finish();
    }
    let store = Store::open(&path).unwrap();
    recover(&store).unwrap();
    let ends: Vec<_> = ids.iter().map(|id| store.get_run(id).unwrap().info).collect();
    assert!(ends.iter().all(|info| info.status == RunStatus::Killed));
    // Looking again changes nothing.
    recover(&store).unwrap();
    assert_eq!(ids.iter().map(|id| store.get_run(id).unwrap().info).collect::<Vec<_>>(), ends);
}

#[test]
fn a_run_that_a_living_process_goes_on_with_is_not_over() {
    let folder = tempfile::tempdir().unwrap();
    let (first, run_id) = begin(folder.path(), |_, _| wait_for_ever());
    let tracker = tracker(folder.path());
    assert_eq!(status(&tracker, &run_id), RunStatus::Running);
    let path = folder.path();
    let mut second = fork(|say| {
        let resumed = crate::samples::tracker(path).resume(&run_id).unwrap();
        say.line(resumed.id());
        wait_for_ever();
    });
    second.line().unwrap();
    first.kill();
    assert_eq!(status(&tracker, &run_id), RunStatus::Running);
    second.kill();
    assert_eq!(status(&tracker, &run_id), RunStatus::Killed);

    // Whoever goes on with it takes back what was said of its end.
    let run = tracker.resume(&run_id).unwrap();
    assert_eq!(status(&tracker, &run_id), RunStatus::Running);
    assert_eq!(tag(&tracker, &run_id, EXIT), None);
    run.end(RunStatus::Finished, None);
    assert_eq!(status(&tracker, &run_id), RunStatus::Finished);
    assert_eq!(tag(&tracker, &run_id, REASON), None);
}

#[test]
fn a_killed_child_does_not_end_its_parents_run_but_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    tracker.flush().unwrap();
    let mut child = fork(|say| {
        run.log_metric("loss", 0.5, 1, None).unwrap();
        let parent_run_id = Some(run.id().to_owned());
        say.line(tracker.start_run(NewRun { parent_run_id, ..trial() }).unwrap().id());
        wait_for_ever();
    });
    let own = child.line().unwrap();
    child.kill();
    assert_eq!(status(&tracker, run.id()), RunStatus::Running);
    assert_eq!(status(&tracker, &own), RunStatus::Killed);
}

#[test]
fn a_worker_that_is_given_a_run_does_not_end_it() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    tracker.flush().unwrap();
    let (path, run_id) = (folder.path(), run.id());
    let mut worker = fork(|say| {
        crate::samples::tracker(path).run(run_id).unwrap().log_metric("loss", 0.5, 1, None).unwrap();
        say.line("logged");
        wait_for_ever();
    });
    worker.line().unwrap();
    worker.kill();
    assert_eq!(status(&tracker, run.id()), RunStatus::Running);
    run.end(RunStatus::Finished, None);
    assert_eq!(status(&tracker, run.id()), RunStatus::Finished);
}

#[test]
fn a_worker_that_is_given_a_run_does_not_keep_it_but_may_end_it() {
    let folder = tempfile::tempdir().unwrap();
    let (owner, run_id) = begin(folder.path(), |_, _| wait_for_ever());
    let tracker = tracker(folder.path());
    let worker = tracker.run(&run_id).unwrap();
    worker.log_metric("loss", 0.5, 2, None).unwrap();
    tracker.flush().unwrap();
    owner.kill();
    assert_eq!(status(&tracker, &run_id), RunStatus::Killed);
    worker.end(RunStatus::Finished, None);
    assert_eq!(status(&tracker, &run_id), RunStatus::Finished);
    assert_eq!(tag(&tracker, &run_id, EXIT), None);
}

/// A process that starts a run and forks a child, which goes on with it; the child's id and the run's.
fn leave_to_child(path: &std::path::Path, child_says_at_once: bool) -> (libc::pid_t, String, PipeHeld) {
    let (go, wait) = {
        let (reader, writer) = std::io::pipe().unwrap();
        (writer, reader)
    };
    let mut parent = fork(|say| {
        let tracker = tracker(path);
        let run = tracker.start_run(trial()).unwrap();
        tracker.flush().unwrap();
        let mut child = fork(|say| {
            if !child_says_at_once {
                let mut byte = [0];
                std::io::Read::read_exact(&mut &wait, &mut byte).unwrap();
            }
            run.log_metric("loss", 0.5, 2, None).unwrap();
            say.line("logged");
            wait_for_ever();
        });
        if child_says_at_once {
            child.line().unwrap();
        }
        say.line(run.id());
        say.line(child.pid());
        wait_for_ever();
    });
    let run_id = parent.line().unwrap();
    let child = parent.line().unwrap().parse().unwrap();
    parent.kill_only();
    (child, run_id, PipeHeld(go))
}

/// Lets a silent child speak.
struct PipeHeld(std::io::PipeWriter);

impl PipeHeld {
    fn go(mut self) {
        std::io::Write::write_all(&mut self.0, b"!").unwrap();
    }
}

#[test]
fn a_child_that_outlives_its_parent_goes_on_with_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let (child, run_id, _held) = leave_to_child(folder.path(), true);
    let tracker = tracker(folder.path());
    let while_it_lived = status(&tracker, &run_id);
    kill(child);
    assert_eq!(while_it_lived, RunStatus::Running);
    wait_for(|| (status(&tracker, &run_id) != RunStatus::Running).then_some(()));
    assert_eq!(status(&tracker, &run_id), RunStatus::Killed);
}

#[test]
fn a_silent_child_that_speaks_later_shows_that_the_run_was_not_over() {
    let folder = tempfile::tempdir().unwrap();
    let (child, run_id, held) = leave_to_child(folder.path(), false);
    let tracker = tracker(folder.path());
    assert_eq!(status(&tracker, &run_id), RunStatus::Killed);
    held.go();
    wait_for(|| (status(&tracker, &run_id) != RunStatus::Killed).then_some(()));
    assert_eq!(tag(&tracker, &run_id, EXIT), None);
    kill(child);
    wait_for(|| (status(&tracker, &run_id) != RunStatus::Running).then_some(()));
    assert_eq!(tag(&tracker, &run_id, EXIT).as_deref(), Some("killed"));
}

#[test]
fn a_run_that_the_program_let_go_of_has_failed() {
    let folder = tempfile::tempdir().unwrap();
    let first = tracker(folder.path());
    let run_id = first.start_run(trial()).unwrap().id().to_owned();
    drop(first);
    let second = tracker(folder.path());
    wait_for(|| (journals(&second) == 0).then_some(()));
    assert_eq!(status(&second, &run_id), RunStatus::Failed);
    assert_eq!(tag(&second, &run_id, EXIT).as_deref(), Some("lost"));
}

/// One of two processes that a launcher started, and the run that they have in common.
fn rank(path: &std::path::Path, number: u32, then: impl FnOnce(RunHandle, &mut Say)) -> (Child, String) {
    let mut child = fork(|say| {
        for (name, value) in [("RANK", number), ("WORLD_SIZE", 2)] {
            set_variable(name, &value.to_string());
        }
        let tracker = tracker(path);
        let run = tracker.start_run(trial()).unwrap();
        tracker.flush().unwrap();
        say.line(run.id());
        then(run, say);
    });
    let run_id = child.line().unwrap();
    (child, run_id)
}

#[test]
fn a_rank_that_is_gone_before_it_has_left_says_why_and_the_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (first, run_id) = rank(folder.path(), 0, |_, _| wait_for_ever());
    let (second, attended) = rank(folder.path(), 1, |_, _| wait_for_ever());
    assert_eq!(attended, run_id);
    let of_rank = format!("{REASON}.rank-1");
    let tracker = tracker(folder.path());
    assert_eq!(tag(&tracker, &run_id, &of_rank), None);
    let pid = second.pid();
    second.kill();
    let reason = tag(&tracker, &run_id, &of_rank).unwrap();
    assert!(reason.contains(&pid.to_string()), "{reason}");
    assert_eq!(status(&tracker, &run_id), RunStatus::Running);
    assert_eq!(journals(&tracker), 1, "that of the first");
    first.kill();
    assert_eq!(status(&tracker, &run_id), RunStatus::Killed);
}

#[test]
fn a_rank_that_has_left_may_go_as_it_likes() {
    let folder = tempfile::tempdir().unwrap();
    let (first, run_id) = rank(folder.path(), 0, |run, _| run.end(RunStatus::Finished, None));
    let (mut second, _) = rank(folder.path(), 1, |run, say| {
        run.end(RunStatus::Finished, None);
        say.line("left");
        wait_for_ever();
    });
    first.finish();
    assert_eq!(second.line().unwrap(), "left");
    second.kill();
    let tracker = tracker(folder.path());
    assert_eq!(status(&tracker, &run_id), RunStatus::Finished);
    assert_eq!(tag(&tracker, &run_id, &format!("{REASON}.rank-1")), None);
}
