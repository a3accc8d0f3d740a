use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::testing::{Answer, TestServer, request};

const V3: &str = "/api/3.0/mlflow/traces";
const ID: &str = "tr-000102030405060708090a0b0c0d0e0f";

/// `ExportTraceServiceRequest` as Python's `opentelemetry.proto` writes it: a root that failed, with attributes of several
/// kinds, an event and a link.
const EXPORT: &str = "0ad0010a170a150a0c736572766963652e6e616d6512050a0373766312b40112b1010a10000102030405060708090a0b0c0d\
0e0f120800010203040506072a0361736b300239000064a7b3b6e00d41808482a7b3b6e00d4a150a06746f6b656e73120b18f9ffffffffffffffff014a\
200a016f121b32190a120a017a120d2a0b0a0921000000000000f83f0a030a01614a0b0a0372617712043a0200015a0d090500000000000000120265\
766a1c0a1000000000000000000000000000000000120801010101010101017a0712036261641802";

/// The same, packed by gzip.
const PACKED: &str = "1f8b0800000000000203e3bac0c825ce25cac5539c5a5496999caa9797989b2ac4cac55c5c962cb485516823239700032313330b2b1b3b07271737\
0f2f1fbf10074c448b39b138db80c992812165f9e66d0f781d1b5a9ac00c2f512eb692fcecd4bc62216e899fffa180d14b818b315f48da48924b88\
8bb14a88578b9b8b5391010c7ed873317331267a7173311725960bb15831313046f172b2426419849852cbb264806e4103421c8c5050c52ec49c94\
9822c104003b65fbe7d3000000";

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

async fn export(server: &TestServer, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
    let mut request = request(Method::POST, "/v1/traces");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    server.send(request.body(Body::from(body)).unwrap()).await
}

const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");
const PLACE: (&str, &str) = ("x-mlflow-experiment-id", "0");

async fn sent() -> TestServer {
    let server = TestServer::new();
    let answer = export(&server, &[PROTOBUF, PLACE], bytes(EXPORT)).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, PROTOBUF.1));
    assert!(answer.bytes.is_empty());
    server
}

#[tokio::test]
async fn spans_are_given_back_as_they_came() {
    let server = sent().await;
    let got = server.get(&format!("{V3}/get?trace_id={ID}")).await.ok();
    let info = &got["trace"]["trace_info"];
    assert_eq!((&info["state"], &info["execution_duration"]), (&"ERROR".into(), &"0.002s".into()));
    assert_eq!(info["tags"]["service.name"], "svc");
    assert_eq!(info["tags"]["mlflow.trace.spansLocation"], "TRACKING_STORE");
    let number = json!({"double_value": 1.5});
    let object = json!([{"key": "z", "value": {"array_value": {"values": [number]}}}, {"key": "a"}]);
    let expected = json!([{
        "trace_id": "AAECAwQFBgcICQoLDA0ODw==",
        "span_id": "AAECAwQFBgc=",
        "name": "ask",
        "start_time_unix_nano": 1_000_000_000_000_000_000_i64,
        "end_time_unix_nano": 1_000_000_000_002_000_000_i64,
        "attributes": [
            {"key": "tokens", "value": {"int_value": -7}},
            {"key": "o", "value": {"kvlist_value": {"values": object}}},
            {"key": "raw", "value": {"string_value": "AAE="}},
            {"key": "mlflow.traceRequestId", "value": {"string_value": ID}},
        ],
        "events": [{"time_unix_nano": 5, "name": "ev"}],
        "links": [{"trace_id": "AAAAAAAAAAAAAAAAAAAAAA==", "span_id": "AQEBAQEBAQE="}],
        "status": {"message": "bad", "code": "STATUS_CODE_ERROR"},
    }]);
    assert_eq!(got["trace"]["spans"], expected);
    let both = server.get(&format!("{V3}/batchGet?trace_ids=tr-none&trace_ids={ID}")).await.ok();
    assert_eq!(both["traces"], json!([got["trace"]]));
    let infos = json!({"trace_ids": [ID], "experiment_ids": ["0"]});
    let infos = server.send_json(Method::POST, &format!("{V3}/batchGetInfos"), infos).await.ok();
    assert_eq!(infos["trace_infos"], json!([info]));
}

