//! Processes elsewhere that say in time that they live, and those that do not.

use std::time::Duration;

use trackline_journal::{Event, Record};
use trackline_model::{EXIT_TAG, Exit, ExitKind, RunStatus};
use trackline_store::Store;

use crate::support;

const LEASE: Duration = Duration::from_millis(1_000);

/// A run that the process of the journal `j` has open.
fn opened(store: &Store) -> String {
    let run_id = support::run(store);
    store.apply("j", 100, &[Record::Event(Event::RunOpened { run_id: run_id.clone() })]).unwrap();
    store.claim("j", &[Record::Event(Event::RunOpened { run_id: run_id.clone() })]).unwrap();
    run_id
}

fn state(store: &Store, run_id: &str) -> (RunStatus, Option<i64>, Option<String>) {
    let run = store.get_run(run_id).unwrap();
    let exit = run.data.tags.into_iter().find(|tag| tag.key == EXIT_TAG).map(|tag| tag.value);
    (run.info.status, run.info.end_time, exit)
}

const RUNNING: (RunStatus, Option<i64>, Option<String>) = (RunStatus::Running, None, None);

#[test]
fn a_lease_that_runs_out_ends_the_run_and_a_new_one_takes_it_back() {
    let store = support::open();
    let run_id = opened(&store);
    let now = 1_800_000_000_000;
    assert_eq!(store.end_silent(i64::MAX, i64::MIN).unwrap(), 0, "without a lease it is not known");
    store.hear_from("j", now, LEASE).unwrap();
    assert_eq!(store.end_silent(now + 999, i64::MIN).unwrap(), 0);
    assert_eq!(store.end_silent(now + 2_000, now + 1_500).unwrap(), 0, "nobody listened then");
    assert_eq!(state(&store, &run_id), RUNNING);
    assert_eq!(store.end_silent(now + 1_000, i64::MIN).unwrap(), 1);
    assert_eq!(state(&store, &run_id), (RunStatus::Killed, Some(now + 1_000), Some("lost".to_owned())));
    assert_eq!(store.end_silent(now + 1_000, i64::MIN).unwrap(), 0);
    store.hear_from("j", now + 5_000, LEASE).unwrap();
    assert_eq!(state(&store, &run_id), RUNNING);
}

#[test]
fn what_is_known_replaces_what_was_believed() {
    let store = support::open();
    let run_id = opened(&store);
    store.hear_from("j", 5_000, LEASE).unwrap();
    store.end_silent(9_000, i64::MIN).unwrap();
    store.end_process("j", 4_000, &Exit::new(ExitKind::Killed, "It was killed.")).unwrap();
    let (status, end_time, exit) = state(&store, &run_id);
    assert_eq!((status, exit.as_deref()), (RunStatus::Killed, Some("killed")));
    assert!(end_time < Some(6_000) || end_time == Some(store.get_run(&run_id).unwrap().info.start_time));
}

#[test]
fn one_of_two_processes_that_lives_keeps_the_run() {
    let store = support::open();
    let run_id = opened(&store);
    store.claim("k", &[Record::Event(Event::RunOpened { run_id: run_id.clone() })]).unwrap();
    store.hear_from("j", 5_000, LEASE).unwrap();
    store.hear_from("k", 5_000, 4 * LEASE).unwrap();
    store.end_silent(7_000, i64::MIN).unwrap();
    assert_eq!(state(&store, &run_id), RUNNING);
    store.close_journal("k").unwrap();
    assert_eq!(state(&store, &run_id).0, RunStatus::Killed);
    assert_eq!(store.hear_from("../k", 0, LEASE).unwrap_err().kind, trackline_store::ErrorKind::Invalid);
}

#[test]
fn the_end_of_a_run_is_its_own_word() {
    let store = support::open();
    let run_id = opened(&store);
    store.hear_from("j", 5_000, LEASE).unwrap();
    store.end_silent(7_000, i64::MIN).unwrap();
    let end_time = store.get_run(&run_id).unwrap().info.start_time + 8_000;
    let ended = Event::RunEnded { run_id: run_id.clone(), status: RunStatus::Finished, end_time };
    store.apply("j", 200, &[Record::Event(ended)]).unwrap();
    store.hear_from("j", 9_000, LEASE).unwrap();
    assert_eq!(state(&store, &run_id), (RunStatus::Finished, Some(end_time), None));
}
