use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};

use serde_json::Value;

/// `trackline server` in a process of its own; killed at the end of a test.
pub struct Served {
    child: Child,
    /// `http://127.0.0.1:port`
    pub address: String,
}

impl Served {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.map(Result::unwrap).find(|line| line.starts_with("Look at ")).unwrap();
        let address = line.split(' ').nth(2).unwrap().to_owned();
        Self { child, address }
    }

    /// What it writes there, if that was piped.
    pub fn stderr(&mut self) -> ChildStderr {
        self.child.stderr.take().unwrap()
    }

    /// Asks it to end, and waits until it has.
    pub fn end(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }

    /// As the kernel would, or a power cut.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Calls one of MLflow's endpoints: status and body of the answer; status 0 if there was none.
pub fn post(address: &str, path: &str, body: &Value) -> (u16, Value) {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let url = format!("{address}/api/2.0/mlflow/{path}");
    let sent = agent.post(&url).content_type("application/json").send(body.to_string());
    answered(sent)
}

/// A GET of one of MLflow's endpoints.
pub fn get(address: &str, path_and_query: &str) -> (u16, Value) {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    answered(agent.get(format!("{address}/api/2.0/mlflow/{path_and_query}")).call())
}

fn answered(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> (u16, Value) {
    let Ok(mut answer) = answer else { return (0, Value::Null) };
    let body = answer.body_mut().with_config().limit(1 << 30).read_to_string();
    match body {
        Ok(text) => (answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)),
        Err(_) => (0, Value::Null),
    }
}
