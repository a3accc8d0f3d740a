//! Processes that log to a server: whether they live, they say themselves.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use trackline::{RunStatus, sync};

use crate::child::{Child, fork, signal};
use crate::samples::{trial, wait_for};
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
    let (child, run_id) = begin(folder.path(), port);
    let store = served(folder.path());
    let is = |status: RunStatus, exit: Option<&str>| {
        let run = store.get_run(&run_id).unwrap();
        let tag = run.data.tags.iter().find(|tag| tag.key == "trackline.exit");
        run.info.status == status && tag.map(|tag| &*tag.value) == exit
    };
    let wait_until = |status, exit| wait_for(|| is(status, exit).then_some(()));
    // A process that is stopped before the server has heard of it is believed to live.
    wait_for(|| {
        signal(child.pid(), libc::SIGCONT);
        sleep(Duration::from_secs(2));
        signal(child.pid(), libc::SIGSTOP);
        sleep(Duration::from_secs(4));
        is(RunStatus::Killed, Some("lost")).then_some(())
    });
    signal(child.pid(), libc::SIGCONT);
    wait_until(RunStatus::Running, None);
    child.kill();
    wait_until(RunStatus::Killed, Some("lost"));

    // Who looks on that machine knows better.
    let folder = folder.path();
    fork(|_| {
        keep_spools_in(folder);
        assert_eq!(sync(Some(&format!("http://127.0.0.1:{port}"))).unwrap()[0].processes, 1);
    })
    .finish();
    wait_until(RunStatus::Killed, Some("killed"));
    server.kill_only();
}
