use axum::body::Body;
use axum::http::{Method, StatusCode};
use trackline_server::{Framing, Settings};

use crate::testing::{TestServer, request};

#[tokio::test]
async fn every_address_of_the_page_serves_the_page() {
    let server = TestServer::new();
    let root = server.get("/").await;
    assert!(root.text().starts_with("<!doctype html>"), "{}", root.text());
    for path in ["/experiments/1/runs/abc", "/models/churn", "/compare?runs=a,b"] {
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, root.text()), "{path}");
    }
}

#[tokio::test]
async fn two_slashes_lead_to_the_path_that_is_meant_and_never_to_a_host() {
    let server = TestServer::new();
    for (path, meant) in [
        ("//model-versions/get-artifact?name=a", "/model-versions/get-artifact?name=a"),
        ("///example.com", "/example.com"),
        ("//%5Cexample.com", "/%5Cexample.com"),
    ] {
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::PERMANENT_REDIRECT, meant));
    }
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let server = TestServer::new();
    let root = server.get("/").await;
    let policy = root.header("content-security-policy");
    assert!(policy.starts_with("default-src 'self';"), "{policy}");
    assert!(!policy.contains("http"), "{policy}");
}

#[tokio::test]
async fn only_the_page_itself_frames_it_unless_that_is_said() {
    let own = TestServer::new();
    own.put_artifact("a.html", b"<p>hi</p>").await;
    for path in ["/", "/api/2.0/mlflow-artifacts/artifacts/a.html"] {
        let answer = own.get(path).await;
        let policies: Vec<_> = answer.headers.get_all("content-security-policy").iter().collect();
        assert_eq!((policies.len(), policies[1].to_str().unwrap()), (2, "frame-ancestors 'self'"), "{path}");
        assert_eq!(answer.header("x-frame-options"), "SAMEORIGIN");
    }
    let every = TestServer::set(Settings { framing: Framing::EveryPage, ..Settings::default() });
    let answer = every.get("/").await;
    assert_eq!(answer.headers.get_all("content-security-policy").iter().count(), 1);
    assert_eq!(answer.header("x-frame-options"), "");
}

#[tokio::test]
async fn the_page_is_sent_compressed() {
    let server = TestServer::new();
    let request = request(Method::GET, "/").header("accept-encoding", "gzip").body(Body::empty()).unwrap();
    assert_eq!(server.send(request).await.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn files_that_are_not_there_are_not_the_page() {
    let server = TestServer::new();
    assert_eq!(server.get("/assets/none.js").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn endpoints_that_do_not_exist_say_so() {
    let server = TestServer::new();
    for path in
        ["/api/2.0/mlflow/none", "/ajax-api/none", "/api/3.0/mlflow/none", "/api/trackline/none", "/api/"]
    {
        let (status, code, message) = server.get(path).await.error();
        assert_eq!((status, code.as_str()), (404, "ENDPOINT_NOT_FOUND"), "{path}");
        assert!(message.contains(path), "{message}");
    }
    let (status, _, _) = server.query("runs/search").await.error();
    assert_eq!(status, 405);
}
