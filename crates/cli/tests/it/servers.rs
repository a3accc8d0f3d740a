//! Commands about what is on a server.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use insta::assert_snapshot;

use crate::project::Project;

/// `trackline server` on the store of a project; killed at the end of a test.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(project: &Project) -> Self {
        let mut command: Command = project.command(&["server", "--port", "0"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.map(Result::unwrap).find(|line| line.starts_with("Look at ")).unwrap();
        let address = line.split(' ').nth(2).unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn runs_of_a_server_are_listed_shown_and_compared() {
    let project = Project::new();
    project.run('a', "baseline", &[("lr", "0.1")], &[("loss", 0.5)]);
    project.run('b', "wider", &[("lr", "0.2")], &[("loss", 0.25)]);
    let served = Served::start(&project);
    for args in [
        &["runs", "list"] as &[&str],
        &["runs", "show", "wider"],
        &["runs", "diff", "aa", "bb", "--json"],
        &["experiments", "list"],
        &["runs", "list", "--filter", "metrics.loss < 0.3", "--json"],
    ] {
        let here = project.transcript(args);
        let there = project.transcript(&[args, &["--store", &served.address]].concat());
        assert_eq!(there, here, "{args:?}");
    }
    let missing = project.transcript(&["runs", "show", "none", "--store", &served.address]);
    assert_snapshot!(missing.replace(&served.address, "SERVER"), @r"
    error: no run has the id or name 'none' in SERVER
    hint: `trackline runs list` lists runs; --store chooses another store
    [exit code 1]
    ");
}
