use std::io::{Read, Seek, SeekFrom};

use crate::support::open;

/// Bytes that are different everywhere, without being in memory.
fn pattern(size: u64) -> impl Read {
    struct Pattern(u64);
    impl Read for Pattern {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            for byte in &mut *buffer {
                *byte = at(self.0);
                self.0 += 1;
            }
            Ok(buffer.len())
        }
    }
    Pattern(0).take(size)
}

fn at(place: u64) -> u8 {
    let [first, second, third, ..] = place.to_le_bytes();
    first ^ second.rotate_left(3) ^ third.rotate_left(5)
}

#[test]
fn a_blob_that_is_sent_in_parts_comes_back_whole() {
    const SIZE: u64 = (20 << 20) + 7;
    let store = open();
    let blob = store.blobs().put(pattern(SIZE)).unwrap();
    assert_eq!(blob.size, SIZE);
    let mut hasher = blake3::Hasher::new();
    let mut reader = store.blobs().open(&blob.digest).unwrap();
    std::io::copy(&mut reader, &mut hasher).unwrap();
    assert_eq!(hasher.finalize().to_hex().as_str(), blob.digest);

    for (place, length) in [(0, 3), (SIZE - 2, 5), (9 << 20, 600_000), (5, 1), (SIZE, 1)] {
        let mut part = Vec::new();
        reader.seek(SeekFrom::Start(place)).unwrap();
        reader.by_ref().take(length).read_to_end(&mut part).unwrap();
        let expected: Vec<u8> = (place..(place + length).min(SIZE)).map(at).collect();
        assert!(part == expected, "{length} bytes at {place}");
    }
}

#[test]
fn what_was_renewed_is_not_swept() {
    use std::fs::File;
    use std::time::{Duration, SystemTime};
    let store = open();
    let old = SystemTime::now() - Duration::from_secs(7200);
    let age = |digest: &str| File::open(store.folder.blob(digest)).unwrap().set_modified(old).unwrap();
    let (kept, gone) = (store.blobs().put_bytes(b"kept").unwrap(), store.blobs().put_bytes(b"gone").unwrap());
    age(&kept.digest);
    age(&gone.digest);
    assert!(store.blobs().renew(&kept.digest).unwrap());
    assert!(!store.blobs().renew(&"0".repeat(64)).unwrap());
    assert_eq!(store.gc(Duration::ZERO, None).unwrap().blobs, 1);
    assert_eq!(store.folder.blobs(), std::slice::from_ref(&kept.digest));

    let mark = store.folder.bucket.file("some/runs/renewed").join(&kept.digest);
    File::open(&mark).unwrap().set_modified(old).unwrap();
    assert_eq!(store.gc(Duration::ZERO, None).unwrap().blobs, 1);
    assert!(store.folder.blobs().is_empty() && !mark.exists());
}
