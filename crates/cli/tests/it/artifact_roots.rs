//! `--default-artifact-root`: clients keep the artifacts of new experiments themselves, and the server shows them.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use trackline_testbucket::Bucket;

use crate::project::Project;
use crate::served::{Served, get, post};

/// A server whose clients write below `root`, with other settings as given.
fn served(command: &mut Command, root: &str) -> Served {
    Served::start(command.args(["server", "--port", "0", "--default-artifact-root", root]))
}

/// Starts a run; its id, and where it has its artifacts.
fn run(address: &str, experiment: &str) -> (String, String) {
    let body = json!({ "experiment_id": experiment, "start_time": 1 });
    let info = post(address, "runs/create", &body).1["run"]["info"].clone();
    let text = |key: &str| info[key].as_str().unwrap().to_owned();
    (text("run_id"), text("artifact_uri"))
}

/// Status and text of a file of a run.
fn file(address: &str, run_id: &str, path: &str) -> (u16, String) {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let url = format!("{address}/get-artifact?run_id={run_id}&path={path}");
    let mut answer = agent.get(&url).call().unwrap();
    (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
}

fn listed(address: &str, run_id: &str, path: &str) -> Value {
    get(address, &format!("artifacts/list?run_id={run_id}&path={path}")).1["files"].clone()
}

fn write(file: &Path, text: &str) {
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, text).unwrap();
}

#[test]
fn what_clients_write_to_a_folder_is_shown() {
    let project = Project::empty();
    let root = project.path().canonicalize().unwrap().join("artifacts");
    let server = served(&mut project.command(&[]), "./artifacts");
    let address = server.address.as_str();
    let made = post(address, "experiments/create", &json!({ "name": "e" })).1;
    let experiment = made["experiment_id"].as_str().unwrap();
    let (run_id, uri) = run(address, experiment);
    assert_eq!(Path::new(&uri), root.join(experiment).join(&run_id).join("artifacts"));
    assert!(run(address, "0").1.starts_with(root.join("0").to_str().unwrap()));

    write(&Path::new(&uri).join("model/MLmodel"), "flavors: {}");
    assert_eq!(listed(address, &run_id, ""), json!([{ "path": "model", "is_dir": true }]));
    let inner = json!([{ "path": "model/MLmodel", "is_dir": false, "file_size": 11 }]);
    assert_eq!(listed(address, &run_id, "model"), inner);
    assert_eq!(file(address, &run_id, "model/MLmodel"), (200, "flavors: {}".to_owned()));
    assert_eq!(file(address, &run_id, "model").0, 400);
    assert_eq!(file(address, &run_id, "none").0, 404);

    let url = format!("{address}/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run_id}&path=page/c.txt");
    ureq::post(&url).send("from a page").unwrap();
    assert_eq!(std::fs::read(Path::new(&uri).join("page/c.txt")).unwrap(), b"from a page");

    write(&project.path().join("secret"), "hidden");
    let outside = json!({ "name": "outside", "artifact_location": project.path() });
    let outside = post(address, "experiments/create", &outside).1;
    let (other, place) = run(address, outside["experiment_id"].as_str().unwrap());
    write(&Path::new(&place).join("secret"), "hidden");
    let (status, text) = file(address, &other, "secret");
    assert!(status == 400 && text.contains("not kept by this server"), "{status} {text}");

    post(address, "registered-models/create", &json!({ "name": "m" }));
    let version = |source: String| {
        post(address, "model-versions/create", &json!({ "name": "m", "source": source, "run_id": run_id })).0
    };
    assert_eq!(version(format!("{uri}/model")), 200);
    assert_eq!(version(format!("file://{uri}/model/..")), 200);
    assert_eq!(version(format!("{uri}/../secret")), 400);
    assert_eq!(version("model".to_owned()), 400);
    server.end();
}

