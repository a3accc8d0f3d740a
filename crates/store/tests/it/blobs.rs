use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use trackline_store::ErrorKind;

use crate::support::{fails, open};

#[test]
fn the_same_bytes_are_kept_once() {
    let store = open();
    let blob = store.blobs().put_bytes(b"hello").unwrap();
    assert_eq!(blob.digest, blake3::hash(b"hello").to_hex().as_str());
    assert_eq!(blob.size, 5);
    let source = tempfile::NamedTempFile::new().unwrap();
    fs::write(&source, "hello").unwrap();
    assert_eq!(store.blobs().put_file(source.path()).unwrap(), blob);
    assert_eq!(store.folder.blobs(), std::slice::from_ref(&blob.digest));
    assert_eq!(fs::read(store.folder.blob(&blob.digest)).unwrap(), b"hello");
}

#[test]
fn a_part_can_be_read() {
    let store = open();
    let blob = store.blobs().put_bytes(b"0123456789").unwrap();
    let mut reader = store.blobs().open(&blob.digest).unwrap();
    reader.seek(SeekFrom::Start(4)).unwrap();
    let mut part = [0; 3];
    reader.read_exact(&mut part).unwrap();
    assert_eq!(&part, b"456");
}

#[test]
fn what_is_not_there_is_said() {
    let store = open();
    let none = "0".repeat(64);
    fails(store.blobs().read(&none), ErrorKind::NotFound);
    for odd in ["", "../../../etc/passwd", "ab", &"A".repeat(64), &"é".repeat(32)] {
        fails(store.blobs().read(odd), ErrorKind::Invalid);
    }
    fails(store.blobs().put_file(Path::new("/none/such")), ErrorKind::NotFound);
}

#[test]
fn an_interrupted_put_leaves_nothing() {
    struct Breaks(usize);
    impl Read for Breaks {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(1).ok_or_else(|| std::io::Error::other("the line is cut"))?;
            Ok(buffer.len())
        }
    }
    let store = open();
    let error = fails(store.blobs().put(Breaks(3)), ErrorKind::Io);
    assert!(error.message.contains("the line is cut"), "{error}");
    assert_eq!(store.folder.blobs(), [""; 0]);
}

#[test]
fn any_bytes_come_back() {
    let store = open();
    let mut runner = TestRunner::new(ProptestConfig::with_cases(16));
    let come_back = runner.run(&prop::collection::vec(any::<u8>(), 0..600_000), |bytes| {
        let blob = store.blobs().put(bytes.as_slice()).unwrap();
        prop_assert_eq!(blob.size, bytes.len() as u64);
        prop_assert_eq!(store.blobs().read(&blob.digest).unwrap(), bytes);
        Ok(())
    });
    come_back.unwrap();
}
