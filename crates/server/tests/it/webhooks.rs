//! Webhooks, told by a real server to a real receiver on this machine.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};
use trackline_server::{Settings, WebhookRules};

use crate::receiver::Receiver;
use crate::testing::TestServer;

const PATIENCE: Duration = Duration::from_secs(300);

/// A server that may tell this machine.
fn server() -> TestServer {
    let webhooks =
        WebhookRules { schemes: vec!["http".to_owned()], private: true, ..WebhookRules::default() };
    TestServer::set(Settings { webhooks, ..Settings::default() })
}

fn event(entity: &str, action: &str) -> Value {
    json!({ "entity": entity, "action": action })
}

async fn webhook(server: &TestServer, url: &str, events: &[Value]) -> String {
    let body = json!({ "name": "deploy", "url": url, "events": events, "secret": "s3cret" });
    let made = server.post("webhooks", body).await.ok();
    assert!(!made.to_string().contains("s3cret"), "{made}");
    made["webhook"]["webhook_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_happens_to_models_is_told() {
    let (server, receiver) = (server(), Receiver::start(&[200]));
    let all = [
        event("REGISTERED_MODEL", "CREATED"),
        event("MODEL_VERSION", "CREATED"),
        event("MODEL_VERSION_TAG", "SET"),
        event("MODEL_VERSION_TAG", "DELETED"),
        event("MODEL_VERSION_ALIAS", "CREATED"),
        event("MODEL_VERSION_ALIAS", "DELETED"),
    ];
    webhook(&server, &receiver.url, &all).await;
    let told = async |method: Method, path: &str, body: Value| {
        server.call(method, path, body).await.ok();
        let message = receiver.next(PATIENCE).await;
        let mut body: Value = serde_json::from_slice(&message.body).unwrap();
        let what = format!("{}.{}", body["entity"].as_str().unwrap(), body["action"].as_str().unwrap());
        (what, body["data"].take())
    };
    let tags = json!([{ "key": "team", "value": "a" }]);
    let (what, data) =
        told(Method::POST, "registered-models/create", json!({ "name": "churn", "tags": tags })).await;
    assert_eq!(what, "registered_model.created");
    assert_eq!(data, json!({ "name": "churn", "tags": { "team": "a" }, "description": "" }));

    let version = json!({ "name": "churn", "source": "s3://bucket/churn", "description": "first" });
    let (what, data) = told(Method::POST, "model-versions/create", version).await;
    assert_eq!(what, "model_version.created");
    let expected = json!({ "name": "churn", "version": "1", "source": "s3://bucket/churn", "run_id": null, "tags": {},
                           "description": "first" });
    assert_eq!(data, expected);

    let tag = json!({ "name": "churn", "version": "1", "key": "k", "value": "v" });
    let (what, data) = told(Method::POST, "model-versions/set-tag", tag.clone()).await;
    assert_eq!((what.as_str(), data), ("model_version_tag.set", tag));
    let key = json!({ "name": "churn", "version": "1", "key": "k" });
    let (what, data) = told(Method::DELETE, "model-versions/delete-tag", key.clone()).await;
    assert_eq!((what.as_str(), data), ("model_version_tag.deleted", key));
    let alias = json!({ "name": "churn", "alias": "best", "version": "1" });
    let (what, data) = told(Method::POST, "registered-models/alias", alias.clone()).await;
    assert_eq!((what.as_str(), data), ("model_version_alias.created", alias));
    let alias = json!({ "name": "churn", "alias": "best" });
    let (what, data) = told(Method::DELETE, "registered-models/alias", alias.clone()).await;
    assert_eq!((what.as_str(), data), ("model_version_alias.deleted", alias));
}

#[tokio::test]
async fn prompts_have_events_of_their_own() {
    let (server, receiver) = (server(), Receiver::start(&[200]));
    let all = [event("PROMPT", "CREATED"), event("PROMPT_VERSION", "CREATED"), event("PROMPT_TAG", "SET")];
    webhook(&server, &receiver.url, &all).await;
    let tags = json!([{ "key": "mlflow.prompt.is_prompt", "value": "true" }, { "key": "mlflow.prompt.text", "value": "Hi" }]);
    server.post("registered-models/create", json!({ "name": "plain" })).await.ok();
    server.post("registered-models/create", json!({ "name": "greet", "tags": [tags[0]] })).await.ok();
    let data = receiver.next(PATIENCE).await.data();
    assert_eq!(data, json!({ "name": "greet", "tags": {}, "description": "" }));
    let version = json!({ "name": "greet", "source": "prompt-template", "tags": tags });
    server.post("model-versions/create", version).await.ok();
    let data = receiver.next(PATIENCE).await.data();
    let expected =
        json!({ "name": "greet", "version": "1", "template": "Hi", "tags": {}, "description": null });
    assert_eq!(data, expected);
    server.post("registered-models/set-tag", json!({ "name": "greet", "key": "k", "value": "v" })).await.ok();
    assert_eq!(receiver.next(PATIENCE).await.data(), json!({ "name": "greet", "key": "k", "value": "v" }));
}

#[tokio::test]
async fn what_fails_is_sent_again_and_is_the_same() {
    let (server, receiver) = (server(), Receiver::start(&[503, 200]));
    webhook(&server, &receiver.url, &[event("REGISTERED_MODEL", "CREATED")]).await;
    server.post("registered-models/create", json!({ "name": "churn" })).await.ok();
    let (first, second) = (receiver.next(PATIENCE).await, receiver.next(PATIENCE).await);
    assert_eq!(
        (first.header("x-mlflow-delivery-id"), &first.body),
        (second.header("x-mlflow-delivery-id"), &second.body)
    );
    assert!(first.header("x-mlflow-signature").starts_with("v1,"));
    assert_eq!(first.header("x-mlflow-signature"), second.header("x-mlflow-signature"));
}

#[tokio::test]
async fn a_test_says_what_came_back() {
    let server = server();
    let tested = async |url: &str, body: Value| {
        let id = webhook(&server, url, &[event("MODEL_VERSION", "CREATED")]).await;
        server.post(&format!("webhooks/{id}/test"), body).await.ok()["result"].take()
    };
    let receiver = Receiver::start(&[200, 200, 302, 410]);
    let good = tested(&receiver.url, json!({})).await;
    assert_eq!(good, json!({ "success": true, "response_status": 200, "response_body": "heard" }));
    assert_eq!(receiver.next(PATIENCE).await.data()["name"], "example_model");
    tested(&receiver.url, json!({ "event": event("PROMPT_ALIAS", "DELETED") })).await;
    let told = receiver.next(PATIENCE).await.data();
    assert_eq!(told, json!({ "name": "example_prompt", "alias": "example_alias" }));
    // A receiver cannot send the server elsewhere.
    assert_eq!(tested(&receiver.url, json!({})).await["response_status"], 302);
    receiver.next(PATIENCE).await;
    let bad = tested(&receiver.url, json!({})).await;
    assert_eq!(bad, json!({ "success": false, "response_status": 410, "response_body": "heard" }));
    let nobody = tested("http://127.0.0.1:9/", json!({})).await;
    assert_eq!(nobody["success"], false);
    assert!(nobody["error_message"].as_str().unwrap().starts_with("Failed to test webhook: "), "{nobody}");
}

#[tokio::test]
async fn private_addresses_are_refused() {
    let server = TestServer::new();
    for (url, why) in [
        ("http://93.184.216.34/", "scheme: 'http'. Allowed schemes are: https."),
        ("https://127.0.0.1/", "'127.0.0.1' resolves to 127.0.0.1"),
        ("https://localhost:8443/", "non-public"),
        ("https://[::1]/", "'::1' resolves to ::1"),
        ("https://169.254.169.254/latest/meta-data", "non-public"),
        ("https://0x7f000001/", "webhook"),
        ("https://", "webhook URL"),
        ("ftp://a", "scheme: 'ftp'"),
        ("no address", "webhook URL"),
    ] {
        let body = json!({ "name": "a", "url": url, "events": [event("MODEL_VERSION", "CREATED")] });
        let message = server.post("webhooks", body).await.invalid();
        assert!(message.to_lowercase().contains(&why.to_lowercase()), "{url}: {message}");
    }
    // One that was registered when it was allowed is not told either.
    let new = trackline_store::NewWebhook {
        name: "a".into(),
        url: "https://127.0.0.1:9/".into(),
        events: vec![
            trackline_model::WebhookEvent::new(
                trackline_model::WebhookEntity::ModelVersion,
                trackline_model::WebhookAction::Created,
            )
            .unwrap(),
        ],
        ..Default::default()
    };
    let id = server.in_store(|store| store.create_webhook(&new).unwrap().webhook_id);
    let result = server.post(&format!("webhooks/{id}/test"), json!({})).await.ok();
    let message = result["result"]["error_message"].as_str().unwrap();
    assert!(message.contains("127.0.0.1 is not a public IP address"), "{message}");
}

#[tokio::test]
async fn webhooks_are_listed_changed_and_deleted() {
    let server = server();
    let id = webhook(&server, "http://127.0.0.1:9/", &[event("MODEL_VERSION", "CREATED")]).await;
    let path = format!("webhooks/{id}");
    let changed =
        server.call(Method::PATCH, &path, json!({ "status": "DISABLED", "description": "off" })).await.ok();
    let webhook = &changed["webhook"];
    assert_eq!((&webhook["status"], &webhook["description"]), (&json!("DISABLED"), &json!("off")));
    assert_eq!(webhook["events"], json!([event("MODEL_VERSION", "CREATED")]));
    assert_eq!(server.query(&path).await.ok(), changed);
    assert_eq!(server.query("webhooks?max_results=1").await.ok(), json!({ "webhooks": [webhook] }));
    for (body, why) in [
        (json!({ "events": [event("MODEL_VERSION", "SET")] }), "Valid actions are: ['created']"),
        (json!({ "events": [event("MODEL_VERSION", "NONE")] }), "needs an entity and an action"),
        (json!({ "name": "a b" }), "Webhook name"),
        (json!({ "url": "https://a" }), "scheme"),
    ] {
        let message = server.call(Method::PATCH, &path, body).await.invalid();
        assert!(message.contains(why), "{message}");
    }
    server.call(Method::DELETE, &path, json!({})).await.ok();
    assert!(server.query(&path).await.missing().contains(&id));
    let body = json!({ "name": "a", "url": "http://127.0.0.1:9/" });
    assert!(server.post("webhooks", body).await.invalid().contains("events"));
}
