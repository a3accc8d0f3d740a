use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use trackline_server::{Access, Origins, ServeError, ServeOptions, Server, Settings};
use trackline_store::{Location, StoreOptions};

use crate::testing::{TestServer, request};

#[tokio::test]
async fn health_and_version_answer_plainly() {
    let server = TestServer::new();
    assert_eq!(server.get("/health").await.text(), "OK");
    assert!(server.get("/version").await.text().starts_with("3."));
    assert_eq!(server.get("/api/3.0/mlflow/server-info").await.ok()["workspaces_enabled"], false);
}

#[tokio::test]
async fn requests_are_counted_for_prometheus() {
    let server = TestServer::new();
    server.get("/api/2.0/mlflow/experiments/get?experiment_id=0").await.ok();
    server.get("/api/2.0/mlflow/experiments/get?experiment_id=77").await;
    server.get("/api/2.0/mlflow/logged-models/m-1").await;
    let counted = server.get("/metrics").await;
    assert!(counted.header("content-type").starts_with("application/openmetrics-text"));
    for line in [
        r#"trackline_http_requests_total{method="GET",path="/api/2.0/mlflow/experiments/get",status="200"} 1"#,
        r#"trackline_http_requests_total{method="GET",path="/api/2.0/mlflow/experiments/get",status="404"} 1"#,
        r#"trackline_http_requests_total{method="GET",path="/api/2.0/mlflow/logged-models/{model_id}",status="404"} 1"#,
        r#"trackline_http_request_duration_seconds_count{method="GET",path="/api/2.0/mlflow/experiments/get"} 2"#,
    ] {
        assert!(
            counted.text().lines().any(|counted| counted == line),
            "{line} is not in\n{}",
            counted.text()
        );
    }
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

const APP: &str = "https://app.example.com";

#[tokio::test]
async fn pages_of_named_sites_may_read_and_write() {
    let origins = Origins::new(&[APP.to_owned()]).unwrap();
    let server = TestServer::with(Access { origins, tokens: vec!["secret".to_owned()], ..Access::default() });
    let path = "/api/2.0/mlflow/experiments/create";
    let from = |method: Method, origin: &'static str| {
        request(method, path)
            .header("origin", origin)
            .header("sec-fetch-site", "cross-site")
            .header("content-type", "application/json")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type")
    };
    let asked = server.send(from(Method::OPTIONS, APP).body(Body::empty()).unwrap()).await;
    assert_eq!(asked.status, StatusCode::OK);
    for (header, value) in [
        ("access-control-allow-origin", APP),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-methods", "POST"),
        ("access-control-allow-headers", "authorization,content-type"),
    ] {
        assert_eq!(asked.header(header), value);
    }
    let create = |origin| from(Method::POST, origin).header("authorization", "Bearer secret");
    let created = server.send(create(APP).body(Body::from(r#"{"name": "a"}"#)).unwrap()).await;
    assert_eq!((created.status, created.header("access-control-allow-origin")), (StatusCode::OK, APP));
    let refused =
        server.send(create("https://evil.example").body(Body::from(r#"{"name": "b"}"#)).unwrap()).await;
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (StatusCode::FORBIDDEN, ""));
    assert!(refused.error().2.contains("--cors-allowed-origins"), "{refused:?}");
}

#[tokio::test]
async fn every_site_may_where_that_is_said() {
    let origins = Origins::new(&["*".to_owned()]).unwrap();
    let server = TestServer::with(Access { origins, ..Access::default() });
    let request = request(Method::POST, "/api/2.0/mlflow/experiments/create")
        .header("origin", APP)
        .header("content-type", "application/json");
    let created = server.send(request.body(Body::from(r#"{"name": "a"}"#)).unwrap()).await;
    assert_eq!((created.status, created.header("access-control-allow-origin")), (StatusCode::OK, "*"));
    assert_eq!(created.header("access-control-allow-credentials"), "");
}

#[test]
fn an_origin_is_a_site() {
    for wrong in ["app.example.com", "https://app.example.com/page", "https://*.example.com", "null", ""] {
        assert!(Origins::new(&[wrong.to_owned()]).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn everything_lies_below_a_prefix() {
    let settings = Settings { prefix: "/mlflow".parse().unwrap(), ..Settings::default() };
    let server = TestServer::set(settings);
    let experiment = server.get("/mlflow/api/2.0/mlflow/experiments/get?experiment_id=0").await.ok();
    assert_eq!(experiment["experiment"]["name"], "Default");
    assert_eq!(server.get("/mlflow/health").await.text(), "OK");
    for page in ["/mlflow/", "/mlflow/runs/abc"] {
        assert!(server.get(page).await.text().starts_with("<!doctype html>"), "{page}");
    }
    let bare = server.get("/mlflow").await;
    assert_eq!((bare.status, bare.header("location")), (StatusCode::PERMANENT_REDIRECT, "/mlflow/"));
    for outside in ["/", "/health", "/api/2.0/mlflow/experiments/get?experiment_id=0", "/mlflows/"] {
        assert_eq!(server.get(outside).await.error().0, 404, "{outside}");
    }
}

const PATIENCE: Duration = Duration::from_secs(300);

/// Listens on a free port, over a store in `folder`.
fn listening(folder: &Path, port: u16, patience: Duration) -> Result<Server, ServeError> {
    let (host, store) = ("127.0.0.1".to_owned(), Location::Folder(folder.join("store")));
    Server::bind(&ServeOptions {
        host,
        port,
        store,
        store_options: StoreOptions::default(),
        settings: Settings::default(),
        patience,
        open_to_all: false,
    })
}

#[test]
fn other_machines_need_a_token_or_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let on_every_network = |tokens: &[&str], open_to_all| {
        let access = Access { tokens: tokens.iter().map(ToString::to_string).collect(), ..Access::default() };
        let (host, store) = ("0.0.0.0".to_owned(), Location::Folder(folder.path().join("store")));
        let settings = Settings { access, ..Settings::default() };
        Server::bind(&ServeOptions {
            host,
            port: 0,
            store,
            store_options: StoreOptions::default(),
            settings,
            patience: PATIENCE,
            open_to_all,
        })
    };
    assert!(matches!(on_every_network(&[], false), Err(ServeError::Open { .. })));
    assert!(on_every_network(&["secret"], false).is_ok());
    assert!(on_every_network(&[], true).is_ok());
}

#[tokio::test]
async fn a_token_is_asked_for_where_there_is_one() {
    let server = TestServer::with(Access { tokens: vec!["secret".to_owned()], ..Access::default() });
    let get = |path: &'static str, authorization: &'static str| {
        let request = request(Method::GET, path).header("authorization", authorization).body(Body::empty());
        server.send(request.unwrap())
    };
    let path = "/api/2.0/mlflow/experiments/get?experiment_id=0";
    for wrong in ["", "Bearer wrong", "Basic c2VjcmV0"] {
        let refused = get(path, wrong).await;
        let (status, code, message) = refused.error();
        assert_eq!((status, code), (401, "UNAUTHENTICATED".to_owned()), "{wrong}");
        assert!(message.contains("MLFLOW_TRACKING_TOKEN"), "{message}");
        assert_eq!(refused.header("www-authenticate"), "Basic realm=\"Trackline\", charset=\"UTF-8\"");
    }
    for right in ["Bearer secret", "Basic YW5uOnNlY3JldA=="] {
        assert_eq!(get(path, right).await.status, StatusCode::OK, "{right}");
    }
    assert_eq!(get("/", "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(get("/health", "").await.status, StatusCode::OK);
}

fn read_all(mut connection: TcpStream) -> String {
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let first = listening(folder.path(), 0, PATIENCE).unwrap();
    let port = first.address().port();
    let error = listening(folder.path(), port, PATIENCE).unwrap_err();
    assert!(matches!(error, ServeError::Bind { .. }));
    assert!(error.to_string().contains(&format!("Port {port} of 127.0.0.1 is in use")), "{error}");
}

#[test]
fn a_store_that_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("store"), "in the way").unwrap();
    let error = listening(folder.path(), 0, PATIENCE).unwrap_err();
    assert!(matches!(error, ServeError::Store(_)));
    assert!(error.to_string().contains("store"), "{error}");
}

#[test]
fn a_signal_ends_it_after_what_is_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let server = listening(folder.path(), 0, PATIENCE).unwrap();
    let address = server.address();
    let running = std::thread::spawn(move || server.run());

    let mut version = TcpStream::connect(address).unwrap();
    version.write_all(b"GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let answer = read_all(version);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("3.17.2"), "{answer}");

    let mut upload = TcpStream::connect(address).unwrap();
    let head = "PUT /api/2.0/mlflow-artifacts/artifacts/f HTTP/1.1\r\nHost: localhost\r\n\
                Content-Length: 10\r\nExpect: 100-continue\r\n\r\n";
    upload.write_all(head.as_bytes()).unwrap();
    // The server asks for the body once it works on the request.
    upload.read_exact(&mut [0; "HTTP/1.1 100 Continue\r\n\r\n".len()]).unwrap();
    let signalled = Command::new("kill").args(["-TERM", &std::process::id().to_string()]).status().unwrap();
    assert!(signalled.success());
    upload.write_all(b"0123456789").unwrap();
    assert!(read_all(upload).starts_with("HTTP/1.1 200 OK\r\n"));
    running.join().unwrap().unwrap();
}

#[test]
fn a_client_that_does_not_go_on_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let server = listening(folder.path(), 0, Duration::from_millis(500)).unwrap();
    let address = server.address();
    std::thread::spawn(move || server.run());
    let put = "PUT /api/2.0/mlflow-artifacts/artifacts/f HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n01";
    for (begun, answer) in [("GET /version HTTP/1.1\r\nHost: loc", ""), (put, "HTTP/1.1 400 Bad Request\r\n")]
    {
        let mut slow = TcpStream::connect(address).unwrap();
        slow.write_all(begun.as_bytes()).unwrap();
        let answered = read_all(slow);
        assert!(answered.starts_with(answer) && answered.is_empty() == answer.is_empty(), "{answered}");
    }
}
