use std::io::Write;
use std::thread::sleep;
use std::time::{Duration, Instant};

use trackline::{NewRun, RunStatus, Tracker};

use crate::child::{Say, fork};
use crate::samples::{steps, tracker, trial};

const MEMORY: &str = "system/process_memory_usage_megabytes";
const CPU: &str = "system/cpu_utilization_percentage";
const WRITTEN: &str = "system/process_disk_write_megabytes";
const LONG: Duration = Duration::from_secs(300);

/// Runs `work` in a process of its own with these variables, and gives what it said.
#[allow(unsafe_code)]
fn with_variables(variables: &[(&str, &str)], work: impl FnOnce(&mut Say)) -> Vec<String> {
    let child = fork(|say| {
        // SAFETY: this process has one thread.
        variables.iter().for_each(|(name, value)| unsafe { std::env::set_var(name, value) });
        work(say);
    });
    child.finish()
}

/// A sample every tenth of a second.
fn sampling(work: impl FnOnce(&mut Say)) -> Vec<String> {
    with_variables(&[("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.1")], work)
}

/// Waits until a run has so many points of a metric, and gives their steps.
fn wait_for(tracker: &Tracker, run_id: &str, key: &str, points: usize) -> Vec<i64> {
    let end = Instant::now() + LONG;
    loop {
        let steps = steps(tracker, run_id, key);
        if steps.len() >= points {
            return steps;
        }
        assert!(Instant::now() < end, "{key} has the steps {steps:?}");
        sleep(Duration::from_millis(20));
    }
}

/// How many system metrics a run has.
fn count(tracker: &Tracker, run_id: &str) -> usize {
    let summaries = tracker.store().unwrap().summaries(run_id).unwrap();
    summaries.iter().filter(|summary| summary.key.starts_with("system/")).count()
}

#[test]
fn samples_are_counted_from_zero_and_say_where_they_come_from() {
    let folder = tempfile::tempdir().unwrap();
    let said = sampling(|say| {
        let tracker = tracker(folder.path());
        let run = tracker.start_run(trial()).unwrap();
        for key in [CPU, MEMORY, "system/network_receive_megabytes", "system/disk_usage_percentage"] {
            say.line(format_args!("{:?}", &wait_for(&tracker, run.id(), key, 3)[..3]));
        }
        let captured = tracker.store().unwrap().captured(run.id()).unwrap();
        let source = captured.into_iter().find(|item| item.key == CPU).unwrap().source;
        say.line(source);
        tracker.shutdown(RunStatus::Finished, LONG).unwrap();
    });
    assert_eq!(said, ["[0, 1, 2]", "[0, 1, 2]", "[0, 1, 2]", "[0, 1, 2]", "system"]);
}

#[test]
fn children_have_none_unless_they_ask() {
    let folder = tempfile::tempdir().unwrap();
    let said = sampling(|say| {
        let tracker = tracker(folder.path());
        let parent = tracker.start_run(trial()).unwrap();
        let child = |log_system_metrics| {
            let parent_run_id = Some(parent.id().to_owned());
            tracker.start_run(NewRun { parent_run_id, log_system_metrics, ..trial() }).unwrap()
        };
        let (silent, asking) = (child(None), child(Some(true)));
        wait_for(&tracker, parent.id(), CPU, 2);
        wait_for(&tracker, asking.id(), CPU, 2);
        say.line(count(&tracker, silent.id()));
    });
    assert_eq!(said, ["0"]);
}

