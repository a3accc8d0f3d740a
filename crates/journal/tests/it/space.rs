//! Space that is reserved, that cannot be, and that runs out.

use std::path::Path;

use trackline_journal::{Error, Reader, Record, Writer, abandoned};

use crate::limits::{forbid_mapping, in_child, limit_files_to, other_file_system, small_disk};
use crate::samples::{few, rest};

/// Appends until it fails; how many times it did not, and why it did at last.
fn fill(writer: &mut Writer) -> (usize, Error) {
    let mut times = 0;
    loop {
        match writer.append(&few()) {
            Ok(()) => times += 1,
            Err(error) => return (times, error),
        }
    }
}

#[track_caller]
fn assert_holds(path: &Path, times: usize) {
    let mut reader = Reader::open(path).unwrap();
    let found = rest(&mut reader);
    assert_eq!((found.len(), reader.torn_at()), (times * few().len(), None));
    assert!(found.chunks(few().len()).all(|part| part == few()));
}

#[test]
fn space_is_reserved_while_the_writer_lives() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), "a").unwrap();
    let path = writer.path().to_owned();
    let length = || std::fs::metadata(&path).unwrap().len();
    for times in 1..=2_000 {
        writer.append(&few()).unwrap();
        if times % 500 == 0 {
            assert!(length() > writer.end());
            assert_holds(&path, times);
        }
    }
    let end = writer.end();
    drop(writer);
    assert_eq!(length(), end);
    assert_holds(&path, 2_000);
}

#[test]
fn files_that_may_not_grow_are_an_error_and_nothing_before_is_lost() {
    // Before anything is mapped, and in the middle of a file that was.
    for limit in [5_000, 100_000, 300_000] {
        let folder = tempfile::tempdir().unwrap();
        let good = in_child(|| {
            let mut writer = Writer::create(folder.path(), "a").unwrap();
            limit_files_to(limit);
            let (times, error) = fill(&mut writer);
            assert!(error.to_string().contains(folder.path().to_str().unwrap()), "{error}");
            assert!(writer.end() > limit - 2_000, "{} of {limit}", writer.end());
            assert_holds(writer.path(), times);
            limit_files_to(libc::RLIM_INFINITY);
            writer.append(&few()).unwrap();
            assert_holds(writer.path(), times + 1);
        });
        assert!(good, "limit {limit}");
    }
}

#[test]
fn a_full_disk_is_an_error_and_nothing_before_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let good = in_child(|| {
        small_disk(folder.path(), 400 << 10);
        let mut writer = Writer::create(folder.path(), "a").unwrap();
        let (times, error) = fill(&mut writer);
        assert!(matches!(&error, Error::Io { .. }), "{error}");
        assert!(writer.end() > 390 << 10, "{}", writer.end());
        assert_holds(writer.path(), times);
        drop(writer);
        assert_holds(abandoned(folder.path()).unwrap()[0].path(), times);
    });
    assert!(good);
}

#[test]
fn where_nothing_can_be_mapped_it_is_written_plainly() {
    for forbid in [|_: &Path| forbid_mapping(), other_file_system] {
        let folder = tempfile::tempdir().unwrap();
        let good = in_child(|| {
            forbid(folder.path());
            let mut writer = Writer::create(folder.path(), "a").unwrap();
            for times in 1..=200 {
                writer.append(&few()).unwrap();
                assert_eq!(std::fs::metadata(writer.path()).unwrap().len(), writer.end());
                assert_holds(writer.path(), times);
            }
        });
        assert!(good);
    }
}

#[test]
fn a_record_longer_than_what_is_reserved_at_once_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), "a").unwrap();
    let long = Record::Series {
        number: 0,
        run_id: "r".to_owned(),
        key: "k".repeat(9 << 20),
        source: "user".to_owned(),
        confidence: None,
    };
    writer.append(&few()).unwrap();
    writer.append([&long]).unwrap();
    writer.append(&few()).unwrap();
    let expected = [few(), vec![long], few()].concat();
    assert_eq!(rest(&mut Reader::open(writer.path()).unwrap()), expected);
}

#[test]
fn a_reader_elsewhere_sees_whole_calls_only() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), "a").unwrap();
    let path = writer.path().to_owned();
    let times = 20_000;
    let reading = std::thread::spawn(move || {
        let mut reader = Reader::open(&path).unwrap();
        let mut found = 0;
        while found < times * few().len() {
            found += rest(&mut reader).len();
            assert_eq!(reader.torn_at(), None);
            assert_eq!(found % few().len(), 0, "a part of a call");
        }
    });
    for _ in 0..times {
        writer.append(&few()).unwrap();
    }
    reading.join().unwrap();
}
