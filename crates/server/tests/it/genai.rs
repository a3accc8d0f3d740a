use axum::body::Body;
use axum::http::Method;
use serde_json::json;

use crate::testing::{Answer, TestServer, request};

async fn post(server: &TestServer, path: &str) -> Answer {
    let request =
        request(Method::POST, path).header("content-type", "application/json").body(Body::from("{}"));
    server.send(request.unwrap()).await
}

#[tokio::test]
async fn searches_for_traces_find_none() {
    let server = TestServer::new();
    assert_eq!(server.query("traces?experiment_ids=0").await.ok(), json!({}));
    assert_eq!(post(&server, "/api/3.0/mlflow/traces/search").await.ok(), json!({}));
    assert_eq!(server.get("/ajax-api/3.0/mlflow/scorers/list?experiment_id=0").await.ok(), json!({}));
}

#[tokio::test]
async fn a_trace_is_refused_once_and_for_all() {
    let server = TestServer::new();
    let (status, code, message) = post(&server, "/api/3.0/mlflow/traces").await.error();
    assert_eq!((status, code.as_str()), (501, "NOT_IMPLEMENTED"));
    assert!(message.contains("traces"), "{message}");
}
