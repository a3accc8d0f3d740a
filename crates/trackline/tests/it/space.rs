//! Disks that are full, journals that grow long, and stores that take nothing for a while.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value};
use trackline::store::{RunQuery, Store};
use trackline::{ErrorKind, Param, RunHandle, RunStatus, Source, Tracker};

use crate::child::{Say, fork};
use crate::samples::{journals, steps, tag, tracker, trial};
use crate::servers::{free_port, keep_spools_in, mlflow_server, serve, set_variable};
use crate::sessions::{served, spooled};

const LONG: Duration = Duration::from_secs(300);

/// Files of this process may grow to so many bytes: more is refused as on a full disk, or ends a process that is careless.
#[allow(unsafe_code)]
fn limit_files_to(bytes: libc::rlim_t) {
    let limit = libc::rlimit { rlim_cur: bytes, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: a valid pointer.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &raw const limit) }, 0);
}

/// A tracker whose journals may take so many megabytes together.
fn tracker_within(path: &Path, megabytes: u32) -> Tracker {
    set_variable("TRACKLINE_JOURNAL_MB", &megabytes.to_string());
    tracker(path)
}

fn log_steps(run: &RunHandle, range: std::ops::Range<i64>) {
    for step in range {
        run.log_metric("loss", 0.5, step, None).unwrap();
    }
}

fn on_disk(path: &Path) -> u64 {
    let files = fs::read_dir(path.join("store/journals")).unwrap().flatten();
    files.map(|file| file.metadata().unwrap().len()).sum()
}

#[test]
fn a_full_disk_ends_no_program_and_what_fits_is_kept() {
    // Before the first extent of the journal, and in the middle of what is mapped.
    for limit in [20_000, 150_000, 400_000] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let child = fork(|say| {
            limit_files_to(limit);
            let tracker = tracker(path);
            let run = tracker.start_run(trial()).unwrap();
            // Written as a file, by another thread.
            run.add_environment(Map::from_iter([("long".to_owned(), Value::from("x".repeat(500_000)))]));
            log_steps(&run, 0..30_000);
            run.end(RunStatus::Finished, None);
            say.line(run.id());
            let problems: Vec<_> = std::iter::from_fn(|| tracker.take_problem()).collect();
            say.line(problems.iter().filter(|problem| problem.kind == ErrorKind::DiskFull).count());
        });
        let said = child.finish();
        assert_eq!(said[1], "1", "limit {limit}");
        let tracker = tracker(path);
        assert_eq!(tracker.store().unwrap().get_run(&said[0]).unwrap().info.status, RunStatus::Finished);
        let found = steps(&tracker, &said[0], "loss");
        assert!(found.len() as u64 > limit / 50, "{} within {limit}", found.len());
        assert_eq!(found, (0..found.len() as i64).collect::<Vec<_>>());
    }
}

#[test]
fn a_long_journal_is_followed_by_another_one_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let mut child = fork(|say| {
        let tracker = tracker_within(path, 1);
        let run = tracker.start_run(trial()).unwrap();
        let quiet = tracker.start_run(trial()).unwrap();
        for part in 0..10 {
            log_steps(&run, part * 5_000..(part + 1) * 5_000);
            tracker.flush().unwrap();
        }
        say.line(journals(&tracker));
        say.line(on_disk(path) < 1 << 20);
        say.line(tracker.take_problem().is_none());
        say.line(run.latest_metrics()[0].1.step);
        say.line(run.id());
        say.line(quiet.id());
        std::thread::sleep(LONG);
    });
    let said: Vec<_> = (0..6).map(|_| child.line().unwrap()).collect();
    child.kill();
    assert_eq!(said[..4], ["1", "true", "true", "49999"]);
    let tracker = tracker(path);
    assert_eq!(steps(&tracker, &said[4], "loss"), (0..50_000).collect::<Vec<_>>());
    // The last journal knew that both were open.
    for run in &said[4..] {
        assert_eq!(tracker.store().unwrap().get_run(run).unwrap().info.status, RunStatus::Killed);
    }
}