#[tokio::test]
async fn spans_are_a_file_too() {
    let server = sent().await;
    let path = format!("/ajax-api/2.0/mlflow/get-trace-artifact?request_id={ID}");
    let answer = server.get(&path).await;
    assert_eq!(answer.header("content-disposition"), "attachment; filename=traces.json");
    let span = &answer.ok()["spans"][0];
    let attributes = json!({
        "tokens": "-7",
        "o": "{\"z\": [1.5], \"a\": null}",
        "raw": "\"AAE=\"",
        "mlflow.traceRequestId": format!("\"{ID}\""),
    });
    assert_eq!(span["attributes"], attributes);
    assert_eq!(span["status"], json!({"code": "STATUS_CODE_ERROR", "message": "bad"}));
    assert_eq!(span["parent_span_id"], Value::Null);
    let link =
        json!({"trace_id": format!("tr-{}", "0".repeat(32)), "span_id": "01".repeat(8), "attributes": null});
    assert_eq!(span["links"], json!([link]));
    server.get(&path.replace(ID, "tr-none")).await.missing();
    server.get(&format!("{path}&path=picture.png")).await.missing();
}

#[tokio::test]
async fn spans_that_a_client_uploads_are_that_file() {
    let server = TestServer::new();
    let place = json!({"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "0"}});
    let info = json!({"trace_id": "tr-1", "trace_location": place, "request_time": "2026-01-31T12:00:00Z"});
    server.send_json(Method::POST, V3, json!({"trace": {"trace_info": info}})).await.ok();
    let put = server.put_artifact("0/traces/tr-1/artifacts/traces.json", b"{\"spans\": []}").await;
    assert_eq!(put.status, StatusCode::OK);
    let file = server.query("get-trace-artifact?request_id=tr-1").await;
    assert_eq!(file.text(), "{\"spans\": []}");
    let message = server.get(&format!("{V3}/get?trace_id=tr-1")).await.missing();
    assert!(message.contains("not fully exported"), "{message}");
    // As JavaScript and as Python write it.
    for yes in ["true", "True"] {
        let partial = server.get(&format!("{V3}/get?trace_id=tr-1&allow_partial={yes}")).await.ok();
        assert_eq!(partial["trace"]["trace_info"]["trace_id"], "tr-1");
    }
    server.get(&format!("{V3}/get?trace_id=tr-1&allow_partial=False")).await.missing();
    server.get(&format!("{V3}/get?trace_id=tr-1&allow_partial=perhaps")).await.invalid();
    assert_eq!(server.get(&format!("{V3}/batchGet?trace_ids=tr-1")).await.ok(), json!({}));
}

fn span(id: &str, parent: &str) -> Value {
    json!({
        "traceId": "5b8efff798038103d269b633813fc60c", "spanId": id, "parentSpanId": parent, "name": id, "kind": 2,
        "startTimeUnixNano": "1544712660000000000", "endTimeUnixNano": 1_544_712_661_000_000_000_i64,
        "attributes": [
            {"key": "mlflow.spanInputs", "value": {"stringValue": "in"}},
            {"key": "mlflow.spanType", "value": {"stringValue": "LLM"}},
            {"key": "mlflow.traceTag.team", "value": {"stringValue": "blue"}},
            {"key": "numbers", "value": {"arrayValue": {"values": [{"intValue": "7"}, {"doubleValue": 0.5}]}}},
            {"key": "nul", "value": {"stringValue": "a\u{0}b"}},
        ],
        "status": {"code": 1},
    })
}

fn json_export(spans: &[Value]) -> Vec<u8> {
    json!({"resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {}, "spans": spans}]}]})
        .to_string()
        .into()
}

#[tokio::test]
async fn spans_come_as_json_too() {
    let server = TestServer::new();
    let child = json_export(&[span("eee19b7ec3c1b175", "eee19b7ec3c1b174")]);
    assert_eq!(export(&server, &[JSON, PLACE], child).await.status, StatusCode::OK);
    let id = "tr-5b8efff798038103d269b633813fc60c";
    let going_on = server.get(&format!("{V3}/{id}")).await.ok();
    assert_eq!(going_on["trace"]["trace_info"]["state"], "IN_PROGRESS");
    let run = server.run("0").await;
    let root = json_export(&[span("eee19b7ec3c1b174", "")]);
    assert_eq!(export(&server, &[JSON, PLACE, ("x-mlflow-run-id", &run)], root).await.status, StatusCode::OK);
    let got = server.get(&format!("{V3}/get?trace_id={id}")).await.ok();
    let info = &got["trace"]["trace_info"];
    assert_eq!((&info["state"], &info["request_preview"]), (&"OK".into(), &"\"in\"".into()));
    assert_eq!(info["tags"]["team"], "blue");
    assert_eq!(got["trace"]["spans"][1]["parent_span_id"], "7uGbfsPBsXQ=");
    let values = json!({"array_value": {"values": [{"int_value": 7}, {"double_value": 0.5}]}});
    assert_eq!(got["trace"]["spans"][0]["attributes"][3]["value"], values);
    for filter in [
        format!("run_id = '{run}'"),
        "span.type = 'LLM'".to_owned(),
        "span.attributes.nul LIKE 'a_b'".to_owned(),
    ] {
        let place = json!([{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "0"}}]);
        let search = json!({"locations": place, "filter": filter});
        let found = server.send_json(Method::POST, &format!("{V3}/search"), search).await.ok();
        assert_eq!(found["traces"][0]["trace_id"], id, "{filter}");
    }
}

#[tokio::test]
async fn the_last_attribute_of_a_name_stands() {
    let server = TestServer::new();
    let mut twice = span("eee19b7ec3c1b174", "");
    twice["attributes"].as_array_mut().unwrap().push(json!({"key": "nul", "value": {"intValue": "2"}}));
    assert_eq!(export(&server, &[JSON, PLACE], json_export(&[twice])).await.status, StatusCode::OK);
    let got = server.get(&format!("{V3}/get?trace_id=tr-5b8efff798038103d269b633813fc60c")).await.ok();
    let attributes = got["trace"]["spans"][0]["attributes"].as_array().unwrap();
    let named: Vec<_> = attributes.iter().filter(|pair| pair["key"] == "nul").collect();
    assert_eq!(named, [&json!({"key": "nul", "value": {"int_value": 2}})]);
}

#[tokio::test]
async fn packed_spans_are_unpacked() {
    let server = TestServer::new();
    let answer = export(&server, &[PROTOBUF, PLACE, ("content-encoding", "gzip")], bytes(PACKED)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    server.get(&format!("{V3}/{ID}")).await.ok();
    let broken = export(&server, &[PROTOBUF, PLACE, ("content-encoding", "gzip")], bytes(EXPORT)).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST, "{broken:?}");
}

#[tokio::test]
async fn what_is_no_span_is_refused() {
    let server = TestServer::new();
    let refused =
        async |headers: &[(&str, &str)], body: Vec<u8>| export(&server, headers, body).await.invalid();
    let unprocessable = async |headers: &[(&str, &str)], body: Vec<u8>| {
        let (status, code, message) = export(&server, headers, body).await.error();
        assert_eq!((status, code.as_str()), (422, "INVALID_PARAMETER_VALUE"));
        message
    };
    assert!(unprocessable(&[PROTOBUF], bytes(EXPORT)).await.contains("x-mlflow-experiment-id"));
    assert!(refused(&[PROTOBUF, PLACE], vec![0xff, 0xff]).await.contains("Invalid OpenTelemetry format"));
    assert!(refused(&[JSON, PLACE], b"{".to_vec()).await.contains("Invalid OpenTelemetry format"));
    assert!(refused(&[PROTOBUF, PLACE], Vec::new()).await.contains("no spans found"));
    assert!(refused(&[("content-type", "text/plain"), PLACE], Vec::new()).await.contains("text/plain"));
    let short = json_export(&[span("eee19b", "")]);
    assert!(unprocessable(&[JSON, PLACE], short).await.contains("3 bytes"));
    let nowhere = export(&server, &[PROTOBUF, ("x-mlflow-experiment-id", "77")], bytes(EXPORT)).await;
    assert!(nowhere.missing().contains("77"));
    assert!(server.get(&format!("{V3}/batchGet")).await.invalid().contains("trace_ids"));
}
