//! Calls for ways past the server, where there are none.

use serde_json::json;

use crate::testing::{TestServer, json_post};

#[tokio::test]
async fn clients_are_told_to_send_files_whole() {
    let server = TestServer::new();
    let file =
        json!({"path": "a", "num_parts": 2, "upload_id": "u", "parts": [{"part_number": 1, "etag": "e"}]});
    for call in ["create", "complete", "abort"] {
        let path = format!("/api/2.0/mlflow-artifacts/mpu/{call}/1/r/artifacts");
        let (status, code, message) = server.send(json_post(&path, &file)).await.error();
        assert_eq!((status, code.as_str()), (501, "NOT_IMPLEMENTED"));
        // MLflow's client goes on by these words.
        assert!(message.starts_with("Multipart upload is not supported for the current artifact repository"));
    }
    let link = server.get("/api/2.0/mlflow-artifacts/presigned/1/r/artifacts/a").await;
    assert_eq!((link.error().0, link.error().1.as_str()), (501, "NOT_IMPLEMENTED"));
    server.post("artifacts/presigned-download-url", json!({"run_id": "r", "path": "a"})).await.invalid();
    let info = server.get("/api/3.0/mlflow/server-info").await.ok();
    assert_eq!(
        (&info["multipart_uploads_enabled"], &info["multipart_downloads_enabled"]),
        (&json!(false), &json!(false))
    );
}
