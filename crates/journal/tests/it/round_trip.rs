use proptest::prelude::*;
use trackline_journal::{Reader, Record, Writer};
use trackline_model::Point;

use crate::samples::{few, records, rest, write};

proptest! {
    #[test]
    fn records_come_back_as_they_were_written(records in records()) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &records);
        let mut reader = Reader::open(&folder.path().join("a.journal")).unwrap();
        prop_assert_eq!(rest(&mut reader), records);
        prop_assert_eq!(reader.torn_at(), None);
    }

    #[test]
    fn reading_begins_at_any_frame(records in records(), at in any::<prop::sample::Index>()) {
        let folder = tempfile::tempdir().unwrap();
        let ends = write(folder.path(), &records);
        let at = at.index(ends.len());
        let mut reader = Reader::open(&folder.path().join("a.journal")).unwrap();
        reader.seek(ends[at]);
        prop_assert_eq!(rest(&mut reader), &records[at..]);
        prop_assert_eq!(reader.position(), *ends.last().unwrap());
    }
}

#[test]
fn a_point_keeps_every_bit_of_nan() {
    let folder = tempfile::tempdir().unwrap();
    let bits = 0x7ff8_0000_dead_beef;
    let point = Point { step: i64::MIN, timestamp: i64::MAX, value: f64::from_bits(bits) };
    write(folder.path(), &[Record::Point { series: u32::MAX, point }]);
    let mut reader = Reader::open(&folder.path().join("a.journal")).unwrap();
    let Some(Record::Point { series, point }) = reader.next().unwrap() else { panic!("no point") };
    assert_eq!((series, point.step, point.timestamp), (u32::MAX, i64::MIN, i64::MAX));
    assert_eq!(point.value.to_bits(), bits);
}

#[test]
fn a_reader_goes_on_when_the_file_has_grown() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), "a").unwrap();
    let mut reader = Reader::open(writer.path()).unwrap();
    assert_eq!(reader.next().unwrap(), None);
    for record in few() {
        writer.append([&record]).unwrap();
        assert_eq!(rest(&mut reader), vec![record]);
        assert_eq!(reader.position(), writer.end());
    }
}

#[test]
fn frames_longer_than_the_readers_buffer_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut records = few();
    records.insert(
        2,
        Record::Series {
            number: 1,
            run_id: "r".to_owned(),
            key: "k".repeat(1 << 20),
            source: "user".to_owned(),
            confidence: None,
        },
    );
    write(folder.path(), &records);
    assert_eq!(rest(&mut Reader::open(&folder.path().join("a.journal")).unwrap()), records);
}
