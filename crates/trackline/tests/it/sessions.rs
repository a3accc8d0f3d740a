//! What is logged to servers, and what must be there then.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use trackline::store::Store;
use trackline::{RunHandle, RunStatus};

use crate::child::Child;
use crate::samples::{artifact, trial};
use crate::servers::client;

pub const LONG: Duration = Duration::from_secs(300);

pub fn log_steps(run: &RunHandle, steps: std::ops::Range<i64>) {
    for step in steps {
        run.log_metric("loss", 0.5, step, None).unwrap();
    }
}

/// A process that logs a whole run with a file.
pub fn whole_run(folder: &Path, port: u16) -> Child {
    client(folder, port, |tracker, say| {
        let run = tracker.start_run(trial()).unwrap();
        log_steps(&run, 0..3_000);
        run.log_bytes(b"weights", "model/weights.bin").unwrap();
        run.end(RunStatus::Finished, None);
        say.line(run.id());
        tracker.shutdown(RunStatus::Finished, LONG).unwrap();
    })
}

pub fn served(folder: &Path) -> Store {
    Store::open(&folder.join("served")).unwrap()
}

pub fn steps(store: &Store, run_id: &str) -> Vec<i64> {
    store.points(run_id, "loss").unwrap().iter().map(|point| point.step).collect()
}

#[track_caller]
pub fn assert_whole(store: &Store, run_id: &str) {
    let run = store.get_run(run_id).unwrap();
    assert_eq!(run.info.status, RunStatus::Finished);
    assert_eq!(steps(store, run_id), (0..3_000).collect::<Vec<_>>());
    let path = run.info.artifact_uri.strip_prefix("mlflow-artifacts:/").unwrap();
    assert_eq!(artifact(store, &format!("{path}/model/weights.bin")), b"weights");
}

/// The files in one of the folders of all spools below a folder.
pub fn spooled(folder: &Path, of: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.join("trackline/spool")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path if path.iter().any(|part| part == of) => found.push(path),
                _ => {}
            }
        }
    }
    found
}
