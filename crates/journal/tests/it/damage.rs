use proptest::prelude::*;
use trackline_journal::{Error, Reader, Record};

use crate::samples::{few, records, rest, write};

/// What a reader yields until it stops for whatever reason, and where it stopped.
fn read(bytes: &[u8]) -> (Vec<Record>, Result<Option<u64>, Error>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.journal");
    std::fs::write(&path, bytes).unwrap();
    let mut reader = match Reader::open(&path) {
        Ok(reader) => reader,
        Err(error) => return (vec![], Err(error)),
    };
    let mut found = vec![];
    loop {
        match reader.next() {
            Ok(Some(record)) => found.push(record),
            Ok(None) => return (found, Ok(reader.torn_at())),
            Err(error) => return (found, Err(error)),
        }
    }
}

fn bytes_of(records: &[Record]) -> (Vec<u8>, Vec<u64>) {
    let folder = tempfile::tempdir().unwrap();
    let ends = write(folder.path(), records);
    (std::fs::read(folder.path().join("a.journal")).unwrap(), ends)
}

#[test]
fn a_file_cut_at_any_byte_yields_the_frames_that_are_whole() {
    let records = few();
    let (bytes, ends) = bytes_of(&records);
    for cut in 0..bytes.len() {
        let (found, stop) = read(&bytes[..cut]);
        if (cut as u64) < ends[0] {
            assert!(matches!(stop, Err(Error::NotAJournal { .. })), "cut at {cut}: {stop:?}");
            continue;
        }
        let whole = ends[1..].iter().filter(|end| **end <= cut as u64).count();
        assert_eq!(found, records[..whole], "cut at {cut}");
        let part = &bytes[usize::try_from(ends[whole]).unwrap()..cut];
        let torn = part.iter().any(|byte| *byte != 0).then_some(ends[whole]);
        assert_eq!(stop.unwrap(), torn, "cut at {cut}");
    }
}

#[test]
fn space_reserved_with_zeros_is_the_end() {
    let (mut bytes, _) = bytes_of(&few());
    bytes.extend_from_slice(&[0; 5000]);
    let (found, stop) = read(&bytes);
    assert_eq!((found, stop.unwrap()), (few(), None));
}

#[test]
fn a_frame_whose_beginning_was_not_stored_yet_is_the_end() {
    let records = few();
    let (bytes, ends) = bytes_of(&records);
    for (number, at) in ends[..records.len()].iter().enumerate() {
        let at = usize::try_from(*at).unwrap();
        let mut killed = bytes.clone();
        killed[at..at + 8].fill(0);
        let (found, stop) = read(&killed);
        assert_eq!((found, stop.unwrap()), (records[..number].to_vec(), None));
    }
}

#[test]
fn a_file_cut_at_any_byte_of_reserved_space_yields_the_frames_that_are_whole() {
    let records = few();
    let (bytes, ends) = bytes_of(&records);
    for cut in usize::try_from(ends[0]).unwrap()..bytes.len() {
        let mut killed = bytes.clone();
        killed[cut..].fill(0);
        killed.resize(1 << 16, 0);
        let (found, _) = read(&killed);
        let whole = ends[1..].iter().filter(|end| **end <= cut as u64).count();
        // A frame that ends with zeros is whole a little earlier.
        assert!(found.len() >= whole, "cut at {cut}");
        assert_eq!(found, records[..found.len()], "cut at {cut}");
    }
}

#[test]
fn damage_is_told_with_its_place() {
    let (mut bytes, ends) = bytes_of(&few());
    bytes[usize::try_from(ends[2]).unwrap() + 12] ^= 1;
    let (found, stop) = read(&bytes);
    assert_eq!(found, few()[..2]);
    let message = stop.unwrap_err().to_string();
    assert!(message.contains(&format!("damaged at byte {}", ends[2])), "{message}");
}

#[test]
fn a_torn_tail_that_is_completed_is_read() {
    let records = few();
    let (bytes, _) = bytes_of(&records);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.journal");
    std::fs::write(&path, &bytes[..bytes.len() - 3]).unwrap();
    let mut reader = Reader::open(&path).unwrap();
    assert_eq!(rest(&mut reader), records[..records.len() - 1]);
    assert!(reader.torn_at().is_some());
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(rest(&mut reader), records[records.len() - 1..]);
    assert_eq!(reader.torn_at(), None);
}

proptest! {
    #[test]
    fn a_changed_byte_never_yields_a_wrong_record(
        records in records(),
        at in any::<prop::sample::Index>(),
        change in 1..=u8::MAX,
    ) {
        let (mut bytes, _) = bytes_of(&records);
        let at = at.index(bytes.len());
        bytes[at] ^= change;
        let (found, _) = read(&bytes);
        prop_assert!(found.len() <= records.len());
        prop_assert_eq!(&found[..], &records[..found.len()]);
    }
}
