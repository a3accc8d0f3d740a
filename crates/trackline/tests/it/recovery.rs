use std::fs;

use trackline::{ErrorKind, RunStatus, recover};
use trackline_journal::Reader;

use crate::child::fork;
use crate::samples::{journals, steps, tracker, trial};

/// A journal with points of steps 0 to 99, of a process that was killed; its run.
fn leave_journal(path: &std::path::Path) -> String {
    let mut child = fork(|say| {
        let tracker = tracker(path);
        let run = tracker.start_run(trial()).unwrap();
        for step in 0..100 {
            run.log_metric("loss", 0.5, step, None).unwrap();
        }
        say.line(run.id());
        std::thread::sleep(std::time::Duration::from_secs(300));
    });
    let run_id = child.line().unwrap();
    child.kill();
    run_id
}

fn journal_in(path: &std::path::Path) -> std::path::PathBuf {
    fs::read_dir(path.join("store/journals")).unwrap().next().unwrap().unwrap().path()
}

/// Where the last record ends; reserved space follows.
fn end_of(journal: &std::path::Path) -> u64 {
    let mut reader = Reader::open(journal).unwrap();
    while reader.next().unwrap().is_some() {}
    reader.position()
}

#[test]
fn recovering_needs_no_run() {
    let folder = tempfile::tempdir().unwrap();
    let run_id = leave_journal(folder.path());
    let store = trackline::store::Store::open(&folder.path().join("store")).unwrap();
    assert_eq!(recover(&store).unwrap(), []);
    assert_eq!(store.points(&run_id, "loss").unwrap().len(), 100);
    assert_eq!(journals(&tracker(folder.path())), 0);
}

#[test]
fn a_torn_tail_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let run_id = leave_journal(folder.path());
    let journal = journal_in(folder.path());
    fs::File::options().write(true).open(&journal).unwrap().set_len(end_of(&journal) - 5).unwrap();
    let tracker = tracker(folder.path());
    let found = steps(&tracker, &run_id, "loss");
    // The drain of the killed process may have carried the last point before.
    assert!(found.len() == 99 || found.len() == 100);
    assert_eq!(found, (0..found.len() as i64).collect::<Vec<_>>());
    assert_eq!(journals(&tracker), 0);
}

#[test]
fn a_journal_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    leave_journal(folder.path());
    let journal = journal_in(folder.path());
    let mut bytes = fs::read(&journal).unwrap();
    bytes[8] = 99;
    fs::write(&journal, &bytes).unwrap();
    let tracker = tracker(folder.path());
    tracker.start_run(trial()).unwrap().end(RunStatus::Finished, None);
    tracker.store().unwrap();
    assert_eq!(tracker.take_problem().unwrap().kind, ErrorKind::NewerVersion);
    assert_eq!(fs::read(&journal).unwrap(), bytes);
}

#[test]
fn a_damaged_journal_is_taken_up_to_the_damage_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let run_id = leave_journal(folder.path());
    let journal = journal_in(folder.path());
    let mut bytes = fs::read(&journal).unwrap();
    let at = usize::try_from(end_of(&journal)).unwrap() - 40 * 50 - 1;
    bytes[at] ^= 0xff;
    fs::write(&journal, &bytes).unwrap();
    // What the killed process had carried is as much in the way of this test as a store of another one.
    fs::remove_file(folder.path().join("store/trackline.db")).ok();
    for rest in ["trackline.db-wal", "trackline.db-shm"] {
        fs::remove_file(folder.path().join("store").join(rest)).ok();
    }
    let tracker = tracker(folder.path());
    assert_eq!(steps(&tracker, &run_id, "loss"), (0..49).collect::<Vec<_>>());
    let problem = tracker.take_problem().unwrap();
    assert_eq!(problem.kind, ErrorKind::Damaged);
    assert!(problem.message.contains(".damaged"), "{problem}");
    assert_eq!(fs::read(journal.with_extension("damaged")).unwrap(), bytes);
}
