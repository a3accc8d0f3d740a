use trackline_journal::{Error, Reader, Record, Writer};

use crate::samples::{few, rest};

#[test]
fn several_records_are_appended_with_one_call() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), "a").unwrap();
    writer.append(&few()).unwrap();
    writer.append([]).unwrap();
    assert_eq!(rest(&mut Reader::open(writer.path()).unwrap()), few());
}

#[test]
fn an_existing_journal_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.new"), "someone's").unwrap();
    assert!(matches!(Writer::create(folder.path(), "a"), Err(Error::Io { .. })));
    assert_eq!(std::fs::read_to_string(folder.path().join("a.new")).unwrap(), "someone's");
}

#[test]
fn a_record_beyond_all_measure_is_refused_and_the_journal_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), "a").unwrap();
    let huge = Record::Series {
        number: 0,
        run_id: "r".to_owned(),
        key: "k".repeat(65 << 20),
        source: "user".to_owned(),
        confidence: None,
    };
    assert!(matches!(writer.append([&few()[0], &huge]), Err(Error::TooLong)));
    writer.append(&few()).unwrap();
    assert_eq!(rest(&mut Reader::open(writer.path()).unwrap()), few());
}
