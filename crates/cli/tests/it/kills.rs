//! A server over a folder that is killed, and started again, while clients log.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::databases::{new_run, ok, wait_until};
use crate::project::Project;
use crate::served::{Served, get, post};

const CLIENTS: usize = 8;
const KILLS: usize = 3;
/// In each batch.
const POINTS: usize = 20;

fn serve(project: &Project) -> Served {
    Served::start(&mut project.command(&["server", "--port", "0"]))
}

/// Logs batches, one a step, each until it is answered with 200; returns how many were.
fn log_until(stop: &AtomicBool, address: &Mutex<String>, run_id: &str, client: usize) -> i64 {
    for step in 0.. {
        let metrics: Vec<Value> = (0..POINTS)
            .map(|point| json!({ "key": format!("m{client}"), "value": 0.5, "timestamp": point, "step": step }))
            .collect();
        let batch = json!({ "run_id": run_id, "metrics": metrics });
        loop {
            if stop.load(Ordering::Relaxed) {
                return step;
            }
            let here = address.lock().unwrap().clone();
            match post(&here, "runs/log-batch", &batch) {
                (200, _) => break,
                (0, _) => thread::sleep(Duration::from_millis(5)),
                other => panic!("{other:?}"),
            }
        }
    }
    unreachable!("there are more steps than time")
}

/// The steps of all points that a client has logged.
fn steps(address: &str, run_id: &str, client: usize) -> Vec<i64> {
    let history = ok(get(address, &format!("metrics/get-history?run_id={run_id}&metric_key=m{client}")));
    let points = history["metrics"].as_array().cloned().unwrap_or_default();
    points.iter().map(|point| point["step"].as_i64().unwrap()).collect()
}

#[test]
fn what_was_acknowledged_survives_kills_of_the_server() {
    let project = Project::empty();
    let mut served = serve(&project);
    let run_id = new_run(&served.address);
    let (stop, address) = (AtomicBool::new(false), Mutex::new(served.address.clone()));
    let taken: Vec<i64> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (stop, address, run_id) = (&stop, &address, &run_id);
                scope.spawn(move || log_until(stop, address, run_id, client))
            })
            .collect();
        for _ in 0..KILLS {
            let before = steps(&served.address, &run_id, 0).len();
            wait_until("nothing is logged", || steps(&served.address, &run_id, 0).len() > before);
            served.kill();
            served = serve(&project);
            address.lock().unwrap().clone_from(&served.address);
        }
        stop.store(true, Ordering::Relaxed);
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    for (client, taken) in taken.into_iter().enumerate() {
        let steps = steps(&served.address, &run_id, client);
        let each: BTreeSet<i64> = steps.iter().copied().collect();
        assert!((0..taken).all(|step| each.contains(&step)), "client {client}: a step of {taken} is missing");
        assert_eq!(steps.len(), POINTS * each.len(), "client {client}: a batch is there twice, or in part");
    }
}
