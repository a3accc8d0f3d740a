//! Commands about what is on a server.

use insta::assert_snapshot;

use crate::project::Project;
use crate::served::Served;

#[test]
fn runs_of_a_server_are_listed_shown_and_compared() {
    let project = Project::new();
    project.run('a', "baseline", &[("lr", "0.1")], &[("loss", 0.5)]);
    project.run('b', "wider", &[("lr", "0.2")], &[("loss", 0.25)]);
    let served = Served::start(&mut project.command(&["server", "--port", "0"]));
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
