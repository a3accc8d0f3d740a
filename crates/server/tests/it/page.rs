use serde_json::{Value, json};
use trackline_journal::{Event, Record};
use trackline_model::Param;

use crate::testing::{TestServer, matches_snapshot};

#[tokio::test]
async fn a_change_is_noticed() {
    let server = TestServer::new();
    let before = server.get("/api/trackline/changes").await.ok()["count"].clone();
    assert_eq!(server.get("/api/trackline/changes").await.ok()["count"], before);
    server.experiment("new").await;
    assert_ne!(server.get("/api/trackline/changes").await.ok()["count"], before);
}

#[tokio::test]
async fn metrics_are_summed_up_exactly() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let point =
        |value: Value, step: i64| json!({"key": "loss", "value": value, "timestamp": 5, "step": step});
    let metrics = json!([point(json!(3), 0), point(json!(1), 1), point(json!("Infinity"), 2)]);
    server.post("runs/log-batch", json!({"run_id": run, "metrics": metrics})).await.ok();
    let found = server.get(&format!("/api/trackline/runs/{run}/metrics")).await.ok();
    matches_snapshot("metrics_are_summed_up_exactly", &found);
}

#[tokio::test]
async fn a_series_is_thinned_and_keeps_its_spike() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let value = |step: i64| if step == 637 { json!(1e9) } else { json!(step % 7) };
    let points: Vec<Value> = (0..1000)
        .map(|step| json!({"key": "loss", "value": value(step), "timestamp": step, "step": step}))
        .collect();
    server.post("runs/log-batch", json!({"run_id": run, "metrics": points})).await.ok();
    let path = format!("/api/trackline/series?run_id={run}&key=loss");
    let series = server.get(&format!("{path}&max_points=50")).await.ok()["series"][0].clone();
    let column = |name: &str| series[name].as_array().unwrap().clone();
    assert_eq!((&series["total"], &series["run_id"]), (&json!(1000), &json!(run)));
    assert!(column("values").contains(&json!(1e9)));
    assert!(column("steps").len() <= 50 && column("steps").contains(&json!(637)));
    assert_eq!(column("steps").len(), column("timestamps").len());

    let part = server.get(&format!("{path}&start_step=990")).await.ok();
    assert_eq!(part["series"][0]["steps"].as_array().unwrap().len(), 10);
    server.get("/api/trackline/series?key=loss").await.invalid();
    server.get(&format!("/api/trackline/series?run_id={run}")).await.invalid();
}

#[tokio::test]
async fn what_was_captured_is_listed_with_its_source() {
    let server = TestServer::new();
    let run = server.run("0").await;
    server.post("runs/log-parameter", json!({"run_id": run, "key": "depth", "value": "3"})).await.ok();
    let items = server.get(&format!("/api/trackline/runs/{run}/captured")).await.ok();
    let param = json!({"kind": "param", "key": "depth", "source": "user"});
    assert!(items["items"].as_array().unwrap().contains(&param), "{items}");
}

#[tokio::test]
async fn drift_is_told_against_the_run_before() {
    let server = TestServer::new();
    let (before, after) = (server.run("0").await, server.run("0").await);
    let log = async |run: &str, digest: &str, fields: Value| {
        let schema = json!({"mlflow_colspec": fields}).to_string();
        let dataset =
            json!({"name": "X", "digest": digest, "source_type": "code", "source": "{}", "schema": schema});
        let datasets = json!([{"dataset": dataset, "tags": []}]);
        server.post("runs/log-inputs", json!({"run_id": run, "datasets": datasets})).await.ok();
    };
    log(&before, "d1", json!([{"name": "a", "type": "long"}])).await;
    log(&after, "d2", json!([{"name": "b", "type": "long"}])).await;
    let found = server.get(&format!("/api/trackline/runs/{after}/drift")).await.ok()["datasets"][0].clone();
    assert_eq!((&found["previous_run_id"], &found["same"]), (&json!(before), &json!(false)));
    let columns = json!([
        {"name": "b", "change": "added", "notable": true},
        {"name": "a", "change": "removed", "notable": true},
    ]);
    assert_eq!(found["columns"], columns);
    assert_eq!(server.get(&format!("/api/trackline/runs/{before}/drift")).await.ok()["datasets"], json!([]));
    server.get("/api/trackline/runs/none/drift").await.missing();
}

#[tokio::test]
async fn every_value_that_a_param_had_is_told() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let path = format!("/api/trackline/runs/{run}/param-history");
    assert_eq!(server.get(&path).await.ok(), json!({"values": []}));
    for (time, value, source) in [(1, "0.1", "argparse"), (2, "0.2", "user")] {
        let params = vec![Param { key: "lr".into(), value: value.into() }];
        let event =
            Event::Params { run_id: run.clone(), params, time, source: source.into(), confidence: None };
        server.in_store(|store| store.apply("j", time as u64, &[Record::Event(event)]).unwrap());
    }
    let value = |value: &str, time: i64, source: &str| json!({"key": "lr", "value": value, "time": time, "source": source});
    let values = [value("0.1", 1, "argparse"), value("0.2", 2, "user")];
    assert_eq!(server.get(&path).await.ok(), json!({ "values": values }));
    server.get("/api/trackline/runs/none/param-history").await.missing();
}

#[tokio::test]
async fn documents_are_listed_and_read() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let listed = server.get(&format!("/api/trackline/runs/{run}/documents")).await.ok();
    assert_eq!(listed, json!({"documents": []}));
    server.get(&format!("/api/trackline/runs/{run}/documents/git")).await.missing();
    server.get("/api/trackline/runs/none/documents").await.missing();
}

#[tokio::test]
async fn files_of_runs_and_models_are_shown_in_a_sandbox() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let model = server.logged_model("0", &run).await;
    server.put_artifact(&format!("0/{run}/artifacts/report/page.html"), b"<script>alert(1)</script>").await;
    server.put_artifact(&format!("0/models/{model}/artifacts/MLmodel"), b"flavors").await;

    let listed = server.get(&format!("/api/trackline/artifacts?run_id={run}&path=report")).await.ok();
    assert_eq!(listed["files"][0]["path"], "report/page.html");
    let shown = server.get(&format!("/api/trackline/artifact?run_id={run}&path=report/page.html")).await;
    assert_eq!(shown.header("content-type"), "text/html; charset=utf-8");
    assert!(shown.header("content-disposition").starts_with("inline;"));
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    let policy = shown.header("content-security-policy");
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("allow-scripts") && !policy.contains("script-src"), "{policy}");

    let of_model = server.get(&format!("/api/trackline/artifact?model_id={model}&path=MLmodel")).await;
    assert_eq!((of_model.text(), of_model.header("content-type")), ("flavors", "text/plain"));
    server.get("/api/trackline/artifacts").await.invalid();
    server.get(&format!("/api/trackline/artifacts?run_id={run}&model_id={model}")).await.invalid();
}
