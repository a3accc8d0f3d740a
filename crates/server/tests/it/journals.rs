use axum::body::Body;
use axum::http::{Method, StatusCode};

use crate::testing::{Answer, TestServer, request};

async fn post(server: &TestServer, path: &str, bytes: &'static [u8]) -> Answer {
    server.send(request(Method::POST, path).body(Body::from(bytes)).unwrap()).await
}

async fn blob(server: &TestServer, method: Method, digest: &str, bytes: &'static [u8]) -> Answer {
    let path = format!("/api/trackline/blobs/{digest}");
    server.send(request(method, &path).body(Body::from(bytes)).unwrap()).await
}

/// BLAKE3 of `abc`.
const ABC: &str = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";

#[tokio::test]
async fn a_journal_that_is_not_known_begins_at_its_beginning() {
    let server = TestServer::new();
    assert_eq!(server.get("/api/trackline/journals/j").await.ok()["drained"], 0);
}

#[tokio::test]
async fn bytes_that_are_no_journal_are_refused() {
    let server = TestServer::new();
    for bytes in [&b"hello"[..], &[0; 8], &[0xff; 64]] {
        assert!(
            post(&server, "/api/trackline/journals/j?from=24", bytes).await.invalid().contains("Bad journal")
        );
    }
    post(&server, "/api/trackline/journals/j?from=-1", b"").await.invalid();
    post(&server, "/api/trackline/journals/j", b"").await.invalid();
    post(&server, "/api/trackline/journals/a%20b?from=24", b"").await.invalid();
    assert_eq!(server.get("/api/trackline/journals/j").await.ok()["drained"], 0);
}

#[tokio::test]
async fn bytes_are_kept_under_their_own_digest_only() {
    let server = TestServer::new();
    assert_eq!(blob(&server, Method::HEAD, ABC, b"").await.status, StatusCode::NOT_FOUND);
    assert!(blob(&server, Method::PUT, ABC, b"abd").await.invalid().contains(ABC));
    assert_eq!(blob(&server, Method::HEAD, ABC, b"").await.status, StatusCode::NOT_FOUND);
    assert_eq!(blob(&server, Method::PUT, ABC, b"abc").await.status, StatusCode::OK);
    assert_eq!(blob(&server, Method::HEAD, ABC, b"").await.status, StatusCode::OK);
    blob(&server, Method::PUT, "..%2f..%2fpasswd", b"abc").await.invalid();
}
