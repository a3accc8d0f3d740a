//! What a logging call costs its caller, in CPU time of its thread: `cargo run --release -p trackline --example log_speed`.
#![allow(clippy::print_stdout)] // an example's whole work is to say what it measured

use std::time::Duration;

use trackline::{NewRun, RunStatus, Tracker};

const CALLS: i64 = 1_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let tracker = Tracker::open(folder.path().to_str())?;
    let start = thread_time();
    let run = tracker.start_run(NewRun::default())?;
    report("start_run", thread_time() - start, 1);

    let start = thread_time();
    for step in 0..CALLS {
        run.log_metric("loss", 1.0 / (step + 1) as f64, step, None)?;
    }
    report("log_metric", thread_time() - start, CALLS);
    let start = thread_time();
    tracker.flush()?;
    report("the store has it after another", thread_time() - start, 1);

    let keys: Vec<String> = (0..100).map(|number| format!("layer.{number}")).collect();
    let metrics: Vec<(&str, f64)> = keys.iter().map(|key| (key.as_str(), 0.5)).collect();
    let start = thread_time();
    for step in 0..CALLS / 100 {
        run.log_metrics(&metrics, step, None)?;
    }
    report("log_metrics of 100 keys", thread_time() - start, CALLS / 100);

    let start = thread_time();
    run.end(RunStatus::Finished, None);
    report("end", thread_time() - start, 1);
    let start = thread_time();
    tracker.shutdown(RunStatus::Finished, Duration::from_secs(30))?;
    report("shutdown", thread_time() - start, 1);
    Ok(())
}

#[allow(unsafe_code)]
fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a valid pointer.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

fn report(what: &str, time: Duration, calls: i64) {
    let nanoseconds = time.as_nanos() as f64 / calls as f64;
    println!("{what}: {nanoseconds:.0} ns");
}
