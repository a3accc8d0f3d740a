use std::path::Path;
use std::process::Command;

use serde_json::{Map, Value, json};
use trackline::{NewRun, Tracker};

use crate::samples::{tag, tracker, trial};

fn document(tracker: &Tracker, run_id: &str, kind: &str) -> Option<Value> {
    let store = tracker.store().unwrap();
    let (_, digest) = store.documents(run_id).unwrap().into_iter().find(|(found, _)| found == kind)?;
    Some(serde_json::from_slice(&store.blobs().read(&digest).unwrap()).unwrap())
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Runs git in a folder, with a name of its own.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=ada", "-c", "user.email=a@b"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn the_environment_holds_what_is_seen_and_what_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let told = map(json!({"argv": ["train.py", "--lr", "0.1"], "notebook": "a.ipynb"}));
    let run = tracker.start_run(NewRun { environment: Some(told), ..trial() }).unwrap();
    let environment = document(&tracker, run.id(), "environment").unwrap();
    assert_eq!(environment["argv"], json!(["train.py", "--lr", "0.1"]));
    assert_eq!(environment["notebook"], "a.ipynb");
    assert!(environment["cpu"]["cores"].as_u64().unwrap() > 0);

    run.add_environment(map(json!({"packages": [{"name": "numpy", "version": "2.0"}]})));
    let environment = document(&tracker, run.id(), "environment").unwrap();
    assert_eq!(environment["packages"][0]["name"], "numpy");
    assert_eq!(environment["argv"][0], "train.py");
}

#[test]
fn git_is_looked_for_beside_the_script() {
    let folder = tempfile::tempdir().unwrap();
    let code = folder.path().join("code");
    std::fs::create_dir(&code).unwrap();
    let script = code.join("train.py");
    std::fs::write(&script, "print(1)\n").unwrap();
    git(&code, &["init", "-q"]);
    git(&code, &["add", "."]);
    git(&code, &["commit", "-q", "-m", "first"]);
    let commit = git(&code, &["rev-parse", "HEAD"]);
    std::fs::write(&script, "print(2)\n").unwrap();

    let tracker = tracker(folder.path());
    let source_name = Some(script.to_str().unwrap().to_owned());
    let run = tracker.start_run(NewRun { source_name: source_name.clone(), ..trial() }).unwrap();
    let parent_run_id = Some(run.id().to_owned());
    let child = tracker.start_run(NewRun { source_name, parent_run_id, ..trial() }).unwrap();
    assert_eq!(tag(&tracker, run.id(), "mlflow.source.git.commit"), Some(commit.clone()));
    assert_eq!(tag(&tracker, child.id(), "mlflow.source.git.commit"), Some(commit.clone()));
    let found = document(&tracker, run.id(), "git").unwrap();
    assert_eq!((&found["commit"], &found["dirty"]), (&json!(commit), &json!(true)));
    assert!(found["diff"].as_str().unwrap().contains("+print(2)"));
    assert_eq!(document(&tracker, child.id(), "git"), None);
}

#[test]
fn without_git_there_is_no_git_document() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("train.py");
    std::fs::write(&script, "").unwrap();
    let tracker = tracker(folder.path());
    let source_name = Some(script.to_str().unwrap().to_owned());
    let run = tracker.start_run(NewRun { source_name, ..trial() }).unwrap();
    assert_eq!(document(&tracker, run.id(), "git"), None);
    assert!(document(&tracker, run.id(), "environment").is_some());
}
