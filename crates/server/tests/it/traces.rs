use axum::http::Method;
use serde_json::{Value, json};

use crate::testing::TestServer;

const V3: &str = "/api/3.0/mlflow/traces";

fn place(experiment_id: &str) -> Value {
    json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": experiment_id}})
}

fn info(id: &str) -> Value {
    json!({
        "trace_id": id,
        "trace_location": place("0"),
        "request_time": "2026-01-31T12:00:00.250Z",
        "execution_duration": "0.035s",
        "state": "OK",
        "request_preview": "{\"a\": 1}",
        "trace_metadata": {"mlflow.user": "ann"},
        "tags": {"mlflow.traceName": "ask"},
    })
}

async fn call(server: &TestServer, method: Method, path: &str, body: Value) -> Value {
    server.send_json(method, path, body).await.ok()
}

async fn start(server: &TestServer, info: Value) -> Value {
    let mut kept = call(server, Method::POST, V3, json!({"trace": {"trace_info": info}})).await;
    kept["trace"]["trace_info"].take()
}

#[tokio::test]
async fn a_trace_is_given_back_as_it_came() {
    let server = TestServer::new();
    let kept = start(&server, info("tr-1")).await;
    let mut expected = info("tr-1");
    expected["tags"]["mlflow.artifactLocation"] = "mlflow-artifacts:/0/traces/tr-1/artifacts".into();
    assert_eq!(kept, expected);
    let got = server.get(&format!("{V3}/tr-1?trace_id=tr-1")).await.ok();
    assert_eq!(got["trace"]["trace_info"], expected);
    server.get(&format!("{V3}/tr-2")).await.missing();
}

#[tokio::test]
async fn traces_are_found_by_either_page() {
    let server = TestServer::new();
    for id in ["tr-1", "tr-2", "tr-3"] {
        start(&server, info(id)).await;
    }
    let search = json!({"locations": [place("0")], "filter": "trace.status = 'OK'", "max_results": "2"});
    let first = call(&server, Method::POST, &format!("{V3}/search"), search.clone()).await;
    assert_eq!(first["traces"].as_array().unwrap().len(), 2);
    let mut next = search;
    next["page_token"] = first["next_page_token"].clone();
    let rest = call(&server, Method::POST, &format!("{V3}/search"), next).await;
    assert_eq!(rest["traces"][0]["trace_id"], "tr-3");
    assert!(rest["next_page_token"].is_null());
    let nowhere = json!({"locations": [place("7")]});
    assert_eq!(call(&server, Method::POST, &format!("{V3}/search"), nowhere).await, json!({}));
}

#[tokio::test]
async fn tags_change_by_either_version_of_the_api() {
    let server = TestServer::new();
    start(&server, info("tr-1")).await;
    for path in ["/api/2.0/mlflow/traces/tr-1/tags", "/ajax-api/3.0/mlflow/traces/tr-1/tags"] {
        call(&server, Method::PATCH, path, json!({"key": "team", "value": "a"})).await;
        let tags = server.get(&format!("{V3}/tr-1")).await.ok()["trace"]["trace_info"]["tags"].take();
        assert_eq!(tags["team"], "a");
        call(&server, Method::DELETE, path, json!({"key": "team"})).await;
        server.send_json(Method::DELETE, path, json!({"key": "team"})).await.missing();
    }
}

#[tokio::test]
async fn a_trace_is_found_by_the_run_it_is_linked_to() {
    let server = TestServer::new();
    start(&server, info("tr-1")).await;
    server.post("traces/link-to-run", json!({"trace_ids": ["tr-1"], "run_id": "r"})).await.ok();
    let search = json!({"locations": [place("0")], "filter": "attribute.run_id = 'r'"});
    let found = call(&server, Method::POST, &format!("{V3}/search"), search).await;
    assert_eq!(found["traces"][0]["trace_id"], "tr-1");
}

#[tokio::test]
async fn traces_are_deleted_by_id_or_by_time() {
    let server = TestServer::new();
    for id in ["tr-1", "tr-2"] {
        start(&server, info(id)).await;
    }
    let path = format!("{V3}/delete-traces");
    let deleted =
        call(&server, Method::POST, &path, json!({"experiment_id": "0", "request_ids": ["tr-1"]})).await;
    assert_eq!(deleted, json!({"traces_deleted": 1}));
    let all = json!({"experiment_id": "0", "max_timestamp_millis": "9000000000000"});
    assert_eq!(server.post("traces/delete-traces", all).await.ok(), json!({"traces_deleted": 1}));
    for wrong in [
        json!({"experiment_id": "0"}),
        json!({"experiment_id": "0", "max_traces": 1}),
        json!({"experiment_id": "0", "max_timestamp_millis": 1, "max_traces": 0}),
        json!({"experiment_id": "0", "max_timestamp_millis": 1, "request_ids": ["tr-1"]}),
        json!({"request_ids": ["tr-1"]}),
    ] {
        server.post("traces/delete-traces", wrong).await.invalid();
    }
}

