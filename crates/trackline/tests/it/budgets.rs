use std::time::Duration;

use trackline::{Detail, RunStatus};

use crate::samples::{tag, tracker, trial};

#[test]
fn a_run_that_cost_too_much_leaves_details_out_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    assert!(run.allows(Detail::Statistics, Duration::ZERO) && run.allows(Detail::Steps, Duration::ZERO));
    assert_eq!(tag(&tracker, run.id(), "trackline.shed"), None);
    run.add_spent(Duration::from_secs(3_600));
    assert!(!run.allows(Detail::Steps, Duration::ZERO));
    assert_eq!(tag(&tracker, run.id(), "trackline.shed").as_deref(), Some("steps"));
    assert!(!run.allows(Detail::Statistics, Duration::ZERO));
    assert_eq!(tag(&tracker, run.id(), "trackline.shed").as_deref(), Some("statistics, steps"));
    // What the user logs stays.
    run.log_metric("loss", 0.5, 1, None).unwrap();
    run.end(RunStatus::Finished, None);
    assert_eq!(tracker.store().unwrap().points(run.id(), "loss").unwrap().len(), 1);
    let spent: f64 = tag(&tracker, run.id(), "trackline.overhead_ms").unwrap().parse().unwrap();
    assert!(spent >= 3_600_000.0);
}

#[test]
fn what_a_run_cost_after_its_end_is_told_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let told = |run_id: &str| {
        let cost = tag(&tracker, run_id, "trackline.overhead_ms").unwrap();
        Duration::from_secs_f64(cost.parse::<f64>().unwrap() / 1000.0)
    };
    let (before, last) = (tracker.start_run(trial()).unwrap(), tracker.start_run(trial()).unwrap());
    for run in [&before, &last] {
        run.end(RunStatus::Finished, None);
    }
    let first = told(before.id());
    last.add_spent(Duration::from_secs(3_600));
    tracker.shutdown(RunStatus::Finished, Duration::from_secs(300)).unwrap();
    assert_eq!(told(before.id()), first);
    assert!(told(last.id()) >= Duration::from_secs(3_600));
}
