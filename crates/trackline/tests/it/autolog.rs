use trackline::{RunStatus, autolog};

use crate::child::fork;
use crate::samples::{steps, tag};

#[test]
fn a_guard_ends_its_run_by_how_its_thread_ends() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let child = fork(|say| {
        std::env::set_current_dir(path).unwrap();
        let run = autolog().unwrap();
        run.log_metric("loss", 0.5, 3, None).unwrap();
        say.line(run.id());
        drop(run);
        let (say_to, said) = std::sync::mpsc::channel();
        let failed = std::thread::spawn(move || {
            let run = autolog().unwrap();
            say_to.send(run.id().to_owned()).unwrap();
            panic!("the data is {}", "odd");
        });
        failed.join().unwrap_err();
        say.line(said.recv().unwrap());
    });
    let ids = child.finish();
    let tracker = trackline::Tracker::open(path.join(".trackline").to_str()).unwrap();
    let store = tracker.store().unwrap();
    assert_eq!(store.get_run(&ids[0]).unwrap().info.status, RunStatus::Finished);
    assert_eq!(store.get_run(&ids[1]).unwrap().info.status, RunStatus::Failed);
    assert_eq!(steps(&tracker, &ids[0], "loss"), [3]);
    assert_eq!(tag(&tracker, &ids[0], "trackline.exit"), None);
    assert_eq!(tag(&tracker, &ids[1], "trackline.exit").as_deref(), Some("exception"));
    let reason = tag(&tracker, &ids[1], "trackline.exit_reason").unwrap();
    assert!(reason.contains("autolog.rs") && reason.ends_with(": the data is odd"), "{reason}");
}
