use std::io::{Read, Seek, SeekFrom};
use std::time::{Duration, SystemTime};

use trackline_store::{Blobs, Bucket, ErrorKind};
use trackline_testbucket::Container;

use crate::support::fails;

#[test]
fn azure_keeps_blobs_too() {
    let container = Container::new();
    let place = Bucket::with_settings(&container.uri("some/runs"), container.settings());
    let blobs = Blobs::in_bucket(&place).unwrap();
    let bytes: Vec<u8> = (0..9_000_011_u32).map(|n| (n % 251) as u8).collect();
    let (large, small) = (blobs.put_bytes(&bytes).unwrap(), blobs.put_bytes(b"").unwrap());
    assert!(blobs.read(&large.digest).unwrap() == bytes);
    assert_eq!(blobs.read(&small.digest).unwrap(), b"");
    assert_eq!(blobs.put_bytes(&bytes).unwrap(), large);
    assert!(blobs.renew(&small.digest).unwrap());
    fails(blobs.read(&"0".repeat(64)), ErrorKind::NotFound);

    let mut part = Vec::new();
    let mut reader = blobs.open(&large.digest).unwrap();
    reader.seek(SeekFrom::Start(5_000_000)).unwrap();
    reader.take(10).read_to_end(&mut part).unwrap();
    assert_eq!(part, bytes[5_000_000..5_000_010]);

    let direct = blobs.direct().unwrap();
    assert!(!direct.is_public());
    let link = direct.link(&large.digest, "weights.bin", Duration::from_secs(60)).unwrap();
    let answer = ureq::get(link).header("range", "bytes=7-9").call();
    assert_eq!(answer.unwrap().body_mut().read_to_vec().unwrap(), bytes[7..10]);

    let upload = direct.begin(2, Duration::from_secs(60)).unwrap();
    fails(direct.finish(&upload.id, vec![String::new(); 2]), ErrorKind::Invalid);
    for (url, part) in upload.urls.iter().zip([&bytes[..5_000_000], &b"more"[..]]) {
        ureq::put(url).send(part).unwrap();
    }
    let sent = direct.finish(&upload.id, vec![String::new(); 2]).unwrap();
    assert!(blobs.read(&sent.digest).unwrap() == [&bytes[..5_000_000], b"more"].concat());
    direct.abort(&direct.begin(1, Duration::from_secs(60)).unwrap().id).unwrap();

    let needed = [small.digest.clone()].into();
    blobs.sweep(&needed, SystemTime::now() + Duration::from_secs(60)).unwrap();
    fails(blobs.open(&large.digest).map(drop), ErrorKind::NotFound);
    assert_eq!(blobs.read(&small.digest).unwrap(), b"");

    let elsewhere = container.uri("runs").replace("artifacts", "none-such");
    let error = fails(
        Blobs::in_bucket(&Bucket::with_settings(&elsewhere, container.settings())),
        ErrorKind::NotFound,
    );
    assert!(error.message.contains("ContainerNotFound"), "{error}");
}
