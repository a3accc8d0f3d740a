use std::fs;

use trackline_store::{ErrorKind, Store};

use crate::support::{fails, metric, run};

#[test]
fn a_backup_is_a_store_and_the_next_one_copies_what_is_new() {
    let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let store = Store::open(folder.path()).unwrap();
    let run_id = run(&store);
    store.log_batch(&run_id, &[metric("loss", 0.5, 1, 0)], &[], &[]).unwrap();
    let first = store.blobs().put_bytes(b"weights").unwrap();
    let copied = store.backup(copy.path()).unwrap();
    assert_eq!((copied.blobs, copied.bytes), (1, 7));

    let second = store.blobs().put_bytes(b"more").unwrap();
    store.log_batch(&run_id, &[metric("loss", 0.25, 2, 1)], &[], &[]).unwrap();
    // Someone looked at the backup meanwhile, and was killed.
    fs::write(copy.path().join("trackline.db-wal"), "what belongs to the earlier backup").unwrap();
    let copied = store.backup(copy.path()).unwrap();
    assert_eq!((copied.blobs, copied.bytes), (1, 4));

    drop(store);
    let restored = Store::open(copy.path()).unwrap();
    assert_eq!(restored.get_run(&run_id).unwrap().data.metrics[0].value, 0.25);
    for (blob, bytes) in [(first, b"weights".as_slice()), (second, b"more")] {
        assert_eq!(restored.blobs().read(&blob.digest).unwrap(), bytes);
    }
}

#[test]
fn the_store_itself_is_no_place_for_its_backup() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    fails(
        store.backup(&folder.path().join("../").join(folder.path().file_name().unwrap())),
        ErrorKind::Invalid,
    );
}
