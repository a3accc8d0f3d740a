use axum::http::Method;
use serde_json::json;

use crate::testing::TestServer;

#[tokio::test]
async fn a_logged_model_is_made_and_finished() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let id = server.logged_model("0", &run).await;
    let path = format!("logged-models/{id}");
    let pending = server.query(&path).await.ok()["model"].clone();
    assert_eq!(pending["info"]["status"], "LOGGED_MODEL_PENDING");
    assert_eq!(pending["info"]["artifact_uri"], format!("mlflow-artifacts:/0/models/{id}/artifacts"));
    assert_eq!(pending["info"]["source_run_id"], run);
    assert_eq!(pending["data"], json!({}));

    let status = json!({"model_id": id, "status": "LOGGED_MODEL_READY"});
    let ready = server.call(Method::PATCH, &path, status).await.ok();
    assert_eq!(ready["model"]["info"]["status"], "LOGGED_MODEL_READY");
    let without_id = json!({"status": "LOGGED_MODEL_READY"});
    let message = server.call(Method::PATCH, &path, without_id).await.invalid();
    assert!(message.contains("'model_id'"), "{message}");
}

#[tokio::test]
async fn tags_and_params_are_kept() {
    let server = TestServer::new();
    let id = server.logged_model("0", "").await;
    let path = format!("logged-models/{id}");
    let tags = json!({"tags": [{"key": "team", "value": "ads"}]});
    server.call(Method::PATCH, &format!("{path}/tags"), tags).await.ok();
    let params = json!({"model_id": id, "params": [{"key": "depth", "value": "3"}]});
    server.post(&format!("{path}/params"), params).await.ok();
    let model = server.query(&path).await.ok()["model"].clone();
    assert_eq!(model["info"]["tags"], json!([{"key": "team", "value": "ads"}]));
    assert_eq!(model["data"]["params"], json!([{"key": "depth", "value": "3"}]));

    let tag = format!("{path}/tags/team");
    server.call(Method::DELETE, &tag, json!({})).await.ok();
    server.call(Method::DELETE, &tag, json!({})).await.missing();
}

#[tokio::test]
async fn search_finds_by_metric() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let (good, bad) = (server.logged_model("0", &run).await, server.logged_model("0", &run).await);
    for (model, value) in [(&good, 0.9), (&bad, 0.1)] {
        let metric = json!({"run_id": run, "key": "acc", "value": value, "timestamp": 1, "model_id": model});
        server.post("runs/log-metric", metric).await.ok();
    }
    let order = json!([{"field_name": "metrics.acc", "ascending": true}]);
    let all =
        server.post("logged-models/search", json!({"experiment_ids": ["0"], "order_by": order})).await.ok();
    assert_eq!(all["models"][0]["info"]["model_id"], bad);
    let filtered = json!({"experiment_ids": ["0"], "filter": "metrics.acc > 0.5"});
    let filtered = server.post("logged-models/search", filtered).await.ok();
    assert_eq!(filtered["models"].as_array().unwrap().len(), 1);
    assert_eq!(filtered["models"][0]["info"]["model_id"], good);
    let message = server.post("logged-models/search", json!({})).await.invalid();
    assert!(message.contains("'experiment_ids'"), "{message}");
}

#[tokio::test]
async fn a_deleted_model_is_gone() {
    let server = TestServer::new();
    let id = server.logged_model("0", "").await;
    let path = format!("logged-models/{id}");
    server.call(Method::DELETE, &path, json!({})).await.ok();
    server.query(&path).await.missing();
}
