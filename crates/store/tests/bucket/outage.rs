use trackline_store::{Artifact, Bucket, ErrorKind, Store};

use crate::support::{fails, open};

#[test]
fn while_the_bucket_is_away_nothing_is_half_recorded() {
    let mut store = open();
    let before = store.blobs().put_bytes(b"before").unwrap();
    store.folder.bucket.stop();
    for error in [
        fails(store.blobs().put_bytes(b"lost"), ErrorKind::Unavailable),
        fails(store.blobs().put_bytes(b"before"), ErrorKind::Unavailable),
        fails(store.blobs().renew(&before.digest), ErrorKind::Unavailable),
        fails(store.blobs().read(&before.digest), ErrorKind::Unavailable),
    ] {
        assert!(error.message.contains("s3://artifacts/some/runs"), "{error}");
        assert!(!error.message.contains("secret"), "{error}");
    }
    store.folder.bucket.restart();
    assert_eq!(store.folder.blobs(), std::slice::from_ref(&before.digest));
    assert_eq!(store.blobs().read(&before.digest).unwrap(), b"before");
    let after = store.blobs().put_bytes(b"after").unwrap();
    store.put_artifact("1/file", &after).unwrap();
    assert!(matches!(store.stat_artifact("1/file").unwrap(), Some(Artifact::File { .. })));
}

#[test]
fn a_bucket_that_cannot_be_used_says_why() {
    let place = crate::backend::Place::new();
    let open = |uri: &str, settings: Vec<(&str, String)>| {
        Store::connect(&place.database.uri(), Bucket::with_settings(uri, settings))
    };
    let mut settings = place.bucket.settings().to_vec();
    fails(open("s3://none-such/runs", settings.clone()), ErrorKind::NotFound);
    settings[1].1 = "another".into();
    let error = fails(open(&place.bucket.uri("runs"), settings), ErrorKind::Denied);
    assert!(error.message.contains("credentials"), "{error}");
}
