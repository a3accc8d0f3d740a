use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::testing::{TestServer, json_post};

const FOLDER: &str = "1/r/artifacts/model";
const FILE: &str = "/api/2.0/mlflow-artifacts/artifacts/1/r/artifacts/model/weights.bin";
/// S3 takes smaller parts at the end only.
const PART: usize = 5 << 20;

async fn call(server: &TestServer, call: &str, body: &Value) -> crate::testing::Answer {
    server.send(json_post(&format!("/api/2.0/mlflow-artifacts/mpu/{call}/{FOLDER}"), body)).await
}

async fn create(server: &TestServer, parts: u32) -> Value {
    call(server, "create", &json!({"path": "/home/ann/weights.bin", "num_parts": parts})).await.ok()
}

/// Puts a part as a client does, and answers what the bucket calls it.
async fn put(url: &Value, bytes: &[u8]) -> String {
    let (url, bytes) = (url.as_str().unwrap().to_owned(), bytes.to_vec());
    let put = move || {
        let answer = ureq::put(&url).send(&bytes).unwrap();
        answer.headers()["etag"].to_str().unwrap().to_owned()
    };
    tokio::task::spawn_blocking(put).await.unwrap()
}

#[tokio::test]
async fn a_file_is_put_past_the_server() {
    let server = TestServer::new();
    let bytes: Vec<u8> = (0..PART + 17).map(|n| (n % 253) as u8).collect();
    for _ in 0..2 {
        let begun = create(&server, 2).await;
        let mut parts = Vec::new();
        for (number, part) in [1, 2].into_iter().zip(bytes.chunks(PART)).rev() {
            let credential = &begun["credentials"][number - 1];
            assert_eq!((&credential["part_number"], &credential["headers"]), (&json!(number), &json!({})));
            let etag = put(&credential["url"], part).await;
            parts.push(json!({"part_number": number, "etag": etag, "url": credential["url"]}));
        }
        assert_eq!(
            server.get(FILE).await.status == StatusCode::OK,
            server.in_store(|store| store.stat_artifact(FOLDER).unwrap().is_some())
        );
        let done = json!({"path": "weights.bin", "upload_id": begun["upload_id"], "parts": parts});
        assert_eq!(call(&server, "complete", &done).await.ok(), json!({}));
        assert!(server.get(FILE).await.bytes == bytes);
        // What is complete cannot be completed again.
        assert_ne!(call(&server, "complete", &done).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn an_upload_that_is_wrong_leaves_nothing() {
    let server = TestServer::new();
    for parts in [json!(0), json!(10_001), json!(-1), json!("many")] {
        call(&server, "create", &json!({"path": "f", "num_parts": parts})).await.invalid();
    }
    call(&server, "create", &json!({"path": "..", "num_parts": 1})).await.invalid();
    let begun = create(&server, 1).await;
    let complete = |id: &Value, parts: Value| json!({"path": "weights.bin", "upload_id": id, "parts": parts});
    let id = &begun["upload_id"];
    let one = json!([{"part_number": 1, "etag": "\"none\""}]);
    for wrong in [
        complete(id, json!([])),
        complete(id, json!([{"part_number": 2, "etag": "e"}])),
        complete(id, json!([{"part_number": 1}])),
        complete(&json!("../../x.y"), one.clone()),
    ] {
        call(&server, "complete", &wrong).await.invalid();
    }
    assert_eq!(call(&server, "abort", &json!({"upload_id": id})).await.ok(), json!({}));
    assert_ne!(call(&server, "complete", &complete(id, one)).await.status, StatusCode::OK);
    server.get(FILE).await.missing();
}

#[tokio::test]
async fn a_file_is_got_past_the_server() {
    let server = TestServer::new();
    server.put_artifact("1/r/artifacts/a%20%C3%BC.txt", b"0123456789").await;
    let link = server.get("/api/2.0/mlflow-artifacts/presigned/1/r/artifacts/a%20%C3%BC.txt").await.ok();
    assert_eq!((&link["file_size"], &link["headers"]), (&json!(10), &json!({})));
    let url = link["url"].as_str().unwrap().to_owned();
    let get = move || {
        let mut part = ureq::get(&url).header("range", "bytes=2-4").call().unwrap();
        let saved = part.headers()["content-disposition"].to_str().unwrap().to_owned();
        let forged = ureq::get(url.replace("X-Amz-Signature=", "X-Amz-Signature=0")).call();
        (part.status().as_u16(), part.body_mut().read_to_string().unwrap(), saved, forged.is_err())
    };
    let (status, text, saved, forged_fails) = tokio::task::spawn_blocking(get).await.unwrap();
    assert_eq!((status, text.as_str()), (206, "234"));
    assert_eq!(saved, "attachment; filename*=UTF-8''a%20%C3%BC%2Etxt");
    assert!(forged_fails);
    server.get("/api/2.0/mlflow-artifacts/presigned/1/r/none").await.missing();
}

#[tokio::test]
async fn clients_are_not_sent_to_a_bucket_that_only_the_server_may_reach() {
    let info = TestServer::new().get("/api/3.0/mlflow/server-info").await.ok();
    let ways = (&info["multipart_uploads_enabled"], &info["multipart_downloads_enabled"]);
    assert_eq!(ways, (&json!(false), &json!(false)));
}
