use std::time::{Duration, SystemTime};

use trackline_store::{Blobs, Bucket, ErrorKind};

use crate::support::fails;

/// There is no Google to test against: this is its XML API as far as it is that of S3, without signatures.
#[test]
fn google_keeps_blobs_too() {
    let server = trackline_testbucket::Bucket::open_to_all();
    let uri = server.uri("some/runs").replace("s3://", "gs://");
    let blobs = Blobs::in_bucket(&Bucket::with_settings(&uri, server.google_settings())).unwrap();
    let bytes: Vec<u8> = (0..9_000_011_u32).map(|n| (n % 251) as u8).collect();
    let (large, small) = (blobs.put_bytes(&bytes).unwrap(), blobs.put_bytes(b"small").unwrap());
    assert!(blobs.read(&large.digest).unwrap() == bytes);
    assert!(blobs.renew(&small.digest).unwrap());
    fails(blobs.read(&"0".repeat(64)), ErrorKind::NotFound);

    let needed = [small.digest.clone()].into();
    blobs.sweep(&needed, SystemTime::now() + Duration::from_secs(60)).unwrap();
    fails(blobs.open(&large.digest).map(drop), ErrorKind::NotFound);
    assert_eq!(blobs.read(&small.digest).unwrap(), b"small");
}