#[test]
fn the_environment_switches_them_off_and_a_run_has_the_last_word() {
    for variable in [("TRACKLINE_SYSTEM_METRICS", "off"), ("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "False")] {
        let folder = tempfile::tempdir().unwrap();
        let said = with_variables(&[variable, ("TRACKLINE_SYSTEM_METRICS_INTERVAL", "0.1")], |say| {
            let tracker = tracker(folder.path());
            let silent = tracker.start_run(trial()).unwrap();
            let asking = tracker.start_run(NewRun { log_system_metrics: Some(true), ..trial() }).unwrap();
            wait_for(&tracker, asking.id(), CPU, 2);
            say.line(count(&tracker, silent.id()));
        });
        assert_eq!(said, ["0"], "{variable:?}");
    }
}

#[test]
fn a_run_can_refuse() {
    let folder = tempfile::tempdir().unwrap();
    let said = sampling(|say| {
        let tracker = tracker(folder.path());
        let refusing = tracker.start_run(NewRun { log_system_metrics: Some(false), ..trial() }).unwrap();
        let other = tracker.start_run(trial()).unwrap();
        wait_for(&tracker, other.id(), CPU, 2);
        say.line(count(&tracker, refusing.id()));
    });
    assert_eq!(said, ["0"]);
}

#[test]
fn a_run_that_ended_gets_no_more_and_the_next_one_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let said = sampling(|say| {
        let tracker = tracker(folder.path());
        let first = tracker.start_run(trial()).unwrap();
        wait_for(&tracker, first.id(), CPU, 2);
        first.end(RunStatus::Finished, None);
        tracker.shutdown(RunStatus::Finished, LONG).unwrap();
        let ended = steps(&tracker, first.id(), CPU).len();
        // In the folder of the build, which is on a disk; /tmp may be in memory.
        let mut file = tempfile::tempfile_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        file.write_all(&vec![1; 50_000_000]).unwrap();
        file.sync_all().unwrap();
        let second = tracker.start_run(trial()).unwrap();
        say.line(wait_for(&tracker, second.id(), CPU, 2)[0]);
        let written = tracker.store().unwrap().points(second.id(), WRITTEN).unwrap()[0].value;
        say.line(format_args!("{}", written < 40.0));
        say.line(steps(&tracker, first.id(), CPU).len() == ended);
    });
    assert_eq!(said, ["0", "true", "true"]);
}

#[test]
fn a_short_run_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    run.end(RunStatus::Finished, None);
    tracker.shutdown(RunStatus::Finished, LONG).unwrap();
    assert_eq!(count(&tracker, run.id()), 0);
}

#[test]
fn a_run_that_goes_on_goes_on_counting() {
    let folder = tempfile::tempdir().unwrap();
    let said = sampling(|say| {
        let tracker = tracker(folder.path());
        let run = tracker.start_run(NewRun { log_system_metrics: Some(false), ..trial() }).unwrap();
        run.end(RunStatus::Finished, None);
        tracker.resume(run.id()).unwrap().log_system_metrics(None, 7);
        say.line(wait_for(&tracker, run.id(), CPU, 1)[0]);
    });
    assert_eq!(said, ["7"]);
}

#[test]
fn a_forked_child_samples_for_its_own_runs_only() {
    let folder = tempfile::tempdir().unwrap();
    let said = sampling(|say| {
        let tracker = tracker(folder.path());
        let run = tracker.start_run(trial()).unwrap();
        // A forked process cannot read the store, and on a busy machine it has to live longer.
        say.line([1, 10, 100].into_iter().any(|seconds| {
            let child = fork(|say| {
                let own = tracker.start_run(trial()).unwrap();
                sleep(Duration::from_secs(seconds));
                say.line(own.id());
            });
            count(&tracker, &child.finish()[0]) > 0
        }));
        let steps = wait_for(&tracker, run.id(), CPU, 5);
        say.line(steps.windows(2).all(|pair| pair[0] < pair[1]));
    });
    assert_eq!(said, ["true", "true"]);
}

#[test]
fn the_name_of_a_node_stands_in_the_keys() {
    let folder = tempfile::tempdir().unwrap();
    let node = [("MLFLOW_SYSTEM_METRICS_NODE_ID", "node-1"), ("TRACKLINE_SYSTEM_METRICS_INTERVAL", "0.1")];
    with_variables(&node, |_| {
        let tracker = tracker(folder.path());
        let run = tracker.start_run(trial()).unwrap();
        wait_for(&tracker, run.id(), "system/node-1/cpu_utilization_percentage", 1);
    });
}
