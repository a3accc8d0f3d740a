//! A server whose artifacts are in a bucket, and what becomes of them when the bucket is away.

use std::process::Command;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use trackline_testbucket::Bucket;
use trackline_testdb::Database;

use crate::project::Project;
use crate::served::{Served, get, post};

fn command(project: &Project, bucket: &Bucket, args: &[&str]) -> Command {
    let mut command = project.command(args);
    command.envs(bucket.settings());
    command
}

/// Status and body of the answer.
fn put(address: &str, path: &str, bytes: &[u8]) -> (u16, Value) {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let url = format!("{address}/api/2.0/mlflow-artifacts/artifacts/{path}");
    let mut answer = agent.put(&url).send(bytes).unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn fetch(address: &str, path: &str) -> String {
    let url = format!("{address}/api/2.0/mlflow-artifacts/artifacts/{path}");
    ureq::get(&url).call().unwrap().body_mut().read_to_string().unwrap()
}

#[test]
fn files_are_in_the_bucket_or_nowhere() {
    let (project, database, mut bucket) = (Project::empty(), Database::new(), Bucket::new());
    let (uri, place) = (database.uri(), bucket.uri("team/runs"));
    let args = ["server", "--port", "0", "--artifacts-destination", &place];
    let server = Served::start(command(&project, &bucket, &args).env("TRACKLINE_URI", &uri));
    let made = post(&server.address, "runs/create", &json!({ "experiment_id": "0", "start_time": 1 })).1;
    let id = made["run"]["info"]["run_id"].as_str().unwrap();
    let root = format!("0/{id}/artifacts");
    assert_eq!(put(&server.address, &format!("{root}/a.txt"), b"first"), (200, Value::Null));
    let digest = blake3::hash(b"first").to_hex();
    let object = bucket.file(format!("team/runs/{}/{}", &digest[..2], &digest[2..]));
    assert_eq!(std::fs::read(&object).unwrap(), b"first");

    bucket.stop();
    let (status, body) = put(&server.address, &format!("{root}/b.txt"), b"second");
    assert_eq!((status, body["error_code"].as_str()), (503, Some("TEMPORARILY_UNAVAILABLE")), "{body}");
    assert!(body["message"].as_str().unwrap().contains(&place), "{body}");
    let param = json!({ "run_id": id, "key": "p", "value": "v" });
    assert_eq!(post(&server.address, "runs/log-parameter", &param).0, 200);
    bucket.restart();
    let listed = get(&server.address, &format!("artifacts/list?run_id={id}")).1;
    assert_eq!(listed["files"], json!([{"path": "a.txt", "is_dir": false, "file_size": 5}]));
    assert_eq!(put(&server.address, &format!("{root}/b.txt"), b"second").0, 200);
    assert_eq!(fetch(&server.address, &format!("{root}/b.txt")), "second");

    post(&server.address, "runs/delete", &json!({ "run_id": id }));
    let old = SystemTime::now() - Duration::from_secs(7200);
    std::fs::File::open(&object).unwrap().set_modified(old).unwrap();
    let gc = ["gc", "--older-than", "0s", "--store", &uri, "--artifacts", &place];
    let said = project.finish(&mut command(&project, &bucket, &gc));
    assert!(said.contains("Removed 1 run") && said.contains("1 blob (5 bytes)"), "{said}");
    assert!(!object.exists());
}

#[test]
fn a_place_that_is_no_bucket_is_refused() {
    let project = Project::empty();
    let args = ["server", "--port", "0", "--store", "postgresql://127.0.0.1:1/runs", "--artifacts"];
    let said = project.transcript(&[&args[..], &["hdfs://host/runs"]].concat());
    assert!(said.contains("hdfs://host/runs") && said.contains("s3://NAME/PREFIX"), "{said}");
    let said = project.transcript(&["server", "--port", "0", "--artifacts", "s3://bucket/runs"]);
    assert!(said.contains("--artifacts goes with a database"), "{said}");
    let args = ["server", "--port", "0", "--backend-store-uri", "sqlite:///runs.db"];
    let said = project.transcript(&[&args[..], &["--artifacts-destination", "s3://bucket/runs"]].concat());
    assert!(said.contains("beside a database only") && said.contains("[exit code 2]"), "{said}");
}