/// Logs a run while the store takes nothing, twenty times more than journals may take.
fn flood(path: &Path, say: &mut Say) {
    let tracker = tracker_within(path, 1);
    let run = tracker.start_run(trial()).unwrap();
    let system = run.with_source(Source::hook("system"));
    let hook = run.with_source(Source::hook("xgboost.train"));
    for step in 0..100_000 {
        run.log_metric("loss", 0.5, step, None).unwrap();
        hook.log_metric("captured", 0.5, step, None).unwrap();
        system.log_metric("system/cpu", 0.5, step, None).unwrap();
    }
    run.log_params(vec![Param { key: "last".to_owned(), value: "kept".to_owned() }]).unwrap();
    run.end(RunStatus::Finished, None);
    say.line(run.id());
    // What is reserved for the next records comes on top.
    say.line(on_disk(path) <= (1 << 20) + (128 << 10));
    let problems: Vec<_> = std::iter::from_fn(|| tracker.take_problem()).collect();
    say.line(problems.iter().filter(|problem| problem.kind == ErrorKind::Quota).count());
}

#[test]
fn a_store_that_takes_nothing_costs_detail_in_order_and_no_more_disk_than_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let in_the_way = path.join("store/trackline.db");
    fs::create_dir_all(&in_the_way).unwrap();
    let said = fork(|say| flood(path, say)).finish();
    assert_eq!(said[1..], ["true", "1"]);

    fs::remove_dir(&in_the_way).unwrap();
    let tracker = tracker(path);
    let of = |key| steps(&tracker, &said[0], key).len();
    let (system, captured, loss) = (of("system/cpu"), of("captured"), of("loss"));
    assert!(
        0 < system && system < captured && captured < loss && loss < 100_000,
        "{system} {captured} {loss}"
    );
    assert_eq!(steps(&tracker, &said[0], "loss"), (0..loss as i64).collect::<Vec<_>>());
    let run = tracker.store().unwrap().get_run(&said[0]).unwrap();
    assert_eq!((run.info.status, run.data.params[0].value.as_str()), (RunStatus::Finished, "kept"));
    let told = tag(&tracker, &said[0], "trackline.failure.journal").unwrap();
    assert!(told.contains("1 MB"), "{told}");
    tracker.shutdown(RunStatus::Finished, LONG).unwrap();
    assert_eq!(journals(&tracker), 0);
}

#[test]
fn long_journals_reach_servers_once() {
    for of_mlflow in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let (server, port) = serve(folder.path(), 0);
        let port = if of_mlflow { mlflow_server(port, vec![]) } else { port };
        let child = fork(|say| {
            keep_spools_in(folder.path());
            set_variable("TRACKLINE_JOURNAL_MB", "1");
            let tracker = Tracker::open(Some(&format!("http://127.0.0.1:{port}"))).unwrap();
            let run = tracker.start_run(trial()).unwrap();
            log_steps(&run, 0..6_000);
            say.line(spooled(folder.path(), "journals").len() > 2);
            run.end(RunStatus::Finished, None);
            tracker.shutdown(RunStatus::Finished, LONG).unwrap();
        });
        assert_eq!(child.finish(), ["true"], "to MLflow: {of_mlflow}");
        server.kill_only();
        let store = served(folder.path());
        let runs = store.search_runs(&all_of_trial(&store)).unwrap().items;
        assert_eq!(runs.len(), 1, "to MLflow: {of_mlflow}");
        assert_eq!(runs[0].info.status, RunStatus::Finished);
        let points = store.points(&runs[0].info.run_id, "loss").unwrap();
        assert!(points.iter().map(|point| point.step).eq(0..6_000), "to MLflow: {of_mlflow}");
        assert_eq!(spooled(folder.path(), "journals"), [] as [std::path::PathBuf; 0]);
    }
}

#[test]
fn what_is_left_is_told_of_all_journals() {
    let folder = tempfile::tempdir().unwrap();
    let said = fork(|say| {
        keep_spools_in(folder.path());
        set_variable("TRACKLINE_JOURNAL_MB", "1");
        let tracker = Tracker::open(Some(&format!("http://127.0.0.1:{}", free_port()))).unwrap();
        log_steps(&tracker.start_run(trial()).unwrap(), 0..6_000);
        let left = tracker.shutdown(RunStatus::Finished, Duration::from_millis(100)).unwrap_err();
        say.line(left.message);
    })
    .finish();
    let words: Vec<_> = said[0].split(' ').collect();
    let unit = words.iter().position(|word| *word == "kB").unwrap();
    // A point takes 40 bytes.
    assert!(words[unit - 1].parse::<f64>().unwrap() >= 240.0, "{}", said[0]);
    assert!(said[0].contains("/journals; "), "{}", said[0]);
}

fn all_of_trial(store: &Store) -> RunQuery {
    let experiment = store.get_experiment_by_name("trial").unwrap().experiment_id;
    RunQuery { experiment_ids: vec![experiment], ..RunQuery::default() }
}
