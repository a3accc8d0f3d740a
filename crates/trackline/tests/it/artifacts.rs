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

#[test]
fn what_is_deleted_is_gone_and_the_rest_stays() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    for path in ["checkpoints/1/model.pt", "checkpoints/2/model.pt", "plot.png"] {
        run.log_bytes(b"bytes", path).unwrap();
    }
    run.delete_artifact("checkpoints/1").unwrap();
    run.delete_artifact("never/was").unwrap();
    assert!(run.delete_artifact("").is_err());
    assert!(run.delete_artifact("../other").is_err());
    let store = tracker.store().unwrap();
    let uri = store.get_run(run.id()).unwrap().info.artifact_uri;
    let root = uri.strip_prefix("mlflow-artifacts:/").unwrap();
    let names = |path: &str| -> Vec<String> {
        store.list_artifacts(path).unwrap().into_iter().map(|file| file.path).collect()
    };
    assert_eq!(names(root), ["checkpoints", "plot.png"]);
    assert_eq!(names(&format!("{root}/checkpoints")), ["2"]);
    assert_eq!(tracker.take_problem(), None);
}

#[test]
fn a_file_that_is_kept_later_is_the_one_that_was_named() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    let local = folder.path().join("model.pt");
    for step in 0..4 {
        fs::write(&local, format!("weights {step}")).unwrap();
        run.log_file_later(&local, &format!("checkpoints/{step}/model.pt")).unwrap();
        fs::remove_file(&local).unwrap();
    }
    run.delete_artifact("checkpoints/1").unwrap();
    assert!(run.log_file_later(&local, "model.pt").is_err());
    assert!(run.log_file_later(folder.path(), "model.pt").is_err());
    let store = tracker.store().unwrap();
    let uri = store.get_run(run.id()).unwrap().info.artifact_uri;
    let root = uri.strip_prefix("mlflow-artifacts:/").unwrap();
    assert_eq!(artifact(&store, &format!("{root}/checkpoints/3/model.pt")), b"weights 3");
    let kept = store.list_artifacts(&format!("{root}/checkpoints")).unwrap();
    assert_eq!(kept.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["0", "2", "3"]);
}