#[tokio::test]
async fn assessments_are_kept_with_their_trace() {
    let server = TestServer::new();
    start(&server, info("tr-1")).await;
    let path = format!("{V3}/tr-1/assessments");
    let feedback = json!({
        "assessment_name": "good",
        "source": {"source_type": "HUMAN", "source_id": "ann"},
        "create_time": "2026-01-31T12:00:00Z",
        "feedback": {"value": true},
        "rationale": "it is",
    });
    let made = call(&server, Method::POST, &path, json!({"assessment": feedback})).await["assessment"].take();
    let id = made["assessment_id"].as_str().unwrap().to_owned();
    assert_eq!((&made["trace_id"], &made["valid"]), (&json!("tr-1"), &json!(true)));
    assert_eq!(made["create_time"], "2026-01-31T12:00:00Z");

    let one = format!("{path}/{id}");
    let changes = json!({"assessment": {"assessment_name": "better", "feedback": {"value": 2}},
        "update_mask": "assessmentName,feedback,rationale,feedback"});
    let changed = call(&server, Method::PATCH, &one, changes).await["assessment"].take();
    assert_eq!((&changed["assessment_name"], &changed["feedback"]["value"]), (&json!("better"), &json!(2)));
    assert!(changed["rationale"].is_null() && changed["source"]["source_id"] == "ann");
    assert_eq!(server.get(&one).await.ok()["assessment"], changed);

    let other = json!({"assessment_name": "again", "feedback": {"value": 3}, "overrides": id});
    let other = call(&server, Method::POST, &path, json!({"assessment": other})).await["assessment"].take();
    let kept = server.get(&format!("{V3}/tr-1")).await.ok()["trace"]["trace_info"]["assessments"].take();
    let valid: Vec<_> =
        kept.as_array().unwrap().iter().map(|assessment| assessment["valid"].clone()).collect();
    assert_eq!(valid, [json!(false), json!(true)]);
    let other = format!("{path}/{}", other["assessment_id"].as_str().unwrap());
    call(&server, Method::DELETE, &other, json!({})).await;
    assert_eq!(server.get(&one).await.ok()["assessment"]["valid"], true);

    let last = json!({"assessment_name": "last", "feedback": {"value": 4}, "overrides": id});
    let last = call(&server, Method::POST, &path, json!({"assessment": last})).await["assessment"].take();
    call(&server, Method::DELETE, &one, json!({})).await;
    server.get(&one).await.missing();
    let last = format!("{path}/{}", last["assessment_id"].as_str().unwrap());
    call(&server, Method::DELETE, &last, json!({})).await;
    server.send_json(Method::POST, &path, json!({"assessment": {"feedback": {}}})).await.invalid();
    let unknown = json!({"assessment": {}, "update_mask": "assessment_id"});
    server.send_json(Method::PATCH, &one, unknown).await.invalid();
}

#[tokio::test]
async fn an_expectation_with_parts_is_text() {
    let server = TestServer::new();
    start(&server, info("tr-1")).await;
    let path = format!("{V3}/tr-1/assessments");
    let expected = async |value: Value| {
        let given = json!({"assessment": {"assessment_name": "e", "expectation": {"value": value}}});
        call(&server, Method::POST, &path, given).await["assessment"]["expectation"].take()
    };
    assert_eq!(expected(json!(7)).await, json!({"value": 7}));
    let parts = json!({"serialization_format": "JSON_FORMAT", "value": "{\"most\":[1]}"});
    assert_eq!(expected(json!({"most": [1]})).await, json!({"serialized_value": parts}));
}

#[tokio::test]
async fn what_is_sent_again_for_want_of_an_answer_is_there_once() {
    let server = TestServer::new();
    let value = |value: i64| {
        let time = "2026-01-31T12:00:00.5Z";
        json!({"assessment_name": "good", "feedback": {"value": value}, "create_time": time})
    };
    let mut given = info("tr-1");
    given["assessments"] = json!([value(1), value(2)]);
    let kept = start(&server, given.clone()).await["assessments"].take();
    assert_eq!(start(&server, given).await["assessments"], kept);

    let path = format!("{V3}/tr-1/assessments");
    let send = async || call(&server, Method::POST, &path, json!({"assessment": value(3)})).await;
    assert_eq!(send().await, send().await);
    let untimed = json!({"assessment": {"assessment_name": "good", "feedback": {"value": 4}}});
    for _ in 0..2 {
        call(&server, Method::POST, &path, untimed.clone()).await;
    }
    let kept = server.get(&format!("{V3}/tr-1")).await.ok()["trace"]["trace_info"]["assessments"].take();
    let values: Vec<_> =
        kept.as_array().unwrap().iter().map(|one| one["feedback"]["value"].clone()).collect();
    assert_eq!(values, [1, 2, 3, 4, 4]);
}

#[tokio::test]
async fn a_trace_comes_with_assessments() {
    let server = TestServer::new();
    let mut given = info("tr-1");
    given["assessments"] = json!([{"assessment_name": "good", "feedback": {"value": true}}]);
    let kept = start(&server, given).await["assessments"][0].take();
    assert_eq!((&kept["trace_id"], &kept["valid"]), (&json!("tr-1"), &json!(true)));
}

#[tokio::test]
async fn a_wrong_trace_is_told_what_is_wrong() {
    let server = TestServer::new();
    for (field, wrong, told) in [
        ("trace_id", json!("../x"), "../x"),
        ("trace_id", Value::Null, "trace_id"),
        ("trace_location", Value::Null, "trace_location"),
        ("trace_location", json!({"type": "UC_SCHEMA"}), "experiment_id"),
        ("request_time", json!("noon"), "noon"),
        ("execution_duration", json!("-1s"), "-1s"),
        ("tags", json!({"a//b": "x"}), "a//b"),
        ("assessments", json!([{}]), "assessment_name"),
    ] {
        let mut trace = info("tr-1");
        trace[field] = wrong;
        let answer = server.send_json(Method::POST, V3, json!({"trace": {"trace_info": trace}})).await;
        let message = answer.invalid();
        assert!(message.contains(told), "{field}: {message}");
    }
}
