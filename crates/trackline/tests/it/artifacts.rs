use std::fs;

use crate::samples::{artifact, tracker, trial};

#[test]
fn files_folders_and_bytes_are_kept_under_their_paths() {
    let folder = tempfile::tempdir().unwrap();
    let local = folder.path().join("out");
    fs::create_dir_all(local.join("deep")).unwrap();
    fs::write(local.join("a.txt"), "a").unwrap();
    fs::write(local.join("deep/b.txt"), "b").unwrap();
    std::os::unix::fs::symlink(&local, local.join("circle")).unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    run.log_artifact(&local.join("a.txt"), None).unwrap();
    run.log_artifact(&local, Some("whole/")).unwrap();
    run.log_artifacts(&local, Some("./inner//part")).unwrap();
    run.log_bytes(b"{}", "data.json").unwrap();

    let store = tracker.store().unwrap();
    let uri = store.get_run(run.id()).unwrap().info.artifact_uri;
    let root = uri.strip_prefix("mlflow-artifacts:/").unwrap();
    let expected = [
        ("a.txt", "a"),
        ("whole/out/a.txt", "a"),
        ("whole/out/deep/b.txt", "b"),
        ("inner/part/a.txt", "a"),
        ("inner/part/deep/b.txt", "b"),
        ("data.json", "{}"),
    ];
    for (path, content) in expected {
        assert_eq!(artifact(&store, &format!("{root}/{path}")), content.as_bytes(), "{path}");
    }
    assert_eq!(tracker.take_problem(), None);
}

#[test]
fn a_document_of_a_kind_takes_the_place_of_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    run.log_document("structure", b"one").unwrap();
    run.log_document("structure", b"two").unwrap();
    let store = tracker.store().unwrap();
    let found: Vec<_> =
        store.documents(run.id()).unwrap().into_iter().filter(|(kind, _)| kind == "structure").collect();
    assert_eq!(found.len(), 1);
    assert_eq!(store.blobs().read(&found[0].1).unwrap(), b"two");
}
