//! What a client may get wrong is a 4xx with a clear message: a 5xx would be tried again for minutes.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::testing::{Answer, TestServer, request};

async fn post_raw(server: &TestServer, path: &str, content_type: Option<&str>, body: Vec<u8>) -> Answer {
    let mut request = request(Method::POST, &format!("/api/2.0/mlflow/{path}"));
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    server.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_metric_is_a_number() {
    let server = TestServer::new();
    let run = server.run("0").await;
    for value in [json!("abc"), json!(""), json!([1]), json!({}), json!(true)] {
        let metrics =
            json!([{"key": "ok", "value": 1, "timestamp": 1}, {"key": "a", "value": value, "timestamp": 1}]);
        let message =
            server.post("runs/log-batch", json!({"run_id": run, "metrics": metrics})).await.invalid();
        let expected = format!("Invalid value {value} for parameter 'metrics[1].value' supplied");
        assert!(message.starts_with(&expected), "{message}");
        let metric = json!({"run_id": run, "key": "a", "value": value, "timestamp": 1});
        server.post("runs/log-metric", metric).await.invalid();
    }
    let run = server.query(&format!("runs/get?run_id={run}")).await.ok();
    assert!(run["run"]["data"].get("metrics").is_none(), "nothing of a refused batch is stored");
}

#[tokio::test]
async fn steps_and_times_are_whole_numbers() {
    let server = TestServer::new();
    let run = server.run("0").await;
    for bad in [json!(1.5), json!("5.0"), json!("x"), json!(1e30), json!("9223372036854775808")] {
        let metric = json!({"run_id": run, "key": "a", "value": 1, "timestamp": 1, "step": bad});
        let message = server.post("runs/log-metric", metric).await.invalid();
        assert!(message.contains("'step'"), "{message}");
    }
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let cases = [
        ("experiments/create", json!({}), "name"),
        ("experiments/create", json!({"name": ""}), "name"),
        ("runs/create", json!({}), "experiment_id"),
        ("runs/log-batch", json!({}), "run_id"),
        (
            "runs/log-batch",
            json!({"run_id": run, "metrics": [{"value": 1, "timestamp": 1}]}),
            "metrics[0].key",
        ),
        (
            "runs/log-batch",
            json!({"run_id": run, "metrics": [{"key": "a", "timestamp": 1}]}),
            "metrics[0].value",
        ),
        (
            "runs/log-batch",
            json!({"run_id": run, "metrics": [{"key": "a", "value": 1}]}),
            "metrics[0].timestamp",
        ),
        ("runs/log-batch", json!({"run_id": run, "params": [{"value": "1"}]}), "params[0].key"),
        ("runs/log-metric", json!({"run_id": run, "key": "a", "timestamp": 1}), "value"),
        ("runs/set-tag", json!({"run_id": run}), "key"),
        ("runs/outputs", json!({"run_id": run}), "models"),
        ("logged-models", json!({}), "experiment_id"),
        ("model-versions/create", json!({"name": "a"}), "source"),
    ];
    for (path, body, field) in cases {
        let message = server.post(path, body).await.invalid();
        let expected = format!("Missing value for required parameter '{field}'.");
        assert!(message.starts_with(&expected), "{path}: {message}");
    }
    let message = server.query("runs/get").await.invalid();
    assert!(message.contains("'run_id'"), "{message}");
}

#[tokio::test]
async fn values_of_the_wrong_type_are_shown() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let cases = [
        ("experiments/create", json!({"name": 5}), "Invalid value 5 for parameter 'name'"),
        (
            "runs/set-tag",
            json!({"run_id": run, "key": "a", "value": 5}),
            "Invalid value 5 for parameter 'value'",
        ),
        (
            "runs/log-batch",
            json!({"run_id": run, "params": "x"}),
            "Invalid value \"x\" for parameter 'params'",
        ),
        (
            "runs/log-batch",
            json!({"run_id": run, "metrics": [5]}),
            "Invalid value 5 for parameter 'metrics[0]' supplied: expected an object.",
        ),
        ("runs/search", json!({"experiment_ids": [1]}), "Invalid value 1 for parameter 'experiment_ids[0]'"),
        ("runs/search", json!([1]), "The request body must be a JSON object"),
    ];
    for (path, body, expected) in cases {
        let message = server.post(path, body).await.invalid();
        assert!(message.starts_with(expected), "{path}: {message}");
    }
    let without_names = json!({"run_id": run, "metrics": [["loss", 0.5, 1]]});
    let message = server.post("runs/log-batch", without_names).await.invalid();
    assert!(message.contains("'metrics[0]'") && message.contains("an object"), "{message}");
    let message = server.query("metrics/get-history?run_id=a&metric_key=b&max_results=ten").await.invalid();
    assert!(message.starts_with("Invalid value \"ten\" for parameter 'max_results' supplied"), "{message}");
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused() {
    let server = TestServer::new();
    let json = Some("application/json");
    for body in ["{", "{\"name\": }", "name=x", "{\"name\": \"a\"} trailing", "\u{0}"] {
        let message = post_raw(&server, "experiments/create", json, body.into()).await.invalid();
        assert!(message.contains("not valid JSON"), "{body}: {message}");
    }
    let not_text =
        post_raw(&server, "experiments/create", json, vec![b'{', b'"', 0xff, b'"', b':', b'1', b'}']);
    not_text.await.invalid();
    let nested = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    post_raw(&server, "experiments/create", json, nested).await.invalid();
    let in_unknown_field = format!("{{\"name\": \"a\", \"x\": {}1{}}}", "[".repeat(9999), "]".repeat(9999));
    let ignored = post_raw(&server, "experiments/create", json, in_unknown_field.into()).await;
    assert_eq!(ignored.status, StatusCode::OK, "unknown fields are skipped, however deep");
}

#[tokio::test]
async fn a_huge_body_is_refused() {
    let server = TestServer::new();
    let body = format!("{{\"name\": \"{}\"}}", "x".repeat(33 << 20));
    let answer = post_raw(&server, "experiments/create", Some("application/json"), body.into()).await;
    let (status, _, message) = answer.error();
    assert_eq!(status, 413, "{message}");
}

#[tokio::test]
async fn a_post_says_that_it_sends_json() {
    let server = TestServer::new();
    let body = || b"{\"name\": \"a\"}".to_vec();
    let message = post_raw(&server, "experiments/create", None, body()).await.invalid();
    assert_eq!(message, "Bad Request. Content-Type header is missing.");
    let message = post_raw(&server, "experiments/create", Some("text/plain"), body()).await.invalid();
    assert_eq!(message, "Bad Request. Content-Type must be one of ['application/json'].");
    let answer = post_raw(&server, "experiments/create", Some("application/json; charset=utf-8"), body());
    assert_eq!(answer.await.status, StatusCode::OK);
}

#[tokio::test]
async fn json_of_other_writers_is_read() {
    let server = TestServer::new();
    let run = server.run("0").await;
    let python = format!(r#"{{"run_id": "{run}", "key": "nan", "value": NaN, "timestamp": 1}}"#);
    let answer = post_raw(&server, "runs/log-metric", Some("application/json"), python.into()).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let twice = json!({"run_id": run, "key": "a", "value": "b"}).to_string();
    let twice = serde_json::Value::String(twice).to_string();
    let answer = post_raw(&server, "runs/set-tag", Some("application/json"), twice.into()).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    server.post("runs/search", json!({"experiment_ids": ["0"], "order_by": null, "filter": null})).await.ok();
}
