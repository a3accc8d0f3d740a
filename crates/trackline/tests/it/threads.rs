use std::thread;

use trackline::RunStatus;

use crate::samples::{steps, tracker, trial};

#[test]
fn many_threads_log_to_one_run_and_nothing_is_lost_or_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    thread::scope(|scope| {
        for worker in 0..8 {
            let run = run.clone();
            scope.spawn(move || {
                for step in 0..2_000 {
                    let own = format!("own.{worker}");
                    // Values differ: of points that are equal in all, as in MLflow, one is kept.
                    run.log_metrics(&[("shared", f64::from(worker)), (&own, 2.0)], step, None).unwrap();
                }
            });
        }
    });
    let mut shared = steps(&tracker, run.id(), "shared");
    shared.sort_unstable();
    let expected: Vec<i64> = (0..2_000).flat_map(|step| [step; 8]).collect();
    assert!(shared == expected, "{} points of {}", shared.len(), expected.len());
    for worker in 0..8 {
        assert_eq!(steps(&tracker, run.id(), &format!("own.{worker}")), (0..2_000).collect::<Vec<_>>());
    }
}

#[test]
fn runs_in_threads_do_not_mix() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let ids: Vec<(i64, String)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..6)
            .map(|worker| {
                let tracker = tracker.clone();
                scope.spawn(move || {
                    let run = tracker.start_run(trial()).unwrap();
                    for step in 0..50 {
                        run.log_metric("loss", 0.0, worker * 1000 + step, None).unwrap();
                        if step % 10 == 0 {
                            tracker.flush().unwrap();
                        }
                    }
                    run.end(RunStatus::Finished, None);
                    (worker, run.id().to_owned())
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    for (worker, id) in ids {
        assert_eq!(steps(&tracker, &id, "loss"), (worker * 1000..worker * 1000 + 50).collect::<Vec<_>>());
    }
}
