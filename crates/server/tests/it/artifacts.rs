use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::testing::{Answer, TestServer, request};

const FILES: &str = "/api/2.0/mlflow-artifacts/artifacts";

async fn list(server: &TestServer, path: &str) -> Value {
    server.get(&format!("{FILES}?path={path}")).await.ok()
}

async fn range(server: &TestServer, path: &str, range: &str) -> Answer {
    let request = request(Method::GET, &format!("{FILES}/{path}")).header("range", range);
    server.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn what_is_put_is_listed_and_got() {
    let server = TestServer::new();
    let put = server.put_artifact("1/r/artifacts/model/MLmodel", b"flavors: {}").await;
    assert_eq!((put.status, put.bytes.len()), (StatusCode::OK, 0));
    server.put_artifact("1/r/artifacts/a%20%C3%BC.txt", b"hi").await;

    let root =
        json!([{"path": "a ü.txt", "is_dir": false, "file_size": 2}, {"path": "model", "is_dir": true}]);
    assert_eq!(list(&server, "1/r/artifacts").await["files"], root);
    let inner = json!([{"path": "MLmodel", "is_dir": false, "file_size": 11}]);
    assert_eq!(list(&server, "1/r/artifacts/model").await["files"], inner);
    assert_eq!(list(&server, "1/r/artifacts/model/MLmodel").await, json!({}), "a file lists as nothing");
    assert_eq!(list(&server, "1/r/none").await, json!({}));

    let got = server.get(&format!("{FILES}/1/r/artifacts/model/MLmodel")).await;
    assert_eq!(got.text(), "flavors: {}");
    assert_eq!(got.header("content-length"), "11");
    assert_eq!(got.header("content-disposition"), "attachment; filename=MLmodel");
    let named = server.get(&format!("{FILES}/1/r/artifacts/a%20%C3%BC.txt")).await;
    assert_eq!(named.header("content-disposition"), "attachment; filename*=UTF-8''a%20%C3%BC.txt");
    assert_eq!(got.header("x-content-type-options"), "nosniff");
    assert!(got.header("content-security-policy").starts_with("sandbox;"));
}

#[tokio::test]
async fn what_people_read_is_sent_as_text() {
    let server = TestServer::new();
    for (name, kind) in [
        ("a.py", "text/plain"),
        ("MLmodel", "text/plain"),
        ("mlproject", "text/plain"),
        ("a.png", "image/png"),
        ("a.pkl", "application/octet-stream"),
    ] {
        server.put_artifact(name, b"x").await;
        assert_eq!(server.get(&format!("{FILES}/{name}")).await.header("content-type"), kind, "{name}");
    }
}

#[tokio::test]
async fn a_part_of_a_file_is_got() {
    let server = TestServer::new();
    server.put_artifact("f", b"0123456789").await;
    for (asked, part, header) in [
        ("bytes=2-4", "234", "bytes 2-4/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-2", "89", "bytes 8-9/10"),
        ("bytes=5-100", "56789", "bytes 5-9/10"),
    ] {
        let got = range(&server, "f", asked).await;
        assert_eq!((got.status, got.text()), (StatusCode::PARTIAL_CONTENT, part));
        assert_eq!(got.header("content-range"), header);
    }
    let beyond = range(&server, "f", "bytes=10-").await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    server.put_artifact("empty", b"").await;
    let empty = range(&server, "empty", "bytes=0-99").await;
    assert_eq!((empty.status, empty.text()), (StatusCode::OK, ""));
    let odd = range(&server, "f", "lines=1-2").await;
    assert_eq!((odd.status, odd.text()), (StatusCode::OK, "0123456789"));
}

#[tokio::test]
async fn a_large_file_comes_back_whole() {
    let server = TestServer::new();
    let bytes: Vec<u8> = (0..1_000_003_u32).map(|n| (n % 251) as u8).collect();
    let put = request(Method::PUT, &format!("{FILES}/big.bin")).body(Body::from(bytes.clone())).unwrap();
    assert_eq!(server.send(put).await.status, StatusCode::OK);
    assert!(server.get(&format!("{FILES}/big.bin")).await.bytes == bytes);
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let server = TestServer::new();
    let parts = [Ok("half"), Err(std::io::Error::other("the cable was pulled"))];
    let body = Body::from_stream(futures_util::stream::iter(parts));
    let put = request(Method::PUT, &format!("{FILES}/f")).body(body).unwrap();
    let (status, code, message) = server.send(put).await.error();
    assert_eq!((status, code.as_str()), (400, "BAD_REQUEST"));
    assert!(message.contains("the cable was pulled"), "{message}");
    server.get(&format!("{FILES}/f")).await.missing();
}

#[tokio::test]
async fn an_unchanged_file_is_not_sent_again() {
    let server = TestServer::new();
    server.put_artifact("f", b"x").await;
    let etag = server.get(&format!("{FILES}/f")).await.header("etag").to_owned();
    let again = request(Method::GET, &format!("{FILES}/f")).header("if-none-match", etag);
    let again = server.send(again.body(Body::empty()).unwrap()).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn what_is_missing_or_a_folder_cannot_be_got() {
    let server = TestServer::new();
    server.put_artifact("d/f", b"x").await;
    server.get(&format!("{FILES}/none")).await.missing();
    server.get(&format!("{FILES}/d")).await.invalid();
}

#[tokio::test]
async fn deleting_takes_all_below() {
    let server = TestServer::new();
    server.put_artifact("d/a/f", b"x").await;
    server.put_artifact("d/g", b"x").await;
    for _ in 0..2 {
        let delete = request(Method::DELETE, &format!("{FILES}/d/a")).body(Body::empty()).unwrap();
        assert_eq!(server.send(delete).await.ok(), json!({}));
    }
    let left = json!([{"path": "g", "is_dir": false, "file_size": 1}]);
    assert_eq!(list(&server, "d").await["files"], left);
}

#[tokio::test]
async fn no_path_leaves_the_store() {
    let server = TestServer::new();
    for path in ["../x", "a/../../x", "%2e%2e/x", "a/%252e%252e/x", "a%5C..%5Cx", "a//b", "%2Fetc/passwd"] {
        let message = server.put_artifact(path, b"x").await.invalid();
        assert!(message.starts_with("Invalid path"), "{path}: {message}");
        server.get(&format!("{FILES}/{path}")).await.invalid();
        server.get(&format!("{FILES}?path={path}")).await.invalid();
        server.get(&format!("/get-artifact?run_id=none&path={path}")).await.invalid();
        server.get(&format!("/model-versions/get-artifact?name=none&version=1&path={path}")).await.invalid();
    }
}

#[tokio::test]
async fn files_are_reached_by_run_version_and_model() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let model = server.logged_model("0", &run).await;
    server.put_artifact(&format!("0/{run}/artifacts/plots/a.html"), b"<p>").await;
    server.put_artifact(&format!("0/models/{model}/artifacts/MLmodel"), b"flavors").await;
    server.post("registered-models/create", json!({"name": "m"})).await.ok();
    let version = json!({"name": "m", "source": format!("models:/{model}"), "model_id": model});
    server.post("model-versions/create", version).await.ok();

    let listed = server.query(&format!("artifacts/list?run_id={run}&path=plots")).await.ok();
    assert_eq!(listed["root_uri"], format!("mlflow-artifacts:/0/{run}/artifacts"));
    assert_eq!(listed["files"], json!([{"path": "plots/a.html", "is_dir": false, "file_size": 3}]));
    let folder = server.query(&format!("logged-models/{model}/artifacts/directories")).await.ok();
    assert_eq!(folder["files"], json!([{"path": "MLmodel", "is_dir": false, "file_size": 7}]));

    let html = server.get(&format!("/get-artifact?run_uuid={run}&path=plots/a.html")).await;
    assert_eq!((html.text(), html.header("content-type")), ("<p>", "text/html; charset=utf-8"));
    assert!(html.header("content-disposition").starts_with("attachment;"));
    let of_version = server.get("/model-versions/get-artifact?name=m&version=1&path=MLmodel").await;
    assert_eq!(of_version.text(), "flavors");
    let path =
        format!("/ajax-api/2.0/mlflow/logged-models/{model}/artifacts/files?artifact_file_path=MLmodel");
    assert_eq!(server.get(&path).await.text(), "flavors");
    server.get(&format!("/get-artifact?run_id={run}&path=../x")).await.invalid();
    server.get(&format!("/get-artifact?run_id={run}&path=none")).await.missing();
}

#[tokio::test]
async fn a_page_may_upload_a_small_file() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let path = format!("/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=note.md");
    let upload = |size: usize| request(Method::POST, &path).body(Body::from(vec![b'x'; size])).unwrap();
    assert_eq!(server.send(upload(3)).await.ok(), json!({}));
    assert_eq!(server.get(&format!("/get-artifact?run_id={run}&path=note.md")).await.text(), "xxx");
    server.send(upload((10 << 20) + 1)).await.invalid();
    server.send(upload(0)).await.invalid();
}
