use std::fs;

use trackline_journal::{Event, ExperimentRef, HEADER_LENGTH, Record, Writer};
use trackline_model::Point;
use trackline_store::{ErrorKind, Store};

use crate::support;

/// A journal with ten points of a run: the bytes behind its header.
fn frames(run_id: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), "j").unwrap();
    let series = Record::Series {
        number: 0,
        run_id: run_id.to_owned(),
        key: "loss".to_owned(),
        source: "user".to_owned(),
        confidence: None,
    };
    let point = |step| Record::Point { series: 0, point: Point { step, timestamp: step, value: 0.5 } };
    let records: Vec<Record> = std::iter::once(series).chain((0..10).map(point)).collect();
    writer.append(&records).unwrap();
    frames_of(writer)
}

/// What is in a journal behind its header.
fn frames_of(writer: Writer) -> Vec<u8> {
    let path = writer.path().to_owned();
    // The reserved space goes with the writer.
    drop(writer);
    fs::read(path).unwrap().split_off(HEADER_LENGTH as usize)
}

fn steps(store: &Store, run_id: &str) -> Vec<i64> {
    store.points(run_id, "loss").unwrap().iter().map(|point| point.step).collect()
}

/// Bytes of the frame of one point.
const POINT: usize = 40;

#[test]
fn frames_count_once_however_they_overlap() {
    let store = support::open();
    let run_id = support::run(&store);
    let frames = frames(&run_id);
    let start = HEADER_LENGTH;
    let (first, end) = (frames.len() - 6 * POINT, start + frames.len() as u64);
    let drained = |from: u64, part: &[u8]| store.apply_frames("j", from, part).unwrap().drained;

    assert_eq!(drained(start + first as u64, &frames[first..]), 0, "beyond a gap nothing is taken");
    assert_eq!(drained(start, &frames[..first]), start + first as u64);
    assert_eq!(drained(start, &frames[..first]), start + first as u64, "the same again");
    assert_eq!(drained(start, &frames), end, "what is new of an overlap");
    assert_eq!(drained(start + first as u64, &frames[first..]), end);
    assert_eq!(drained(start, &[]), end);
    assert_eq!(steps(&store, &run_id), (0..10).collect::<Vec<_>>());
    assert_eq!(store.drained("j").unwrap(), end);
}

#[test]
fn frames_that_are_not_whole_are_refused_and_none_of_them_is_taken() {
    let store = support::open();
    let run_id = support::run(&store);
    let frames = frames(&run_id);
    let mut cases: Vec<Vec<u8>> = (1..POINT).map(|cut| frames[..frames.len() - cut].to_vec()).collect();
    for at in 0..frames.len() {
        let mut changed = frames.clone();
        changed[at] ^= 0x10;
        cases.push(changed);
    }
    cases.push([frames.as_slice(), &[0; 8]].concat());
    cases.push(vec![0xff; 100]);
    for case in cases {
        let refused = store.apply_frames("j", HEADER_LENGTH, &case).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Invalid, "{refused}");
    }
    assert_eq!(store.drained("j").unwrap(), 0);
    assert_eq!(steps(&store, &run_id), [0; 0]);
}

#[test]
fn no_id_leads_astray() {
    let store = support::open();
    let long = "x".repeat(101);
    for id in ["", "../x", "a b", "ü", long.as_str()] {
        assert_eq!(store.apply_frames(id, HEADER_LENGTH, &[]).unwrap_err().kind, ErrorKind::Invalid, "{id}");
    }
    assert_eq!(store.apply_frames("j", u64::MAX, &[]).unwrap_err().kind, ErrorKind::Invalid);
}

#[test]
fn records_that_break_a_rule_are_passed_over() {
    let store = support::open();
    let run_id = support::run(&store);
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::create(folder.path(), "j").unwrap();
    let started = |run_id: &str| {
        Record::Event(Event::RunStarted {
            run_id: run_id.to_owned(),
            experiment: ExperimentRef::Id("0".to_owned()),
            run_name: None,
            user_id: "ada".to_owned(),
            start_time: 1,
            tags: Vec::new(),
        })
    };
    let document = |kind: &str, digest: &str| {
        let (run_id, kind, digest) = (run_id.clone(), kind.to_owned(), digest.to_owned());
        Record::Event(Event::Document { run_id, kind, digest })
    };
    let tags = |key: &str| {
        let (run_id, source) = (run_id.clone(), "user".to_owned());
        Record::Event(Event::Tags { run_id, tags: vec![support::tag(key, "v")], source })
    };
    let good = "0".repeat(64);
    let records = [
        started("../../x"),
        document("git", "/etc/passwd"),
        document("git", &good),
        tags(&"k".repeat(300)),
        tags("t"),
    ];
    writer.append(&records).unwrap();
    let frames = frames_of(writer);
    let received = store.apply_frames("j", HEADER_LENGTH, &frames).unwrap();
    assert_eq!((received.drained, received.skipped.len()), (HEADER_LENGTH + frames.len() as u64, 3));
    assert_eq!(store.documents(&run_id).unwrap(), [("git".to_owned(), good)]);
    assert!(store.get_run(&run_id).unwrap().data.tags.contains(&support::tag("t", "v")));
}
