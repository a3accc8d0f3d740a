//! Several servers over one database, with clients at all of them, and what becomes of them when a server or the database
//! dies.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use serde_json::{Value, json};
use trackline_testdb::{Cluster, Database};

use crate::clients::{CLIENTS, assert_kept, log_while, new_run, ok, wait_for_more};
use crate::project::Project;
use crate::served::{Served, get, post};

const SERVERS: usize = 4;

fn serve(project: &Project, database: &Database) -> Served {
    let uri = database.uri();
    let args = ["server", "--port", "0", "--store", &uri, "--artifacts", "artifacts"];
    Served::start(&mut project.command(&args))
}

fn serve_all(project: &Project, database: &Database) -> Vec<Served> {
    // At once, so that they also make the tables at once.
    thread::scope(|scope| {
        let servers: Vec<_> = (0..SERVERS).map(|_| scope.spawn(|| serve(project, database))).collect();
        servers.into_iter().map(|server| server.join().unwrap()).collect()
    })
}

/// What every client gets that does `work` at a server of its own, all at the same time.
fn at_once<T: Send>(servers: &[Served], work: impl Fn(&str, usize) -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let work = &work;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let address = servers[client % servers.len()].address.as_str();
                scope.spawn(move || work(address, client))
            })
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}

fn statuses(answers: &[(u16, Value)], status: u16) -> usize {
    answers.iter().filter(|(found, _)| *found == status).count()
}

#[test]
fn what_must_be_unique_is() {
    let (project, database) = (Project::empty(), Database::new());
    let servers = serve_all(&project, &database);
    let made = at_once(&servers, |address, client| {
        let own = ok(post(address, "experiments/create", &json!({ "name": format!("own {client}") })));
        (own["experiment_id"].clone(), post(address, "experiments/create", &json!({ "name": "shared" })))
    });
    let ids: BTreeSet<String> = made.iter().map(|(id, _)| id.to_string()).collect();
    assert_eq!(ids.len(), CLIENTS);
    let shared: Vec<_> = made.into_iter().map(|(_, shared)| shared).collect();
    assert_eq!((statuses(&shared, 200), statuses(&shared, 400)), (1, CLIENTS - 1), "{shared:?}");

    let address = &servers[0].address;
    ok(post(address, "registered-models/create", &json!({ "name": "forest" })));
    let versions = at_once(&servers, |address, _| {
        let version = json!({ "name": "forest", "source": "s3://bucket/forest" });
        let made = (0..5).map(|_| ok(post(address, "model-versions/create", &version)));
        made.map(|made| made["model_version"]["version"].to_string()).collect::<Vec<_>>()
    });
    let versions: BTreeSet<String> = versions.into_iter().flatten().collect();
    assert_eq!(versions.len(), 5 * CLIENTS);

    let run_id = new_run(address);
    let answers = at_once(&servers, |address, client| {
        let param = json!({ "run_id": run_id, "key": "p", "value": client.to_string() });
        post(address, "runs/log-parameter", &param)
    });
    assert_eq!((statuses(&answers, 200), statuses(&answers, 400)), (1, CLIENTS - 1), "{answers:?}");
}

#[test]
fn no_update_of_a_shared_run_is_lost() {
    const BATCHES: usize = 20;
    let (project, database) = (Project::empty(), Database::new());
    let servers = serve_all(&project, &database);
    let run_id = new_run(&servers[0].address);
    at_once(&servers, |address, client| {
        for batch in 0..BATCHES {
            let step = batch * CLIENTS + client;
            let metrics: Vec<Value> = (0..10)
                .map(|key| json!({ "key": format!("m{key}"), "value": step, "timestamp": 1, "step": step }))
                .collect();
            let params = [json!({ "key": format!("p{step}"), "value": "v" })];
            let tags = [json!({ "key": "last", "value": step.to_string() })];
            let all = json!({ "run_id": run_id, "metrics": metrics, "params": params, "tags": tags });
            ok(post(address, "runs/log-batch", &all));
        }
    });
    let run = ok(get(&servers[1].address, &format!("runs/get?run_id={run_id}")));
    assert_eq!(run["run"]["data"]["params"].as_array().unwrap().len(), BATCHES * CLIENTS);
    for key in 0..10 {
        let history = format!("metrics/get-history?run_id={run_id}&metric_key=m{key}");
        let history = ok(get(&servers[2].address, &history));
        assert_eq!(history["metrics"].as_array().unwrap().len(), BATCHES * CLIENTS);
    }
}

#[test]
fn what_was_acknowledged_survives_servers_and_the_database() {
    let cluster = Cluster::start();
    let (project, database) = (Project::empty(), cluster.database());
    let mut servers = serve_all(&project, &database);
    let addresses: Vec<String> = servers.iter().map(|server| server.address.clone()).collect();
    let run_id = new_run(&addresses[0]);
    let taken = log_while(&Mutex::new(addresses.clone()), &run_id, || {
        wait_for_more(&addresses[0], &run_id);
        servers[SERVERS - 1].kill();
        cluster.crash();
        let (status, body) = get(&addresses[0], "experiments/get?experiment_id=0");
        assert_eq!((status, body["error_code"].as_str()), (503, Some("TEMPORARILY_UNAVAILABLE")), "{body}");
        assert!(body["message"].as_str().unwrap().contains("cannot be reached just now"), "{body}");
        cluster.restart();
        wait_for_more(&addresses[0], &run_id);
    });
    assert_kept(&addresses[1], &run_id, &taken);
}

#[test]
fn commands_read_a_database() {
    let (project, database) = (Project::empty(), Database::new());
    let uri = database.uri();
    let nothing = project.transcript(&["runs", "list", "--store", &uri]);
    assert!(
        nothing.contains("There is no store in the database") && nothing.ends_with("[exit code 1]"),
        "{nothing}"
    );

    let server = serve(&project, &database);
    let run_id = new_run(&server.address);
    ok(post(
        &server.address,
        "runs/log-metric",
        &json!({ "run_id": run_id, "key": "loss", "value": 0.5, "timestamp": 1 }),
    ));
    server.end();
    for args in [&["runs", "list"][..], &["runs", "show", &run_id], &["experiments", "list"]] {
        let text = project.transcript(&[args, &["--json", "--store", &uri]].concat());
        let shown: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{args:?}: {text}"));
        assert!(args[0] == "experiments" || shown.to_string().contains(&run_id), "{args:?}: {text}");
    }
    let listed = project.finish(project.command(&["runs", "list"]).env("TRACKLINE_URI", &uri));
    assert!(listed.contains("0.5"), "{listed}");
    assert!(!project.path().join(".trackline").exists(), "reading makes nothing");
}
