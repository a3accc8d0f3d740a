//! `TRACKLINE_MODE`, and what brings in what it left.

use std::fs;
use std::path::{Path, PathBuf};

use trackline::store::RunQuery;
use trackline::{Mode, RunStatus, Tracker, sync};

use crate::child::{Child, Say, fork};
use crate::samples::trial;
use crate::servers::{free_port, keep_spools_in, serve, set_variable};
use crate::sessions::{LONG, assert_whole, log_steps, served, spooled};

fn offline(folder: &Path, uri: &str, work: impl FnOnce(&Tracker, &mut Say)) -> Child {
    fork(|say| {
        keep_spools_in(folder);
        set_variable("TRACKLINE_MODE", "offline");
        work(&Tracker::open(Some(uri)).unwrap(), say);
    })
}

#[test]
fn what_was_logged_offline_is_sent_by_sync_once() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let uri = format!("http://127.0.0.1:{port}");
    let run_id = offline(folder.path(), &uri, |tracker, say| {
        let run = tracker.start_run(trial()).unwrap();
        log_steps(&run, 0..3_000);
        run.log_bytes(b"weights", "model/weights.bin").unwrap();
        run.end(RunStatus::Finished, None);
        tracker.flush().unwrap();
        assert!(tracker.backend().unwrap_err().message.contains("trackline sync"));
        tracker.shutdown(RunStatus::Finished, LONG).unwrap();
        say.line(run.id());
    })
    .finish()
    .remove(0);
    assert_eq!(spooled(folder.path(), "journals").len(), 1);

    let path = folder.path().to_owned();
    let syncing = |say: &mut Say| {
        keep_spools_in(&path);
        for place in sync(None).unwrap().iter().filter(|place| place.place.starts_with("http")) {
            let failed = place.failure.as_ref().map(|error| format!("{:?}", error.kind));
            say.line(format_args!("{} {} {} {failed:?}", place.processes, place.runs, place.left));
        }
    };
    assert_eq!(fork(syncing).finish(), ["0 0 1 Some(\"Unreachable\")"]);
    let (server, _) = serve(folder.path(), port);
    assert_eq!(fork(syncing).finish(), ["1 1 0 None"]);
    assert_eq!(fork(syncing).finish(), [] as [&str; 0]);
    server.kill_only();
    assert_whole(&served(folder.path()), &run_id);
    assert_eq!(spooled(folder.path(), "journals"), [] as [PathBuf; 0]);
}

#[test]
fn a_tracker_that_is_off_records_nothing_and_is_good_for_every_call() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("store");
    let temporary = folder.path().join("tmp");
    fs::create_dir(&temporary).unwrap();
    fork(|_| {
        set_variable("TRACKLINE_MODE", "off");
        set_variable("TMPDIR", temporary.to_str().unwrap());
        let tracker = Tracker::open(store.to_str()).unwrap();
        assert_eq!(tracker.mode(), Mode::Off);
        let run = tracker.start_run(trial()).unwrap();
        log_steps(&run, 0..10);
        run.log_bytes(b"weights", "model/weights.bin").unwrap();
        run.log_artifact(Path::new("/nowhere"), None).unwrap();
        let everything = RunQuery { experiment_ids: vec!["0".to_owned()], ..RunQuery::default() };
        let runs = tracker.backend().unwrap().search_runs(&everything).unwrap().items;
        assert!(runs.is_empty(), "it is in the experiment trial");
        assert!(tracker.backend().unwrap().get_run(run.id()).unwrap().data.metrics.is_empty());
        assert_eq!(fs::read_dir(&temporary).unwrap().count(), 1);
        run.end(RunStatus::Finished, None);
        tracker.flush().unwrap();
        tracker.shutdown(RunStatus::Finished, LONG).unwrap();
        assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0);
    })
    .finish();
    assert!(!store.exists());
}

#[test]
fn a_mode_that_is_none_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let said = fork(|say| {
        keep_spools_in(folder.path());
        set_variable("TRACKLINE_MODE", "sometimes");
        say.line(Tracker::open(None).unwrap_err());
    })
    .finish();
    assert_eq!(said, ["TRACKLINE_MODE is 'sometimes': write online, offline or off"]);
}
