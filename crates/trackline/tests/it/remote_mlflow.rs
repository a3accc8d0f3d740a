//! Logging to a server that speaks MLflow's API only: here Trackline's own, with its own endpoints hidden.

use std::path::PathBuf;

use trackline::store::{RunQuery, Store};
use trackline::{Param, RunStatus};

use crate::samples::{artifact, trial};
use crate::servers::{Trouble, client, mlflow_server, serve};
use crate::sessions::{LONG, assert_whole, log_steps, served, spooled, steps, whole_run};

/// The server's id for the run that a process started.
fn id_there(store: &Store, ours: &str) -> String {
    let experiment = store.get_experiment_by_name("trial").unwrap().experiment_id;
    let filter = format!("tags.`trackline.run_id` = '{ours}'");
    let query = RunQuery { experiment_ids: vec![experiment], filter, ..RunQuery::default() };
    let found = store.search_runs(&query).unwrap().items;
    assert_eq!(found.len(), 1, "the run is there once");
    found[0].info.run_id.clone()
}

#[test]
fn a_run_reaches_the_server_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port) = serve(folder.path(), 0);
    let ours = whole_run(folder.path(), mlflow_server(port, vec![])).finish().remove(0);
    server.kill_only();
    let store = served(folder.path());
    let run_id = id_there(&store, &ours);
    assert_whole(&store, &run_id);
    let environment = artifact(&store, &format!("1/{run_id}/artifacts/trackline/environment.json"));
    assert!(serde_json::from_slice::<serde_json::Value>(&environment).unwrap()["hostname"].is_string());
    assert_eq!(spooled(folder.path(), "journals"), [] as [PathBuf; 0]);
    assert_eq!(spooled(folder.path(), "blobs"), [] as [PathBuf; 0]);
}

#[test]
fn no_answer_of_a_server_makes_a_record_count_twice_or_not_at_all() {
    for trouble in [Trouble::Status(503), Trouble::Garbage, Trouble::HangUp, Trouble::LoseAnswer] {
        // Of each kind of call, some go wrong.
        for at in [0, 3] {
            let folder = tempfile::tempdir().unwrap();
            let (server, port) = serve(folder.path(), 0);
            let mut troubles = vec![Trouble::Dawdle; at * 2];
            troubles.extend([trouble; 2]);
            let ours = whole_run(folder.path(), mlflow_server(port, troubles)).finish().remove(0);
            server.kill_only();
            let store = served(folder.path());
            assert_whole(&store, &id_there(&store, &ours));
        }
    }
}

#[test]
fn a_server_that_fails_time_and_again_gets_all_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port) = serve(folder.path(), 0);
    let turn = [Trouble::Dawdle, Trouble::Dawdle, Trouble::Dawdle, Trouble::Status(503)];
    let port = mlflow_server(port, turn.repeat(10_000));
    let said = client(folder.path(), port, |tracker, say| {
        let run = tracker.start_run(trial()).unwrap();
        log_steps(&run, 0..10_000);
        run.end(RunStatus::Finished, None);
        say.line(run.id());
        tracker.flush_within(LONG).unwrap();
    })
    .finish();
    server.kill_only();
    let store = served(folder.path());
    let run_id = id_there(&store, &said[0]);
    assert_eq!(steps(&store, &run_id), (0..10_000).collect::<Vec<_>>());
    assert_eq!(store.get_run(&run_id).unwrap().info.status, RunStatus::Finished);
}

#[test]
fn a_killed_process_is_continued_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port) = serve(folder.path(), 0);
    let port = mlflow_server(port, vec![]);
    let mut killed = client(folder.path(), port, |tracker, say| {
        let run = tracker.start_run(trial()).unwrap();
        say.line(run.id());
        log_steps(&run, 0..2_500);
        tracker.flush().unwrap();
        log_steps(&run, 2_500..5_000);
        say.line("logged");
        std::thread::sleep(LONG);
    });
    let ours = killed.line().unwrap();
    killed.line().unwrap();
    killed.kill();
    whole_run(folder.path(), port).finish();
    server.kill_only();
    let store = served(folder.path());
    let run_id = id_there(&store, &ours);
    assert_eq!(steps(&store, &run_id), (0..5_000).collect::<Vec<_>>());
    assert_eq!(store.get_run(&run_id).unwrap().info.status, RunStatus::Killed);
}

#[test]
fn what_the_server_refuses_is_left_out_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port) = serve(folder.path(), 0);
    let said = client(folder.path(), mlflow_server(port, vec![]), |tracker, say| {
        let run = tracker.start_run(trial()).unwrap();
        let param = |key: &str, value: &str| Param { key: key.to_owned(), value: value.to_owned() };
        run.log_params(vec![param("lr", "1"), param("depth", "3")]).unwrap();
        // This API takes no second value.
        run.log_params(vec![param("lr", "2"), param("seed", "7")]).unwrap();
        log_steps(&run, 0..10);
        say.line(run.id());
        tracker.shutdown(RunStatus::Finished, LONG).unwrap();
        say.line(tracker.take_problem().unwrap().message.contains("lr"));
    })
    .finish();
    server.kill_only();
    assert_eq!(said[1], "true");
    let store = served(folder.path());
    let run = store.get_run(&id_there(&store, &said[0])).unwrap();
    let params: Vec<_> =
        run.data.params.iter().map(|param| (param.key.as_str(), param.value.as_str())).collect();
    assert_eq!(params, [("depth", "3"), ("lr", "1"), ("seed", "7")]);
    assert!(run.data.tags.iter().any(|tag| tag.key == "trackline.dropped" && tag.value.contains("lr")));
    assert_eq!(steps(&store, &run.info.run_id).len(), 10);
}

#[test]
fn what_is_asked_by_our_id_is_answered_by_our_id() {
    let folder = tempfile::tempdir().unwrap();
    let (server, port) = serve(folder.path(), 0);
    let said = client(folder.path(), mlflow_server(port, vec![]), |tracker, say| {
        let run = tracker.start_run(trial()).unwrap();
        run.log_bytes(b"weights", "model/weights.bin").unwrap();
        run.log_bytes(b"older weights", "model/older.bin").unwrap();
        run.delete_artifact("model/older.bin").unwrap();
        run.delete_artifact("model/never_was.bin").unwrap();
        let backend = tracker.backend().unwrap();
        let found = backend.get_run(run.id()).unwrap();
        say.line(found.info.run_id == run.id());
        let root = found.info.artifact_uri.strip_prefix("mlflow-artifacts:/").unwrap().to_owned();
        let files = backend.list_artifacts(&format!("{root}/model")).unwrap();
        say.line(files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>().join(" "));
        let mut bytes = String::new();
        let mut file = backend.open_artifact(&format!("{root}/model/weights.bin")).unwrap();
        std::io::Read::read_to_string(&mut file, &mut bytes).unwrap();
        say.line(bytes);
        tracker.shutdown(RunStatus::Finished, LONG).unwrap();
    })
    .finish();
    server.kill_only();
    assert_eq!(said, ["true", "weights.bin", "weights"]);
}
