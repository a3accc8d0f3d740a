//! Every endpoint of the API document, with every argument in turn replaced by something hostile.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use crate::testing::{Answer, TestServer, request};

/// One endpoint, as the document has it.
struct Endpoint {
    method: Method,
    path: String,
    arguments: Vec<String>,
    has_body: bool,
}

fn endpoints() -> Vec<Endpoint> {
    let document: Value = serde_json::from_str(&trackline_server::openapi().to_json().unwrap()).unwrap();
    let mut endpoints = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            let body = schema.as_str().map(|name| name.rsplit('/').next().unwrap());
            let fields = body.map(|name| &document["components"]["schemas"][name]["properties"]);
            let fields = fields.and_then(Value::as_object).into_iter().flat_map(Map::keys).cloned();
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let in_query = parameters.filter(|parameter| parameter["in"] == "query");
            let names = in_query.map(|parameter| parameter["name"].as_str().unwrap().to_owned());
            endpoints.push(Endpoint {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                arguments: fields.chain(names).collect(),
                has_body: body.is_some(),
            });
        }
    }
    assert!(endpoints.len() > 70, "the document was read: {}", endpoints.len());
    endpoints
}

fn hostile() -> Vec<Value> {
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(0.5),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("../.."),
        json!("%2e%2e/x"),
        json!("'; DROP TABLE runs; --"),
        json!("\u{202e}\u{fffd}😀"),
        json!("x".repeat(100_000)),
        json!("NaN"),
        json!("-9223372036854775808"),
        json!([]),
        json!({}),
        json!([null]),
        json!([{}]),
        json!([[1]]),
        json!({"key": {"key": 1}}),
        deep,
        json!("metrics.a > "),
        json!("((((((((((((((((((((((((((((((((((((((((((("),
        json!("eyJvZmZzZXQiOi0xfQ=="),
    ]
}

/// What an argument of this name usually is.
fn usual(name: &str, run: &str, model: &str) -> Value {
    match name {
        "experiment_id" => json!("0"),
        "experiment_ids" => json!(["0"]),
        "run_id" | "run_uuid" => json!(run),
        "run_ids" => json!([run]),
        "model_id" => json!(model),
        "timestamp" | "value" | "step" | "max_results" | "max_points" | "start_step" | "end_step" => json!(1),
        "version" => json!("1"),
        "source" => json!(format!("models:/{model}")),
        "metrics" | "params" | "tags" | "datasets" | "models" | "order_by" | "stages" => json!([]),
        "archive_existing_versions" => json!(false),
        "filter" | "page_token" => json!(""),
        "view_type" | "run_view_type" => json!("ALL"),
        _ => json!("churn"),
    }
}

async fn send(
    server: &TestServer,
    endpoint: &Endpoint,
    path: &str,
    arguments: &Map<String, Value>,
) -> Answer {
    let request = request(endpoint.method.clone(), &with_query(endpoint, path, arguments));
    let request = request.header("content-type", "application/json");
    let body = if endpoint.has_body {
        Body::from(Value::Object(arguments.clone()).to_string())
    } else {
        Body::empty()
    };
    server.send(request.body(body).unwrap()).await
}

fn with_query(endpoint: &Endpoint, path: &str, arguments: &Map<String, Value>) -> String {
    if endpoint.has_body {
        return path.to_owned();
    }
    let pairs = arguments.iter().flat_map(|(name, value)| match value {
        Value::Array(items) => items.iter().map(|item| (name, text(item))).collect(),
        other => vec![(name, text(other))],
    });
    let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
    format!("{path}?{}", pairs.join("&"))
}

/// As it stands in a query, cut to what a URL may hold.
fn text(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let bytes = text.bytes().take(2000);
    bytes.map(|byte| format!("%{byte:02X}")).collect()
}

fn assert_not_our_fault(answer: &Answer, what: &str) {
    // A store that keeps artifacts itself has no way past the server, and says so as MLflow does.
    let ours = answer.status.is_server_error() && answer.status != StatusCode::NOT_IMPLEMENTED;
    assert!(!ours, "{what}: {answer:?}");
    // The answer to HEAD has no body.
    if answer.status.is_client_error() && !what.starts_with("HEAD ") {
        let (_, code, message) = answer.error();
        assert!(!code.is_empty() && !message.is_empty(), "{what}: {answer:?}");
    }
}

#[tokio::test]
async fn no_argument_makes_the_server_fail() {
    for endpoint in endpoints() {
        // Each has a store of its own: some of them delete.
        let server = TestServer::new();
        let (run, model) = (server.run("0").await, server.logged_model("0", "").await);
        server.post("registered-models/create", json!({"name": "churn"})).await.ok();
        let version = json!({"name": "churn", "source": format!("models:/{model}"), "model_id": model});
        server.post("model-versions/create", version).await.ok();
        let path = endpoint.path.replace("{run_id}", &run).replace("{model_id}", &model);
        let path = path.replace("{tag_key}", "team").replace("{kind}", "git").replace("{path}", "a/b");
        let usual: Map<String, Value> =
            endpoint.arguments.iter().map(|name| (name.clone(), usual(name, &run, &model))).collect();
        for name in &endpoint.arguments {
            for value in hostile() {
                let mut arguments = usual.clone();
                arguments.insert(name.clone(), value.clone());
                let answer = send(&server, &endpoint, &path, &arguments).await;
                let shown: String = value.to_string().chars().take(60).collect();
                assert_not_our_fault(&answer, &format!("{} {path} with {name} = {shown}", endpoint.method));
            }
        }
    }
}

#[tokio::test]
async fn no_path_makes_the_server_fail() {
    let server = TestServer::new();
    for endpoint in endpoints().into_iter().filter(|endpoint| endpoint.path.contains('{')) {
        for part in ["", "..", "%2e%2e", "%00", "%ff", "a%2Fb", "%20", "'", "%F0%9F%98%80", &"x".repeat(5000)]
        {
            let mut path = endpoint.path.clone();
            while let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
                path.replace_range(start..=end, part);
            }
            let answer = send(&server, &endpoint, &path, &Map::new()).await;
            assert_not_our_fault(&answer, &format!("{} {path}", endpoint.method));
        }
    }
}
