use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use insta::assert_snapshot;
use serde_json::json;

use crate::project::Project;
use crate::served::{Served, post};

/// The command while it serves; killed when a test fails.
struct Serving {
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
    }
}

impl Serving {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn end(mut self, signal: &str) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn ui_makes_a_store_serves_it_and_ends_at_a_signal() {
    let project = Project::empty();
    for (signal, first) in [("-INT", "There was no store here: made "), ("-TERM", "Showing ")] {
        let mut serving = Serving::start(&mut project.command(&["ui", "--port", "0"]));
        let line = serving.line();
        assert!(line.starts_with(first) && line.ends_with(".trackline"), "{line}");
        let line = serving.line();
        let address =
            line.strip_prefix("Look at http://").unwrap().strip_suffix(" (Ctrl-C ends it)").unwrap();
        assert!(address.starts_with("127.0.0.1:"), "{line}");
        assert!(get(address, "/health").starts_with("HTTP/1.1 200 OK\r\n"));
        assert_eq!(serving.end(signal), Some(0), "{signal}");
    }
}

#[test]
fn on_other_networks_the_lack_of_authentication_is_said() {
    let project = Project::new();
    let open = ["server", "--host", "0.0.0.0", "--port", "0", "--no-auth"];
    let mut serving = Serving::start(&mut project.command(&open));
    serving.line();
    assert!(serving.line().starts_with("Look at http://127.0.0.1:"));
    assert_eq!(serving.line(), "There is no authentication: whoever reaches this port may read and write.");
    assert_eq!(serving.end("-TERM"), Some(0));
}

#[test]
fn other_networks_are_refused_without_a_token() {
    let project = Project::new();
    assert_snapshot!(project.transcript(&["server", "--host", "0.0.0.0", "--port", "0"]), @r"
    error: 0.0.0.0 is reached from other machines, and without a token everybody there may read and write.
    hint: set TRACKLINE_SERVER_TOKEN to a secret that clients must send, or say --no-auth
    [exit code 2]
    ");
}

#[test]
fn a_token_is_asked_of_every_request() {
    let project = Project::new();
    let mut command = project.command(&["server", "--host", "0.0.0.0", "--port", "0"]);
    let mut serving = Serving::start(command.env("TRACKLINE_SERVER_TOKEN", "s3cret"));
    serving.line();
    let line = serving.line();
    let address = line.strip_prefix("Look at http://").unwrap().strip_suffix(" (Ctrl-C ends it)").unwrap();
    assert!(get(address, "/").starts_with("HTTP/1.1 401 "), "{line}");
    assert_eq!(serving.end("-TERM"), Some(0));
}

#[test]
fn host_and_port_may_come_from_the_environment() {
    let project = Project::new();
    let mut command = project.command(&["server"]);
    let mut serving = Serving::start(command.env("MLFLOW_HOST", "localhost").env("MLFLOW_PORT", "0"));
    serving.line();
    assert!(serving.line().starts_with("Look at http://"));
    assert_eq!(serving.end("-INT"), Some(0));
}

#[test]
fn a_port_in_use_is_named_and_no_store_is_made() {
    let project = Project::empty();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let shown = project.transcript(&["ui", "--port", &port.to_string()]);
    let shown =
        shown.replace(&format!("--port {}", port + 1), "--port NEXT").replace(&port.to_string(), "PORT");
    assert_snapshot!(shown, @r"
    error: port PORT of 127.0.0.1 is in use
    hint: stop what listens there, or choose another port: --port NEXT
    [exit code 1]
    ");
    assert!(!project.path().join(".trackline").exists());
}

#[test]
fn a_store_that_cannot_be_made_is_an_error() {
    let project = Project::empty();
    std::fs::write(project.path().join("file"), "in the way").unwrap();
    assert_snapshot!(project.transcript(&["ui", "--port", "0", "--store", "file/store"]), @r"
    error: Cannot open the store PROJECT/file/store: Not a directory (os error 20).
    [exit code 1]
    ");
}

#[test]
fn the_command_line_of_mlflow_server_is_understood() {
    let project = Project::empty();
    let mut serving = Serving::start(&mut project.command(&[
        "server",
        "--backend-store-uri",
        "sqlite:///mlflow.db",
        "--default-artifact-root",
        "./artifacts",
        "--artifacts-destination",
        "./destination",
        "-h",
        "localhost",
        "-w",
        "4",
        "-p",
        "0",
        "--uvicorn-opts",
        "--timeout-keep-alive 5",
        "--gunicorn-opts",
        "--log-level debug",
        "--waitress-opts",
        "--threads 4",
        "--allowed-hosts",
        "mlflow.example.com,*.corp",
        "--cors-allowed-origins",
        "https://app.example.com",
        "--x-frame-options",
        "none",
        "--static-prefix",
        "",
        "--registry-store-uri",
        "sqlite:///mlflow.db",
        "--serve-artifacts",
        "--expose-prometheus",
        "./metrics",
        "--dev",
    ]));
    let line = serving.line();
    assert!(line.ends_with("mlflow.trackline"), "{line}");
    serving.line();
    assert_eq!(serving.end("-TERM"), Some(0));
    assert!(project.path().join("mlflow.trackline/trackline.db").exists());
}

#[test]
fn what_cannot_be_had_is_refused() {
    let project = Project::empty();
    assert_snapshot!(project.transcript(&["server", "--no-serve-artifacts"]), @r"
    error: --no-serve-artifacts: clients are to write artifacts themselves, but where is not said
    hint: give --default-artifact-root s3://BUCKET/PREFIX, or a folder that all clients see
    [exit code 2]
    ");
    assert_snapshot!(project.finish(project.command(&["server"]).env("MLFLOW_ARTIFACTS_ONLY", "true")), @r"
    error: --artifacts-only: the server serves runs and artifacts
    hint: leave it out
    [exit code 2]
    ");
    assert_snapshot!(project.finish(project.command(&["server"]).env("MLFLOW_ENABLE_WORKSPACES", "1")), @r"
    error: --enable-workspaces: there is one workspace
    hint: start one server for each
    [exit code 2]
    ");
    assert_snapshot!(project.transcript(&["--env-file", ".env", "server"]), @r"
    error: --env-file: the environment is taken as the command finds it
    hint: set it before, in a shell with: set -a; . FILE; set +a
    [exit code 2]
    ");
    assert_snapshot!(project.transcript(&["server", "--cors-allowed-origins", "app.example.com"]), @r"
    error: 'app.example.com' is no origin of a page: write it as browsers do, such as https://app.example.com, without a path; or *.
    [exit code 2]
    ");
}

#[test]
fn the_server_answers_below_a_prefix() {
    let project = Project::new();
    let mut serving =
        Serving::start(&mut project.command(&["server", "--port", "0", "--static-prefix", "/mlflow/"]));
    serving.line();
    let line = serving.line();
    let address =
        line.strip_prefix("Look at http://").unwrap().strip_suffix("/mlflow (Ctrl-C ends it)").unwrap();
    assert!(get(address, "/mlflow/health").starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(get(address, "/health").starts_with("HTTP/1.1 404 "));
    assert_eq!(serving.end("-TERM"), Some(0));
}

#[test]
fn long_values_are_cut_or_refused() {
    let project = Project::empty();
    let run = |address: &str| {
        post(address, "runs/create", &json!({ "experiment_id": "0" })).1["run"]["info"]["run_id"].clone()
    };
    let log = |address: &str| {
        let param = json!({ "run_id": run(address), "key": "p", "value": "x".repeat(6_001) });
        let tag = json!({ "run_id": run(address), "key": "t", "value": "x".repeat(8_001) });
        [post(address, "runs/log-parameter", &param), post(address, "runs/set-tag", &tag)]
    };
    let cutting = Served::start(&mut project.command(&["server", "--port", "0"]));
    assert!(log(&cutting.address).iter().all(|(status, _)| *status == 200));
    cutting.end();
    let refusing = Served::start(
        project.command(&["server", "--port", "0"]).env("MLFLOW_TRUNCATE_LONG_VALUES", "false"),
    );
    for (status, body) in log(&refusing.address) {
        let message = body["message"].as_str().unwrap_or_default();
        assert!(status == 400 && message.contains("exceeds the maximum length"), "{status} {body}");
    }
    refusing.end();
}