#[test]
fn what_clients_write_to_a_bucket_is_shown() {
    let (project, bucket) = (Project::empty(), Bucket::new());
    let root = bucket.uri("team");
    let server =
        served(project.command(&[]).envs(bucket.settings()).env("MLFLOW_SERVE_ARTIFACTS", "0"), &root);
    let address = server.address.as_str();
    let (run_id, uri) = run(address, "0");
    assert_eq!(uri, format!("{root}/0/{run_id}/artifacts"));
    assert_eq!(listed(address, &run_id, ""), Value::Null);
    write(&bucket.file(format!("team/0/{run_id}/artifacts/a.txt")), "first");
    write(&bucket.file(format!("team/0/{run_id}/artifacts/plots/b.png")), "second");
    let files = json!([
        { "path": "a.txt", "is_dir": false, "file_size": 5 },
        { "path": "plots", "is_dir": true },
    ]);
    assert_eq!(listed(address, &run_id, ""), files);
    assert_eq!(file(address, &run_id, "plots/b.png"), (200, "second".to_owned()));
    assert_eq!(file(address, &run_id, "none").0, 404);
    server.end();
}

/// Deletes a run, and removes for good what was deleted, by the command with this root if any.
fn removed(
    project: &Project,
    address: &str,
    run_id: &str,
    command: &mut Command,
    root: Option<&str>,
) -> String {
    assert_eq!(post(address, "runs/delete", &json!({ "run_id": run_id })).0, 200);
    command.args(["gc", "--older-than", "0s"]);
    project.finish(command.args(root.map(|root| ["--default-artifact-root", root]).into_iter().flatten()))
}

#[test]
fn files_in_a_folder_go_with_their_run() {
    let project = Project::empty();
    let server = served(&mut project.command(&[]), "./artifacts");
    let address = server.address.as_str();
    let runs = [run(address, "0"), run(address, "0"), run(address, "0")];
    for (_, uri) in &runs {
        write(&Path::new(uri).join("model/MLmodel"), "flavors: {}");
    }
    let [(first, its_files), (kept, kept_files), (last, left)] = &runs;
    let gc = |run_id: &str, root| removed(&project, address, run_id, &mut project.command(&[]), root);
    assert!(!gc(first, Some("./artifacts")).contains("elsewhere"));
    assert!(!Path::new(its_files).parent().unwrap().exists());
    assert!(gc(last, None).contains("The files of 1 of these lie elsewhere"));
    assert!(Path::new(left).join("model/MLmodel").exists());
    assert!(Path::new(kept_files).join("model/MLmodel").exists());
    assert_eq!(file(address, kept, "model/MLmodel").0, 200);
    server.end();
}

#[test]
fn files_of_a_run_that_cannot_be_removed_keep_no_others() {
    let project = Project::empty();
    let server = served(&mut project.command(&[]), "./artifacts");
    let address = server.address.as_str();
    let runs = [run(address, "0"), run(address, "0"), run(address, "0")];
    let [before, linked, after] = runs.each_ref().map(|(_, uri)| Path::new(uri).parent().unwrap());
    for folder in [before, after] {
        write(&folder.join("artifacts/a.txt"), "a");
    }
    write(&project.path().join("other/artifacts/a.txt"), "another's");
    std::os::unix::fs::symlink(project.path().join("other"), linked).unwrap();
    for (run_id, _) in &runs {
        assert_eq!(post(address, "runs/delete", &json!({ "run_id": run_id })).0, 200);
    }
    let gc = ["gc", "--older-than", "0s", "--default-artifact-root", "./artifacts"];
    let done = project.command(&gc).output().unwrap();
    assert!(
        !done.status.success() && String::from_utf8_lossy(&done.stderr).contains("Invalid path"),
        "{done:?}"
    );
    assert!(!before.exists() && !after.exists());
    assert!(project.path().join("other/artifacts/a.txt").exists());
    server.end();
}

#[test]
fn files_in_a_bucket_go_with_their_run() {
    let (project, bucket) = (Project::empty(), Bucket::new());
    let root = bucket.uri("team");
    let server =
        served(project.command(&[]).envs(bucket.settings()).env("MLFLOW_SERVE_ARTIFACTS", "0"), &root);
    let address = server.address.as_str();
    let [(gone, _), (kept, _)] = [run(address, "0"), run(address, "0")];
    let of = |run_id: &str, path: &str| bucket.file(format!("team/0/{run_id}/artifacts/{path}"));
    for run_id in [&gone, &kept] {
        write(&of(run_id, "a.txt"), "first");
        write(&of(run_id, "plots/b.png"), "second");
    }
    removed(&project, address, &gone, project.command(&[]).envs(bucket.settings()), Some(&root));
    assert!(!of(&gone, "a.txt").exists() && !of(&gone, "plots/b.png").exists());
    assert!(of(&kept, "a.txt").exists() && of(&kept, "plots/b.png").exists());
    server.end();
}
