//! What the server writes to standard error.

use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::project::Project;
use crate::served::Served;

/// What a server with these arguments has written when it was asked twice: for its version, with a secret in the query,
/// and for a run that is not there.
fn written(args: &[&str]) -> String {
    let project = Project::new();
    let args = [&["server", "--port", "0"], args].concat();
    let mut served = Served::start(project.command(&args).stderr(Stdio::piped()));
    let url = |path: &str| format!("{}{path}", served.address);
    let answer = ureq::get(url("/version?token=s3cret")).header("x-request-id", "one").call().unwrap();
    assert_eq!(answer.headers()["x-request-id"], "one");
    ureq::get(url("/api/2.0/mlflow/runs/get?run_id=none"))
        .header("authorization", "Bearer s3cret")
        .call()
        .unwrap_err();
    let mut stderr = served.stderr();
    served.end();
    let mut text = String::new();
    stderr.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_request_is_an_object_on_a_line() {
    let text = written(&["--log-format", "json"]);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [version, missing] = &lines[..] else { panic!("{text}") };
    assert_eq!(
        (&version["status"], &version["bytes"], &version["level"]),
        (&200.into(), &6.into(), &"INFO".into())
    );
    assert!(version["ms"].as_f64().unwrap() > 0.0, "{version}");
    let span = &version["span"];
    assert_eq!(
        (&span["id"], &span["method"], &span["path"]),
        (&"one".into(), &"GET".into(), &"/version".into())
    );
    assert_eq!(missing["status"], 404);
    assert_eq!(missing["span"]["path"], "/api/2.0/mlflow/runs/get");
    assert_eq!(missing["span"]["id"].as_str().unwrap().len(), 36);
    assert!(!text.contains("s3cret"), "{text}");
}

#[test]
fn people_read_plain_lines() {
    let text = written(&["--log-format", "text"]);
    let first = text.lines().next().unwrap();
    assert!(first.contains(r#"id="one" method=GET path="/version""#), "{text}");
    assert!(first.contains("status=200") && first.contains("bytes=6"), "{text}");
    assert!(!text.contains("s3cret"), "{text}");
}

#[test]
fn without_a_format_requests_are_not_written() {
    assert_eq!(written(&[]), "");
}

#[test]
fn a_format_that_is_none_is_refused() {
    let project = Project::empty();
    let shown = project.transcript(&["server", "--log-format", "xml"]);
    assert!(shown.contains("possible values: text, json"), "{shown}");
}
