use serde_json::{Value, json};

use crate::testing::{TestServer, matches_snapshot};

/// An answer with what differs from run to run replaced.
fn stable(mut answer: Value, run_id: &str) -> Value {
    let text = answer.to_string().replace(run_id, "[run_id]");
    answer = serde_json::from_str(&text).unwrap();
    answer
}

#[tokio::test]
async fn a_new_run_answers_as_mlflow_does() {
    let server = TestServer::new();
    let id = server.run("0").await;
    let answer = server.query(&format!("runs/get?run_id={id}")).await.ok();
    matches_snapshot("a_new_run_answers_as_mlflow_does", &stable(answer, &id));
}

#[tokio::test]
async fn a_batch_is_read_back() {
    let server = TestServer::new();
    let id = server.run("0").await;
    let batch = json!({
        "run_id": id,
        "metrics": [
            {"key": "loss", "value": "0.5", "timestamp": "10", "step": "1"},
            {"key": "loss", "value": 0.25, "timestamp": 20, "step": 2},
            {"key": "odd", "value": "NaN", "timestamp": 20},
            {"key": "up", "value": "Infinity", "timestamp": 20},
            {"key": "down", "value": "-Infinity", "timestamp": 20},
        ],
        "params": [{"key": "depth", "value": "3"}, {"key": "none"}],
        "tags": [{"key": "team", "value": "ads"}],
        "field_of_a_later_version": {"a": [1]},
    });
    server.post("runs/log-batch", batch).await.ok();
    let answer = server.query(&format!("runs/get?run_uuid={id}")).await.ok();
    matches_snapshot("a_batch_is_read_back", &stable(answer["run"]["data"].clone(), &id));
}

#[tokio::test]
async fn single_values_are_read_back() {
    let server = TestServer::new();
    let id = server.run("0").await;
    let metric = json!({"run_uuid": id, "key": "loss", "value": 1, "timestamp": 5});
    server.post("runs/log-metric", metric).await.ok();
    server.post("runs/log-parameter", json!({"run_id": id, "key": "depth", "value": "3"})).await.ok();
    server.post("runs/set-tag", json!({"run_id": id, "key": "team", "value": "ads"})).await.ok();
    let data = server.query(&format!("runs/get?run_id={id}")).await.ok()["run"]["data"].clone();
    assert_eq!(data["metrics"], json!([{"key": "loss", "value": 1.0, "timestamp": 5, "step": 0}]));
    assert_eq!(data["params"], json!([{"key": "depth", "value": "3"}]));
    assert_eq!(data["tags"][1], json!({"key": "team", "value": "ads"}));

    server.post("runs/delete-tag", json!({"run_id": id, "key": "team"})).await.ok();
    server.post("runs/delete-tag", json!({"run_id": id, "key": "team"})).await.missing();
}

#[tokio::test]
async fn a_run_ends_and_takes_a_name() {
    let server = TestServer::new();
    let id = server.run("0").await;
    let update = json!({"run_id": id, "status": "FINISHED", "end_time": "7", "run_name": "best"});
    let info = server.post("runs/update", update).await.ok()["run_info"].clone();
    assert_eq!((info["status"].as_str(), info["end_time"].as_i64()), (Some("FINISHED"), Some(7)));
    let run = server.query(&format!("runs/get?run_id={id}")).await.ok();
    assert_eq!(run["run"]["info"]["run_name"], "best");
    assert_eq!(run["run"]["data"]["tags"], json!([{"key": "mlflow.runName", "value": "best"}]));

    let by_number = server.post("runs/update", json!({"run_id": id, "status": 4})).await.ok();
    assert_eq!(by_number["run_info"]["status"], "FAILED");
    let unknown = server.post("runs/update", json!({"run_id": id, "status": "SLEEPING"})).await.ok();
    assert_eq!(unknown["run_info"]["status"], "FAILED", "a status of another version is ignored");
}

