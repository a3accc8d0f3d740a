use std::path::Path;
use std::time::{Duration, Instant};

use trackline::store::{Artifact, Store};
use trackline::{ExperimentRef, NewRun, Tracker};

/// Looks until there is what is waited for, and gives it.
#[track_caller]
pub fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(300);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "it never came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A tracker of the store `store` in this folder.
pub fn tracker(folder: &Path) -> Tracker {
    Tracker::open(Some(folder.join("store").to_str().unwrap())).unwrap()
}

/// A run in the experiment `trial`.
pub fn trial() -> NewRun {
    NewRun { experiment: ExperimentRef::Name("trial".to_owned()), ..NewRun::default() }
}

/// How many journals there are.
pub fn journals(tracker: &Tracker) -> usize {
    let files = std::fs::read_dir(tracker.folder().join("journals")).into_iter().flatten().flatten();
    files.filter(|file| file.path().extension().is_some_and(|extension| extension == "journal")).count()
}

/// The steps that the store has of a metric, in their order.
pub fn steps(tracker: &Tracker, run_id: &str, key: &str) -> Vec<i64> {
    tracker.store().unwrap().points(run_id, key).unwrap().iter().map(|point| point.step).collect()
}

/// The value of a tag.
pub fn tag(tracker: &Tracker, run_id: &str, key: &str) -> Option<String> {
    let run = tracker.store().unwrap().get_run(run_id).unwrap();
    run.data.tags.into_iter().find(|tag| tag.key == key).map(|tag| tag.value)
}

/// The bytes at a path of the artifact tree.
pub fn artifact(store: &Store, path: &str) -> Vec<u8> {
    match store.stat_artifact(path).unwrap() {
        Some(Artifact::File { blob, .. }) => store.blobs().read(&blob.digest).unwrap(),
        other => panic!("{path} is {other:?}"),
    }
}
