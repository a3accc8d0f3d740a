//! Clients that log to one run while its servers come and go.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::served::{get, post};

pub const CLIENTS: usize = 8;
/// In each batch.
const POINTS: usize = 20;
/// So long a client, or the test, waits for servers before it fails.
const LONG: Duration = Duration::from_secs(300);

pub fn ok((status, body): (u16, Value)) -> Value {
    assert_eq!(status, 200, "{body}");
    body
}

pub fn new_run(address: &str) -> String {
    let made = ok(post(address, "runs/create", &json!({ "experiment_id": "0", "start_time": 1 })));
    made["run"]["info"]["run_id"].as_str().unwrap().to_owned()
}

pub fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let end = Instant::now() + LONG;
    while !done() {
        assert!(Instant::now() < end, "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Lets the clients log until `meanwhile` has returned, or panicked; how many batches of each were answered with 200.
pub fn log_while(addresses: &Mutex<Vec<String>>, run_id: &str, meanwhile: impl FnOnce()) -> Vec<i64> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let stop = &stop;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| scope.spawn(move || log_until(stop, addresses, run_id, client)))
            .collect();
        let stops = StopAtEnd(stop);
        meanwhile();
        drop(stops);
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}

/// A scope waits for its threads even when it panics.
struct StopAtEnd<'a>(&'a AtomicBool);

impl Drop for StopAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Logs batches, one a step, each until a server has taken it.
fn log_until(stop: &AtomicBool, addresses: &Mutex<Vec<String>>, run_id: &str, client: usize) -> i64 {
    let mut turn = client;
    for step in 0.. {
        let metrics: Vec<Value> = (0..POINTS)
            .map(|point| json!({ "key": format!("m{client}"), "value": 0.5, "timestamp": point, "step": step }))
            .collect();
        let batch = json!({ "run_id": run_id, "metrics": metrics });
        let end = Instant::now() + LONG;
        loop {
            if stop.load(Ordering::Relaxed) {
                return step;
            }
            assert!(Instant::now() < end, "client {client}: no server takes step {step}");
            let all = addresses.lock().unwrap().clone();
            match post(&all[turn % all.len()], "runs/log-batch", &batch) {
                (200, _) => break,
                (0 | 503, _) => turn += 1,
                other => panic!("{other:?}"),
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
    unreachable!("there are more steps than time")
}

/// The step of each point that a client has logged.
pub fn steps(address: &str, run_id: &str, client: usize) -> Vec<i64> {
    let history = ok(get(address, &format!("metrics/get-history?run_id={run_id}&metric_key=m{client}")));
    let points = history["metrics"].as_array().cloned().unwrap_or_default();
    points.iter().map(|point| point["step"].as_i64().unwrap()).collect()
}

pub fn wait_for_more(address: &str, run_id: &str) {
    let before = steps(address, run_id, 0).len();
    wait_until("nothing is logged", || steps(address, run_id, 0).len() > before);
}

/// Every batch that was answered with 200 is there, none twice, and none in part.
pub fn assert_kept(address: &str, run_id: &str, taken: &[i64]) {
    for (client, taken) in taken.iter().enumerate() {
        let steps = steps(address, run_id, client);
        let each: BTreeSet<i64> = steps.iter().copied().collect();
        assert!(
            (0..*taken).all(|step| each.contains(&step)),
            "client {client}: a step of {taken} is missing"
        );
        assert_eq!(steps.len(), POINTS * each.len(), "client {client}: a batch is there twice, or in part");
    }
}
