use std::path::{Path, PathBuf};

use trackline_journal::{Error, Event, Reader, Record, Writer};

use crate::samples::{few, rest, write};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

#[test]
fn version_1_opens() {
    let mut reader = Reader::open(&fixture("version-1.journal")).unwrap();
    assert_eq!(rest(&mut reader), few());
}

#[test]
fn version_2_opens() {
    let mut reader = Reader::open(&fixture("version-2.journal")).unwrap();
    assert_eq!(rest(&mut reader), few());
}

#[test]
fn the_bytes_written_are_those_of_version_2() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &few());
    let written = std::fs::read(folder.path().join("a.journal")).unwrap();
    let kept = std::fs::read(fixture("version-2.journal")).unwrap();
    // Between version and checksum of the header is the time, and in the checksum too.
    assert_eq!((&written[..12], &written[24..]), (&kept[..12], &kept[24..]));
}

#[test]
fn an_event_that_is_not_known_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), "a").unwrap();
    let known = Record::Event(Event::RunOpened { run_id: "1".into() });
    writer.append([&known, &known]).unwrap();
    let path = writer.path().to_owned();
    drop(writer);
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(10).position(|part| part == b"run_opened").unwrap();
    bytes[at..at + 10].copy_from_slice(b"run_danced");
    let end = 32 + u32::from_le_bytes(bytes[24..28].try_into().unwrap()) as usize;
    let checksum = crc32fast::hash(&[&bytes[24..28], &bytes[32..end]].concat());
    bytes[28..32].copy_from_slice(&checksum.to_le_bytes());
    std::fs::write(&path, &bytes).unwrap();
    let found = rest(&mut Reader::open(&path).unwrap());
    assert_eq!(found, [Record::Event(Event::Unknown), known]);
}

#[test]
fn a_newer_version_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.journal");
    let mut bytes = std::fs::read(fixture("version-1.journal")).unwrap();
    bytes[8] = 9;
    std::fs::write(&path, &bytes).unwrap();
    let error = Reader::open(&path).unwrap_err();
    assert!(matches!(error, Error::NewerVersion { version: 9, .. }), "{error}");
    assert!(error.to_string().contains("update"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn another_kind_of_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.journal");
    std::fs::write(&path, "a,b\n1,2\n".repeat(9)).unwrap();
    assert!(matches!(Reader::open(&path).unwrap_err(), Error::NotAJournal { .. }));
}
