//! Several processes write to one store at once. The test starts itself as the other processes.

use std::process::{Child, Command};

use crate::backend::{self, Place};
use crate::support::{metric, open, param, point, run, tag};
use trackline_journal::{Event, ExperimentRef, Record};

const PLACE: &str = "TRACKLINE_TEST_PLACE";
const PROCESSES: usize = 8;
const BATCHES: i64 = 100;

fn itself(test: &str, place: &str) -> Child {
    Command::new(std::env::current_exe().unwrap()).args(["--exact", test]).env(PLACE, place).spawn().unwrap()
}

/// What one of the processes does: a run of its own, and its share of a run of all.
fn write(place: &str) {
    let store = backend::open(place);
    let own = run(&store);
    let shared =
        store.search_runs(&crate::support::query("tags.shared = 'yes'", &[])).unwrap().items.remove(0);
    let process = i64::from(std::process::id());
    for batch in 0..BATCHES {
        let metrics = [metric("m", batch as f64, batch, batch)];
        store.log_batch(&own, &metrics, &[param(&format!("p{batch}"), "v")], &[tag("t", "v")]).unwrap();
        let metrics = [metric("m", process as f64, process, batch)];
        store.log_batch(&shared.info.run_id, &metrics, &[], &[]).unwrap();
    }
}

#[test]
fn many_processes_write_at_once_and_nothing_is_lost() {
    if let Ok(place) = std::env::var(PLACE) {
        return write(&place);
    }
    let store = open();
    let shared = run(&store);
    store.set_tag(&shared, &tag("shared", "yes")).unwrap();
    let test = "processes::many_processes_write_at_once_and_nothing_is_lost";
    let children: Vec<Child> = (0..PROCESSES).map(|_| itself(test, &store.folder.name())).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(store.points(&shared, "m").unwrap().len() as i64, PROCESSES as i64 * BATCHES);
    let runs = store.search_runs(&crate::support::query("tags.t = 'v'", &[])).unwrap().items;
    assert_eq!(runs.len(), PROCESSES);
    for run in runs {
        assert_eq!(run.data.params.len() as i64, BATCHES);
        assert_eq!(store.summaries(&run.info.run_id).unwrap()[0].count as i64, BATCHES);
    }
}

const SERVERS: usize = 3;
const CLIENTS: usize = 8;
const REQUESTS: i64 = 20;

/// What one of several servers does: of each client, batches for a run of its own and for the run of all.
fn serve(place: &str) {
    let store = backend::open(place);
    let shared =
        store.search_runs(&crate::support::query("tags.shared = 'yes'", &[])).unwrap().items.remove(0);
    let (store, shared, server) = (&store, &shared.info.run_id, i64::from(std::process::id()));
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            scope.spawn(move || {
                let own = run(store);
                for request in 0..REQUESTS {
                    let metrics = [metric("m", client as f64, server, request)];
                    store.log_batch(&own, &metrics, &[param(&format!("p{request}"), "v")], &[]).unwrap();
                    store.log_batch(shared, &metrics, &[], &[tag("t", "v")]).unwrap();
                    store.log_batch(&"0".repeat(32), &metrics, &[], &[]).unwrap_err();
                }
            });
        }
    });
}

#[test]
fn batches_that_go_together_meet_those_of_other_servers_and_nothing_is_lost() {
    if let Ok(place) = std::env::var(PLACE) {
        return serve(&place);
    }
    let store = open();
    let shared = run(&store);
    store.set_tag(&shared, &tag("shared", "yes")).unwrap();
    let test = "processes::batches_that_go_together_meet_those_of_other_servers_and_nothing_is_lost";
    let children: Vec<Child> = (0..SERVERS).map(|_| itself(test, &store.folder.name())).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let requests = (SERVERS * CLIENTS) as i64 * REQUESTS;
    assert_eq!(store.points(&shared, "m").unwrap().len() as i64, requests);
    let mut runs = store.search_runs(&crate::support::query("params.p0 = 'v'", &[])).unwrap().items;
    runs.retain(|run| run.data.params.len() as i64 == REQUESTS);
    assert_eq!(runs.len(), SERVERS * CLIENTS);
    for run in runs {
        assert_eq!(store.points(&run.info.run_id, "m").unwrap().len() as i64, REQUESTS);
    }
}

#[test]
fn many_processes_may_make_the_store() {
    if let Ok(place) = std::env::var(PLACE) {
        run(&backend::open(&place));
        return;
    }
    let place = Place::new();
    let test = "processes::many_processes_may_make_the_store";
    let children: Vec<Child> = (0..PROCESSES).map(|_| itself(test, &place.name())).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let store = place.open();
    assert_eq!(store.search_runs(&crate::support::query("", &[])).unwrap().items.len(), PROCESSES);
}

/// Writes batches of ten points until it is killed.
fn write_for_ever(place: &str) -> ! {
    let store = backend::open(place);
    let run_id = "1".repeat(32);
    let series = Record::Series {
        number: 0,
        run_id: run_id.clone(),
        key: "m".into(),
        source: "user".into(),
        confidence: None,
    };
    let started = Event::RunStarted {
        run_id,
        experiment: ExperimentRef::Id("0".into()),
        run_name: None,
        user_id: "ada".into(),
        start_time: 1,
        tags: Vec::new(),
    };
    store.apply("j", 1, &[Record::Event(started), series]).unwrap();
    for batch in 1_i64.. {
        let points = (batch * 10..batch * 10 + 10).map(|step| point(step, step, step as f64));
        let records: Vec<Record> = points.map(|point| Record::Point { series: 0, point }).collect();
        store.apply("j", batch as u64 + 1, &records).unwrap();
    }
    unreachable!("there are more batches than time")
}

#[test]
fn a_writer_that_is_killed_leaves_whole_transactions() {
    if let Ok(place) = std::env::var(PLACE) {
        write_for_ever(&place);
    }
    for round in 1..=3 {
        let place = Place::new();
        let store = place.open();
        let test = "processes::a_writer_that_is_killed_leaves_whole_transactions";
        let mut child = itself(test, &place.name());
        while store.drained("j").unwrap() < 40 * round {
            assert!(child.try_wait().unwrap().is_none(), "the writer ended by itself");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let store = place.open();
        let batches = store.drained("j").unwrap() - 1;
        let points = store.points(&"1".repeat(32), "m").unwrap();
        assert_eq!(points.len() as u64, batches * 10);
        assert_eq!(store.summaries(&"1".repeat(32)).unwrap()[0].count, batches * 10);
    }
}

#[test]
fn many_threads_share_one_store() {
    let store = open();
    let shared = run(&store);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (store, shared) = (store.store.clone(), &shared);
            scope.spawn(move || {
                for step in 0..50 {
                    store.log_batch(shared, &[metric("m", f64::from(thread), 1, step)], &[], &[]).unwrap();
                    assert!(!store.points(shared, "m").unwrap().is_empty());
                }
            });
        }
    });
    assert_eq!(store.points(&shared, "m").unwrap().len(), 400);
}
