use trackline_store::{Artifact, Blob, ErrorKind, Store};

use crate::support::{fails, open};

fn put(store: &Store, path: &str, bytes: &str) -> Blob {
    let blob = store.blobs().put_bytes(bytes.as_bytes()).unwrap();
    store.put_artifact(path, &blob).unwrap();
    blob
}

fn list(store: &Store, path: &str) -> Vec<(String, bool)> {
    let files = store.list_artifacts(path).unwrap();
    files.into_iter().map(|file| (file.path, file.is_dir)).collect()
}

#[test]
fn folders_are_implied_by_files() {
    let store = open();
    let blob = put(&store, "1/r/artifacts/model/MLmodel", "flavors");
    put(&store, "1/r/artifacts/plot.png", "picture");
    assert_eq!(list(&store, "1/r/artifacts"), [("model".into(), true), ("plot.png".into(), false)]);
    assert_eq!(list(&store, ""), [("1".into(), true)]);
    assert_eq!(store.stat_artifact("1/r/artifacts/model").unwrap(), Some(Artifact::Folder));
    let Some(Artifact::File { blob: found, .. }) =
        store.stat_artifact("1/r/artifacts/model/MLmodel").unwrap()
    else {
        panic!("a file was put there");
    };
    assert_eq!((found, store.list_artifacts("1/r/artifacts").unwrap()[1].file_size), (blob, Some(7)));
    assert_eq!(list(&store, "1/r/artifacts/plot.png"), []);
    assert_eq!(store.stat_artifact("1/none").unwrap(), None);
}

#[test]
fn a_file_is_replaced_and_deleted() {
    let store = open();
    put(&store, "1/a/x", "one");
    let second = put(&store, "1/a/x", "three");
    assert!(
        matches!(store.stat_artifact("1/a/x").unwrap(), Some(Artifact::File { blob, .. }) if blob == second)
    );
    put(&store, "1/b/deep/down", "four");
    put(&store, "1/b.txt", "five");
    store.delete_artifact("1/b").unwrap();
    assert_eq!(list(&store, "1"), [("a".into(), true), ("b.txt".into(), false)]);
    assert_eq!(store.stat_artifact("1/b/deep/down").unwrap(), None);
    store.delete_artifact("1/a/x").unwrap();
    store.delete_artifact("1/a/x").unwrap();
    assert_eq!(list(&store, "1"), [("b.txt".into(), false)]);
}

#[test]
fn no_path_leads_elsewhere() {
    let store = open();
    let blob = store.blobs().put_bytes(b"x").unwrap();
    for path in ["", "/etc/passwd", "a/../b", "..", "a//b", "a/", "./a", "a/\0b", "a/./b"] {
        let error = fails(store.put_artifact(path, &blob), ErrorKind::Invalid);
        assert!(error.message.starts_with("Invalid path"), "{error}");
        fails(store.stat_artifact(path), ErrorKind::Invalid);
        fails(store.delete_artifact(path), ErrorKind::Invalid);
    }
    fails(store.list_artifacts("a/../.."), ErrorKind::Invalid);
    store.put_artifact("a/%2e%2e/..b/ü c\\d", &blob).unwrap();
}

#[test]
fn a_file_is_no_folder() {
    let store = open();
    let blob = put(&store, "a/b", "x");
    fails(store.put_artifact("a/b/c", &blob), ErrorKind::Invalid);
    fails(store.put_artifact("a", &blob), ErrorKind::Invalid);
    assert_eq!(list(&store, "a"), [("b".into(), false)]);
}
