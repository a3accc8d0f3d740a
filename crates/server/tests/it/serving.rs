use std::io::{Read, Write};
use std::net::TcpStream;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use trackline_server::{ServeError, ServeOptions, Server};

use crate::testing::{TestServer, request};

#[tokio::test]
async fn health_and_version_answer_plainly() {
    let server = TestServer::new();
    assert_eq!(server.get("/health").await.text(), "OK");
    assert!(server.get("/version").await.text().starts_with("3."));
    assert_eq!(server.get("/api/3.0/mlflow/server-info").await.ok()["workspaces_enabled"], false);
}

#[tokio::test]
async fn a_name_that_is_not_ours_is_refused() {
    let server = TestServer::new();
    let by = |host: &'static str, path: &'static str| {
        let request = axum::http::Request::get(path).header("host", host).body(Body::empty());
        server.send(request.unwrap())
    };
    let refused = by("evil.example:5000", "/api/2.0/mlflow/experiments/get?experiment_id=0").await;
    let (status, _, message) = refused.error();
    assert_eq!(status, 403);
    assert!(message.contains("evil.example") && message.contains("--allowed-hosts"), "{message}");
    assert_eq!(by("evil.example", "/").await.status, StatusCode::FORBIDDEN);
    assert_eq!(by("evil.example", "/health").await.status, StatusCode::OK);
    assert_eq!(by("127.0.0.1:1", "/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn pages_of_other_sites_cannot_write() {
    let server = TestServer::new();
    let create = |origin: &'static str, name: &'static str| {
        let request = request(Method::POST, "/api/2.0/mlflow/experiments/create")
            .header("content-type", "application/json")
            .header("origin", origin)
            .body(Body::from(format!("{{\"name\": \"{name}\"}}")));
        server.send(request.unwrap())
    };
    let (status, _, message) = create("https://evil.example", "a").await.error();
    assert_eq!(status, 403, "{message}");
    assert_eq!(create("http://localhost:5000", "b").await.status, StatusCode::OK);
}

#[test]
fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let options = |port| ServeOptions {
        host: "127.0.0.1".to_owned(),
        port,
        store: folder.path().join("store"),
        allowed_hosts: vec![],
    };
    let first = Server::bind(&options(0)).unwrap();
    let port = first.address().port();
    let error = Server::bind(&options(port)).unwrap_err();
    assert!(matches!(error, ServeError::Bind { .. }));
    assert!(error.to_string().contains(&format!("Port {port} of 127.0.0.1 is in use")), "{error}");
}

#[test]
fn it_answers_over_a_socket() {
    let folder = tempfile::tempdir().unwrap();
    let options = ServeOptions {
        host: "localhost".to_owned(),
        port: 0,
        store: folder.path().to_owned(),
        allowed_hosts: vec![],
    };
    let server = Server::bind(&options).unwrap();
    let mut connection = TcpStream::connect(server.address()).unwrap();
    // It ends with the test's process: `run` waits for a signal.
    std::thread::spawn(move || server.run());
    connection.write_all(b"GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("3.17.2"), "{answer}");
}
