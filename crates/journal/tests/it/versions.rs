use std::path::{Path, PathBuf};

use trackline_journal::{Error, Event, Reader, Record, Writer};

use crate::samples::{few, rest};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

#[test]
fn version_1_opens() {
    let mut reader = Reader::open(&fixture("version-1.journal")).unwrap();
    assert_eq!(rest(&mut reader), few());
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
    let end = at + bytes[at..].iter().position(|byte| *byte == b'}').unwrap() + 1;
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
