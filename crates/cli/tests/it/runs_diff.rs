use insta::assert_snapshot;
use trackline_journal::{Event, Record};

use crate::project::Project;

fn two_runs() -> Project {
    let project = Project::new();
    let first = project.run(
        '1',
        "baseline",
        &[("depth", "3"), ("seed", "1")],
        &[("accuracy", 0.9), ("loss", 0.5), ("system/cpu", 3.0)],
    );
    let second =
        project.run('2', "deeper", &[("depth", "8"), ("seed", "1")], &[("accuracy", 0.93), ("f1", 0.5)]);
    project.tag(&second, "team", "vision");
    let store = project.store();
    for (run_id, numpy, commit) in [(first, "2.3.0", "aaaaaaaaaaaa"), (second, "2.4.0", "bbbbbbbbbbbb")] {
        let document = |kind: &str, text: String| {
            let digest = store.blobs().put(text.as_bytes()).unwrap().digest;
            Record::Event(Event::Document { run_id: run_id.clone(), kind: kind.into(), digest })
        };
        let packages = format!(
            r#"{{"os": "Debian 13", "packages": [{{"name": "numpy", "version": "{numpy}"}}, {{"name": "scipy", "version": "1.17"}}]}}"#
        );
        let git = format!(r#"{{"commit": "{commit}", "branch": "main", "dirty": false}}"#);
        store.apply(&run_id, 1, &[document("environment", packages), document("git", git)]).unwrap();
    }
    project
}

#[test]
fn what_differs_between_two_runs() {
    assert_snapshot!(two_runs().transcript(&["runs", "diff", "baseline", "deeper"]), @r"
    11111111  baseline  FINISHED
    22222222  deeper    FINISHED

    params
             11111111  22222222
      depth  3         8

    metrics
                11111111  22222222  change
      accuracy       0.9      0.93   +0.03
      f1               -       0.5
      loss           0.5         -

    tags
            11111111  22222222
      team  -         vision

    environment
                     11111111            22222222
      git            aaaaaaaaaa on main  bbbbbbbbbb on main
      package numpy  2.3.0               2.4.0
    ");
}

#[test]
fn more_runs_stand_side_by_side() {
    let project = two_runs();
    project.run('3', "deepest", &[("depth", "9"), ("seed", "1")], &[]);
    assert_snapshot!(project.transcript(&["runs", "diff", "1111", "2222", "3333"]), @r"
    11111111  baseline  FINISHED
    22222222  deeper    FINISHED
    33333333  deepest   FINISHED

    params
             11111111  22222222  33333333
      depth  3         8         9

    metrics
                11111111  22222222  33333333
      accuracy       0.9      0.93         -
      f1               -       0.5         -
      loss           0.5         -         -

    tags
            11111111  22222222  33333333
      team  -         vision    -

    environment
                     11111111            22222222            33333333
      git            aaaaaaaaaa on main  bbbbbbbbbb on main  -
      os             Debian 13           Debian 13           -
      package numpy  2.3.0               2.4.0               -
      package scipy  1.17                1.17                -
    ");
}

#[test]
fn equal_runs() {
    let project = Project::new();
    project.run('1', "one", &[("depth", "3")], &[]);
    project.run('2', "two", &[("depth", "3")], &[]);
    assert_snapshot!(project.transcript(&["runs", "diff", "one", "two"]), @r"
    11111111  one  FINISHED
    22222222  two  FINISHED

    No difference in params, metrics, tags, environment.
    ");
}

#[test]
fn json() {
    let output =
        two_runs().command(&["runs", "diff", "baseline", "deeper", "--json"]).output().unwrap().stdout;
    let diff: serde_json::Value = serde_json::from_slice(&output).unwrap();
    assert_eq!(diff["runs"][1]["name"], "deeper");
    assert_eq!(diff["params"], serde_json::json!({"depth": ["3", "8"]}));
    assert_eq!(diff["metrics"]["f1"], serde_json::json!([null, 0.5]));
    assert_eq!(diff["environment"]["package numpy"], serde_json::json!(["2.3.0", "2.4.0"]));
}

#[test]
fn each_run_must_be_known() {
    let shown = two_runs().transcript(&["runs", "diff", "baseline", "nosuchrun"]);
    assert!(shown.starts_with("error: no run has the id or name 'nosuchrun'"), "{shown}");
    assert!(shown.ends_with("[exit code 1]"), "{shown}");
}
