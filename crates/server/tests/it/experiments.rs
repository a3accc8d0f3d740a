use serde_json::json;

use crate::testing::TestServer;

#[tokio::test]
async fn an_experiment_is_made_found_renamed_deleted_and_restored() {
    let server = TestServer::new();
    let id = server.experiment("churn").await;
    assert_eq!(id, "1");

    let experiment = server.query("experiments/get?experiment_id=1").await.ok()["experiment"].clone();
    assert_eq!(experiment["name"], "churn");
    assert_eq!(experiment["artifact_location"], "mlflow-artifacts:/1");
    assert_eq!(experiment["lifecycle_stage"], "active");
    assert!(experiment["creation_time"].is_i64());
    assert!(experiment.get("tags").is_none(), "empty lists are left out");

    server.post("experiments/update", json!({"experiment_id": id, "new_name": "churn 2"})).await.ok();
    let by_name = server.query("experiments/get-by-name?experiment_name=churn%202").await.ok();
    assert_eq!(by_name["experiment"]["experiment_id"], id);

    server.post("experiments/delete", json!({"experiment_id": id})).await.ok();
    let deleted = server.query("experiments/get-by-name?experiment_name=churn%202").await.ok();
    assert_eq!(deleted["experiment"]["lifecycle_stage"], "deleted");
    server.post("experiments/restore", json!({"experiment_id": id})).await.ok();
    let restored = server.query("experiments/get?experiment_id=1").await.ok();
    assert_eq!(restored["experiment"]["lifecycle_stage"], "active");
}

#[tokio::test]
async fn a_store_begins_with_the_default_experiment() {
    let server = TestServer::new();
    let experiment = server.query("experiments/get?experiment_id=0").await.ok();
    assert_eq!(experiment["experiment"]["name"], "Default");
}

#[tokio::test]
async fn tags_are_set_and_deleted() {
    let server = TestServer::new();
    let tag = json!({"experiment_id": "0", "key": "team", "value": "ads"});
    server.post("experiments/set-experiment-tag", tag).await.ok();
    let experiment = server.query("experiments/get?experiment_id=0").await.ok();
    assert_eq!(experiment["experiment"]["tags"], json!([{"key": "team", "value": "ads"}]));

    let key = json!({"experiment_id": "0", "key": "team"});
    server.post("experiments/delete-experiment-tag", key.clone()).await.ok();
    let message = server.post("experiments/delete-experiment-tag", key).await.missing();
    assert!(message.contains("team"), "{message}");
}

#[tokio::test]
async fn search_pages_by_post_and_by_get() {
    let server = TestServer::new();
    for name in ["a", "b", "c"] {
        server.experiment(name).await;
    }
    let body = json!({"max_results": 2, "order_by": ["name ASC"], "filter": "name ILIKE '_'"});
    let first = server.post("experiments/search", body).await.ok();
    let names = |answer: &serde_json::Value| -> Vec<String> {
        let found = answer["experiments"].as_array().cloned().unwrap_or_default();
        found.iter().map(|experiment| experiment["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&first), ["a", "b"]);
    let token = first["next_page_token"].as_str().unwrap();
    let rest = format!(
        "experiments/search?max_results=2&order_by=name%20ASC&filter=name%20ILIKE%20%27_%27&page_token={token}"
    );
    let second = server.query(&rest).await.ok();
    assert_eq!(names(&second), ["c"]);
    assert!(second.get("next_page_token").is_none());
}

#[tokio::test]
async fn errors_have_the_codes_of_mlflow() {
    let server = TestServer::new();
    server.experiment("taken").await;
    let (status, code, _) = server.post("experiments/create", json!({"name": "taken"})).await.error();
    assert_eq!((status, code.as_str()), (400, "RESOURCE_ALREADY_EXISTS"));
    server.query("experiments/get?experiment_id=77").await.missing();
    server.query("experiments/get?experiment_id=x").await.invalid();
    server.query("experiments/get-by-name?experiment_name=none").await.missing();
    let message = server.post("experiments/search", json!({})).await.invalid();
    assert!(message.contains("max_results"), "{message}");
    let message = server.post("experiments/update", json!({"experiment_id": "0"})).await.invalid();
    assert!(message.starts_with("Missing value for required parameter 'new_name'."), "{message}");
}

#[tokio::test]
async fn a_folder_for_artifacts_is_found_from_the_server() {
    let server = TestServer::new();
    let here = std::env::current_dir().unwrap();
    for (given, kept) in [
        ("mine", here.join("mine").display().to_string()),
        ("/srv/mine", "/srv/mine".to_owned()),
        ("s3://bucket/mine", "s3://bucket/mine".to_owned()),
    ] {
        let new = json!({"name": given, "artifact_location": given});
        let id = server.post("experiments/create", new).await.ok()["experiment_id"].clone();
        let path = format!("experiments/get?experiment_id={}", id.as_str().unwrap());
        assert_eq!(server.query(&path).await.ok()["experiment"]["artifact_location"], kept);
    }
}
