//! Processes that log to a server: whether they live, they say themselves.

use std::path::Path;
use std::time::Duration;

use trackline::{RunStatus, sync};

use crate::child::{Child, fork, signal};
use crate::samples::trial;
use crate::servers::{client, keep_spools_in, serve, set_variable};
use crate::sessions::{log_steps, served};

/// A process with a run on the server, that is believed to be gone after a second of silence; and the run's id.
fn begin(folder: &Path, port: u16) -> (Child, String) {
    let mut child = client(folder, port, |tracker, say| {
        set_variable("TRACKLINE_HEARTBEAT_TIMEOUT", "1");
        let run = tracker.start_run(trial()).unwrap();
        log_steps(&run, 0..10);
        tracker.flush().unwrap();
        say.line(run.id());
        // By then the server has heard of it.
        std::thread::sleep(Duration::from_secs(2));
        say.line("was heard");
        loop {
            std::thread::park();
        }
    });
    let run_id = child.line().unwrap();
    (child, run_id)
}

#[test]
fn who_is_silent_is_lost_until_it_is_heard_again() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port) = serve(folder.path(), 0);
    let (mut child, run_id) = begin(folder.path(), port);
    let store = served(folder.path());
    let wait_for = |status: RunStatus| {
        while store.get_run(&run_id).unwrap().info.status != status {
            std::thread::sleep(Duration::from_millis(20));
        }
        let run = store.get_run(&run_id).unwrap();
        run.data.tags.into_iter().find(|tag| tag.key == "trackline.exit").map(|tag| tag.value)
    };
    child.line().unwrap();
    signal(child.pid(), libc::SIGSTOP);
    assert_eq!(wait_for(RunStatus::Killed).as_deref(), Some("lost"));
    signal(child.pid(), libc::SIGCONT);
    assert_eq!(wait_for(RunStatus::Running), None);
    child.kill();
    assert_eq!(wait_for(RunStatus::Killed).as_deref(), Some("lost"));

    // Who looks on that machine knows better.
    let folder = folder.path();
    fork(|_| {
        keep_spools_in(folder);
        assert_eq!(sync(Some(&format!("http://127.0.0.1:{port}"))).unwrap()[0].processes, 1);
    })
    .finish();
    assert_eq!(wait_for(RunStatus::Killed).as_deref(), Some("killed"));
    server.kill_only();
}