#[tokio::test]
async fn search_filters_orders_and_pages() {
    let server = TestServer::new();
    for loss in ["0.3", "0.1", "0.2"] {
        let id = server.run("0").await;
        let metric = json!({"run_id": id, "key": "loss", "value": loss, "timestamp": 1});
        server.post("runs/log-metric", metric).await.ok();
    }
    let body = json!({
        "experiment_ids": ["0"], "filter": "metrics.loss < 0.25", "order_by": ["metrics.loss DESC"],
        "max_results": 1, "run_view_type": "ACTIVE_ONLY",
    });
    let first = server.post("runs/search", body.clone()).await.ok();
    assert_eq!(first["runs"][0]["data"]["metrics"][0]["value"], 0.2);
    let mut next = body;
    next["page_token"] = first["next_page_token"].clone();
    let second = server.post("runs/search", next).await.ok();
    assert_eq!(second["runs"][0]["data"]["metrics"][0]["value"], 0.1);
    assert!(second.get("next_page_token").is_none());

    assert_eq!(server.post("runs/search", json!({})).await.ok(), json!({}), "no experiment, no runs");
    let message =
        server.post("runs/search", json!({"experiment_ids": ["0"], "filter": "loss ="})).await.invalid();
    assert!(!message.is_empty());
    for max_results in [0, -1, 50_001] {
        let body = json!({"experiment_ids": ["0"], "max_results": max_results});
        let message = server.post("runs/search", body).await.invalid();
        let expected = format!("Invalid value {max_results} for parameter 'max_results' supplied");
        assert!(message.starts_with(&expected), "{message}");
    }
}

#[tokio::test]
async fn a_deleted_run_can_be_read_and_restored_but_not_written() {
    let server = TestServer::new();
    let id = server.run("0").await;
    server.post("runs/delete", json!({"run_id": id})).await.ok();
    let run = server.query(&format!("runs/get?run_id={id}")).await.ok();
    assert_eq!(run["run"]["info"]["lifecycle_stage"], "deleted");
    let metric = json!({"run_id": id, "key": "loss", "value": 1, "timestamp": 5});
    let message = server.post("runs/log-metric", metric.clone()).await.invalid();
    assert!(message.contains("must be in the 'active' state"), "{message}");
    server.post("runs/restore", json!({"run_id": id})).await.ok();
    server.post("runs/log-metric", metric).await.ok();
}

#[tokio::test]
async fn a_param_keeps_its_value() {
    let server = TestServer::new();
    let id = server.run("0").await;
    let param = |value: &str| json!({"run_id": id, "key": "depth", "value": value});
    server.post("runs/log-parameter", param("3")).await.ok();
    server.post("runs/log-parameter", param("3")).await.ok();
    let message = server.post("runs/log-parameter", param("4")).await.invalid();
    assert!(message.contains("Changing param values is not allowed"), "{message}");
}

#[tokio::test]
async fn inputs_and_outputs_are_read_back() {
    let server = TestServer::new();
    let id = server.run("0").await;
    let model = server.logged_model("0", &id).await;
    let dataset = json!({"name": "iris", "digest": "1f", "source_type": "code", "source": "{}"});
    let tags = json!([{"key": "mlflow.data.context", "value": "train"}]);
    let inputs = json!({"run_id": id, "datasets": [{"tags": tags, "dataset": dataset}]});
    server.post("runs/log-inputs", inputs).await.ok();
    let outputs = json!({"run_id": id, "models": [{"model_id": model, "step": "3"}]});
    server.post("runs/outputs", outputs).await.ok();

    let run = server.query(&format!("runs/get?run_id={id}")).await.ok()["run"].clone();
    assert_eq!(run["inputs"]["dataset_inputs"], json!([{"tags": tags, "dataset": dataset}]));
    assert_eq!(run["outputs"]["model_outputs"], json!([{"model_id": model, "step": 3}]));

    let found = server.post("experiments/search-datasets", json!({"experiment_ids": ["0"]})).await.ok();
    let summary = json!({"experiment_id": "0", "name": "iris", "digest": "1f", "context": "train"});
    assert_eq!(found["dataset_summaries"], json!([summary]));
    server.post("experiments/search-datasets", json!({"experiment_ids": []})).await.invalid();
}

#[tokio::test]
async fn models_of_old_clients_are_noted_in_a_tag() {
    let server = TestServer::new();
    let id = server.run("0").await;
    for path in ["first", "second"] {
        let model = json!({"artifact_path": path, "flavors": {}, "utc_time_created": "now", "run_id": id});
        let body = json!({"run_id": id, "model_json": model.to_string()});
        server.post("runs/log-model", body).await.ok();
    }
    let run = server.query(&format!("runs/get?run_id={id}")).await.ok();
    let tags = run["run"]["data"]["tags"].as_array().unwrap().clone();
    let tag = tags.iter().find(|tag| tag["key"] == "mlflow.log-model.history").unwrap();
    let history: Value = serde_json::from_str(tag["value"].as_str().unwrap()).unwrap();
    assert_eq!(history[1]["artifact_path"], "second");

    let message = server.post("runs/log-model", json!({"run_id": id, "model_json": "{}"})).await.invalid();
    assert!(message.contains("artifact_path"), "{message}");
    server.post("runs/log-model", json!({"run_id": id, "model_json": "{"})).await.invalid();
}
