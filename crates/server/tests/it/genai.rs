use axum::http::Method;
use serde_json::json;

use crate::testing::TestServer;

#[tokio::test]
async fn searches_for_what_is_not_kept_find_none() {
    let server = TestServer::new();
    assert_eq!(server.query("traces?experiment_ids=0").await.ok(), json!({}));
    assert_eq!(server.get("/ajax-api/3.0/mlflow/scorers/list?experiment_id=0").await.ok(), json!({}));
}

#[tokio::test]
async fn an_evaluation_dataset_is_refused_once_and_for_all() {
    let server = TestServer::new();
    let answer =
        server.send_json(Method::POST, "/api/3.0/mlflow/datasets/create", json!({"name": "d"})).await;
    let (status, code, message) = answer.error();
    assert_eq!((status, code.as_str()), (501, "NOT_IMPLEMENTED"));
    assert!(message.contains("evaluation datasets"), "{message}");
}
