use axum::http::Method;
use serde_json::{Value, json};
use trackline_server::{ModelSources, Settings};

use crate::testing::TestServer;

/// A registered model `churn` with one version of a logged model; returns that model's id.
async fn registered(server: &TestServer) -> String {
    let run = server.run("0").await;
    let model = server.logged_model("0", &run).await;
    server.post("registered-models/create", json!({"name": "churn", "description": "who leaves"})).await.ok();
    version_of(server, &model).await;
    model
}

async fn version_of(server: &TestServer, model: &str) -> Value {
    let body = json!({"name": "churn", "source": format!("models:/{model}"), "model_id": model});
    server.post("model-versions/create", body).await.ok()["model_version"].clone()
}

#[tokio::test]
async fn a_version_knows_its_logged_model_and_its_files() {
    let server = TestServer::new();
    let model = registered(&server).await;
    let version = server.query("model-versions/get?name=churn&version=1").await.ok()["model_version"].clone();
    assert_eq!(version["version"], "1");
    assert_eq!(version["status"], "READY");
    assert_eq!(version["current_stage"], "None");
    assert_eq!(version["model_id"], model);
    let uri = server.query("model-versions/get-download-uri?name=churn&version=1").await.ok();
    assert_eq!(uri["artifact_uri"], format!("mlflow-artifacts:/0/models/{model}/artifacts"));

    let registered = server.query("registered-models/get?name=churn").await.ok()["registered_model"].clone();
    assert_eq!(registered["description"], "who leaves");
    assert_eq!(registered["latest_versions"][0]["version"], "1");
    let twice = server.post("registered-models/create", json!({"name": "churn"})).await.error();
    assert_eq!((twice.0, twice.1.as_str()), (400, "RESOURCE_ALREADY_EXISTS"));
}

#[tokio::test]
async fn an_alias_moves() {
    let server = TestServer::new();
    let model = registered(&server).await;
    version_of(&server, &model).await;
    for version in ["1", "2"] {
        let alias = json!({"name": "churn", "alias": "champion", "version": version});
        server.post("registered-models/alias", alias).await.ok();
        let found = server.query("registered-models/alias?name=churn&alias=champion").await.ok();
        assert_eq!(found["model_version"]["version"], version);
        assert_eq!(found["model_version"]["aliases"], json!(["champion"]));
    }
    let listed = server.query("registered-models/get?name=churn").await.ok();
    let aliases = json!([{"alias": "champion", "version": "2"}]);
    assert_eq!(listed["registered_model"]["aliases"], aliases);
    let alias = json!({"name": "churn", "alias": "champion"});
    server.call(Method::DELETE, "registered-models/alias", alias).await.ok();
    server.query("registered-models/alias?name=churn&alias=champion").await.invalid();
}

#[tokio::test]
async fn stages_archive_what_held_them() {
    let server = TestServer::new();
    let model = registered(&server).await;
    version_of(&server, &model).await;
    let stage = |version: &str, stage: &str, archive: bool| json!({"name": "churn", "version": version, "stage": stage, "archive_existing_versions": archive});
    server.post("model-versions/transition-stage", stage("1", "production", false)).await.ok();
    let moved = server.post("model-versions/transition-stage", stage("2", "PRODUCTION", true)).await.ok();
    assert_eq!(moved["model_version"]["current_stage"], "Production");
    let first = server.query("model-versions/get?name=churn&version=1").await.ok();
    assert_eq!(first["model_version"]["current_stage"], "Archived");

    let by_post = json!({"name": "churn", "stages": ["Production"]});
    let by_post = server.post("registered-models/get-latest-versions", by_post).await.ok();
    let by_get =
        server.query("registered-models/get-latest-versions?name=churn&stages=production").await.ok();
    assert_eq!(by_post, by_get);
    assert_eq!(by_get["model_versions"][0]["version"], "2");
    server.post("model-versions/transition-stage", stage("1", "Shelf", false)).await.invalid();
}

