//! What a logging call costs its caller: `cargo run --release -p trackline --example log_speed`.
#![allow(clippy::print_stdout)] // an example's whole work is to say what it measured

use std::time::{Duration, Instant};

use trackline::{NewRun, RunStatus, Tracker};

const CALLS: i64 = 1_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let tracker = Tracker::open(folder.path().to_str())?;
    let start = Instant::now();
    let run = tracker.start_run(NewRun::default())?;
    report("start_run", start.elapsed(), 1);

    let start = Instant::now();
    for step in 0..CALLS {
        run.log_metric("loss", 1.0 / (step + 1) as f64, step, None)?;
    }
    report("log_metric", start.elapsed(), CALLS);
    let start = Instant::now();
    tracker.flush()?;
    report("the store has it after another", start.elapsed(), 1);

    let keys: Vec<String> = (0..100).map(|number| format!("layer.{number}")).collect();
    let metrics: Vec<(&str, f64)> = keys.iter().map(|key| (key.as_str(), 0.5)).collect();
    let start = Instant::now();
    for step in 0..CALLS / 100 {
        run.log_metrics(&metrics, step, None)?;
    }
    report("log_metrics of 100 keys", start.elapsed(), CALLS / 100);

    let start = Instant::now();
    run.end(RunStatus::Finished, None);
    report("end", start.elapsed(), 1);
    let start = Instant::now();
    tracker.shutdown(RunStatus::Finished, Duration::from_secs(30))?;
    report("shutdown", start.elapsed(), 1);
    Ok(())
}

fn report(what: &str, time: Duration, calls: i64) {
    let nanoseconds = time.as_nanos() as f64 / calls as f64;
    println!("{what}: {nanoseconds:.0} ns");
}
