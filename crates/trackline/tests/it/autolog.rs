use trackline::{RunStatus, autolog};

use crate::child::fork;
use crate::samples::steps;

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
        let failed = std::thread::spawn(|| {
            let run = autolog().unwrap();
            std::panic::resume_unwind(Box::new(run.id().to_owned()));
        });
        say.line(failed.join().unwrap_err().downcast_ref::<String>().unwrap());
    });
    let ids = child.finish();
    let tracker = trackline::Tracker::open(path.join(".trackline").to_str()).unwrap();
    let store = tracker.store().unwrap();
    assert_eq!(store.get_run(&ids[0]).unwrap().info.status, RunStatus::Finished);
    assert_eq!(store.get_run(&ids[1]).unwrap().info.status, RunStatus::Failed);
    assert_eq!(steps(&tracker, &ids[0], "loss"), [3]);
}