#[tokio::test]
async fn search_looks_through_models_and_versions() {
    let server = TestServer::new();
    registered(&server).await;
    // The Python client appends this clause to every search.
    let clause = "name%20LIKE%20%27ch%25%27%20AND%20tag.%60mlflow.prompt.is_prompt%60%20!%3D%20%27true%27";
    let models = server.query(&format!("registered-models/search?filter={clause}")).await.ok();
    assert_eq!(models["registered_models"][0]["name"], "churn");
    let versions = server.query("model-versions/search?filter=name%3D%27churn%27").await.ok();
    assert_eq!(versions["model_versions"][0]["version"], "1");
    assert_eq!(server.query("model-versions/search?filter=name%3D%27none%27").await.ok(), json!({}));
}

#[tokio::test]
async fn tags_descriptions_and_names_change() {
    let server = TestServer::new();
    registered(&server).await;
    let tag = json!({"name": "churn", "version": "1", "key": "team", "value": "ads"});
    server.post("registered-models/set-tag", tag.clone()).await.ok();
    server.post("model-versions/set-tag", tag.clone()).await.ok();
    let described = json!({"name": "churn", "version": "1", "description": "better"});
    server.call(Method::PATCH, "model-versions/update", described.clone()).await.ok();
    server.call(Method::PATCH, "registered-models/update", described).await.ok();
    let renamed = json!({"name": "churn", "new_name": "leavers"});
    let renamed = server.post("registered-models/rename", renamed).await.ok()["registered_model"].clone();
    assert_eq!((&renamed["name"], &renamed["description"]), (&json!("leavers"), &json!("better")));
    let version =
        server.query("model-versions/get?name=leavers&version=1").await.ok()["model_version"].clone();
    assert_eq!(version["description"], "better");
    assert_eq!(version["tags"], json!([{"key": "team", "value": "ads"}]));

    let tag = json!({"name": "leavers", "version": "1", "key": "team"});
    server.call(Method::DELETE, "registered-models/delete-tag", tag.clone()).await.ok();
    server.call(Method::DELETE, "model-versions/delete-tag", tag).await.ok();
    let version = json!({"name": "leavers", "version": "1"});
    server.call(Method::DELETE, "model-versions/delete", version.clone()).await.ok();
    server.call(Method::DELETE, "model-versions/delete", version).await.missing();
    server.call(Method::DELETE, "registered-models/delete", json!({"name": "leavers"})).await.ok();
    server.query("registered-models/get?name=leavers").await.missing();
}

#[tokio::test]
async fn a_version_is_named_by_a_number() {
    let server = TestServer::new();
    registered(&server).await;
    let message = server.query("model-versions/get?name=churn&version=x").await.invalid();
    assert_eq!(message, "Parameter 'version' must be an integer, got 'x'.");
    let number = json!({"name": "churn", "version": 1});
    let message = server.call(Method::DELETE, "model-versions/delete", number).await.invalid();
    assert!(message.starts_with("Invalid value 1 for parameter 'version' supplied"), "{message}");
}

#[tokio::test]
async fn a_source_climbs_nowhere_however_it_is_written() {
    let server = TestServer::new();
    registered(&server).await;
    for source in [
        "s3://b/../c",
        "s3://b/%2e%2e/c",
        "s3://b/..%2fc",
        "s3://b/%252e%252e/c",
        "s3://b/a%00b",
        "http://h/a",
    ] {
        server.post("model-versions/create", json!({"name": "churn", "source": source})).await.invalid();
    }
}

#[tokio::test]
async fn a_server_may_choose_the_sources_it_takes() {
    let pattern = regex_lite::Regex::new("^mlflow-artifacts:/").unwrap();
    let server = TestServer::set(Settings {
        model_sources: ModelSources::matching(Some(pattern)),
        ..Settings::default()
    });
    let run = server.run("0").await;
    server.post("registered-models/create", json!({"name": "churn"})).await.ok();
    let elsewhere = json!({"name": "churn", "source": "s3://bucket/model"});
    let message = server.post("model-versions/create", elsewhere).await.invalid();
    assert!(message.contains("'s3://bucket/model'") && message.contains("^mlflow-artifacts:/"), "{message}");
    let source = format!("mlflow-artifacts:/0/{run}/artifacts/model");
    let own = json!({"name": "churn", "source": source, "run_id": run});
    server.post("model-versions/create", own).await.ok();
}
