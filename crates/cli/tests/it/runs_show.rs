use insta::assert_snapshot;
use trackline_journal::{Event, Record};
use trackline_model::{Dataset, DatasetInput, Param, Tag};

use crate::project::{Project, metric};

/// A run with something of everything, logged by calls and by hooks.
fn full_run() -> Project {
    let project = Project::new();
    let run_id = project.run('a', "bold-fox", &[("depth", "3")], &[("loss", 0.5)]);
    let store = project.store();
    for (step, value) in [(1, 0.25), (2, 0.125), (3, 0.375)] {
        store.log_batch(&run_id, &[metric("loss", value, step)], &[], &[]).unwrap();
    }
    project.tag(&run_id, "team", "vision");
    project.tag(&run_id, "mlflow.note.content", "The first try.");
    let dataset = Dataset {
        name: "iris".into(),
        digest: "0a1b2c3d".into(),
        source_type: "code".into(),
        source: "{}".into(),
        schema: None,
        profile: None,
    };
    let tags = vec![Tag { key: "mlflow.data.context".into(), value: "train".into() }];
    store.log_inputs(&run_id, &[DatasetInput { dataset, tags }], &[]).unwrap();
    let blob = store.blobs().put(&b"name: model"[..]).unwrap();
    for path in ["model/MLmodel", "importance.png"] {
        store.put_artifact(&format!("0/{run_id}/artifacts/{path}"), &blob).unwrap();
    }
    let document = |kind: &str, text: &str| {
        let digest = store.blobs().put(text.as_bytes()).unwrap().digest;
        Record::Event(Event::Document { run_id: run_id.clone(), kind: kind.into(), digest })
    };
    let param = |key: &str, value: &str, source: &str, confidence| {
        let params = vec![Param { key: key.into(), value: value.into() }];
        Record::Event(Event::Params {
            run_id: run_id.clone(),
            params,
            time: 0,
            source: source.into(),
            confidence,
        })
    };
    let records = [
        param("n_estimators", "100", "xgboost.fit", Some(0.9)),
        param("depth", "4", "user", None),
        document(
            "environment",
            r#"{"python": {"version": "3.11.4"}, "os": "Debian 13", "hostname": "box", "cpu": {"model": "Ryzen", "cores": 8},
                "memory_bytes": 34359738368, "gpus": [], "packages": [{"name": "numpy", "version": "2.4.0"}], "argv": ["train.py", "--lr=1"]}"#,
        ),
        document("git", r#"{"commit": "0123456789abcdef", "branch": "main", "dirty": true}"#),
    ];
    store.apply("journal", 1, &records).unwrap();
    project
}

#[test]
fn everything_about_a_run() {
    assert_snapshot!(full_run().transcript(&["runs", "show", "aaaa"]), @r"
    bold-fox
      id           aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      experiment   Default (0)
      status       FINISHED
      started      2025-01-31 12:10:00
      duration     1 min 30 s
      user         ada
      artifacts    mlflow-artifacts:/0/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/artifacts
      description  The first try.

    params
      depth         4
      n_estimators  100

    metrics
            latest    min  max  step  points
      loss   0.375  0.125  0.5     3       4

    tags
      team  vision

    datasets
            digest    context
      iris  0a1b2c3d  train

    artifacts
      importance.png  11 B
      model/MLmodel   11 B

    environment
      python    3.11.4
      os        Debian 13
      host      box
      cpu       Ryzen, 8 cores
      memory    34.4 GB
      packages  1 (--json lists them)
      command   train.py --lr=1
      git       0123456789 on main, with uncommitted changes
    ");
}

#[test]
fn why_names_the_source_of_each_item() {
    assert_snapshot!(full_run().transcript(&["runs", "show", "bold-fox", "--why"]), @r"
    bold-fox
      id           aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
      experiment   Default (0)
      status       FINISHED
      started      2025-01-31 12:10:00
      duration     1 min 30 s
      user         ada
      artifacts    mlflow-artifacts:/0/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/artifacts
      description  The first try.

    params
                         from                     before
      depth         4    user                     3
      n_estimators  100  xgboost.fit (90 % sure)

    metrics
            latest    min  max  step  points  from
      loss   0.375  0.125  0.5     3       4  user

    tags
                    from
      team  vision  user

    datasets
            digest    context  from
      iris  0a1b2c3d  train    user

    artifacts
                            from
      importance.png  11 B  user
      model/MLmodel   11 B  user

    environment
      python    3.11.4
      os        Debian 13
      host      box
      cpu       Ryzen, 8 cores
      memory    34.4 GB
      packages  1 (--json lists them)
      command   train.py --lr=1
      git       0123456789 on main, with uncommitted changes
    ");
}

#[test]
fn json() {
    let output = full_run().command(&["runs", "show", "bold-fox", "--json"]).output().unwrap().stdout;
    let run: serde_json::Value = serde_json::from_slice(&output).unwrap();
    assert_eq!(run["run_id"], "a".repeat(32));
    assert_eq!(run["metric_summaries"]["loss"]["min"], 0.125);
    assert_eq!(run["metric_summaries"]["loss"]["count"], 4);
    assert_eq!(run["datasets"][0]["context"], "train");
    assert_eq!(run["artifacts"][1]["path"], "model/MLmodel");
    assert_eq!(run["environment"]["packages"][0]["name"], "numpy");
    assert_eq!(run["git"]["branch"], "main");
}

#[test]
fn an_unknown_run_is_said() {
    assert_snapshot!(Project::new().transcript(&["runs", "show", "nosuchrun"]), @r"
    error: no run has the id or name 'nosuchrun' in PROJECT/.trackline
    hint: `trackline runs list` lists runs; --store chooses another store
    [exit code 1]
    ");
    assert_snapshot!(Project::new().transcript(&["runs", "show", "it's % not / there"]), @r"
    error: no run has the id or name 'it's % not / there' in PROJECT/.trackline
    hint: `trackline runs list` lists runs; --store chooses another store
    [exit code 1]
    ");
}

#[test]
fn of_several_runs_the_candidates_are_listed() {
    let project = Project::new();
    project.run('1', "twin", &[], &[]);
    project.run('2', "twin", &[], &[]);
    assert_snapshot!(project.transcript(&["runs", "show", "twin"]), @r"
    error: 'twin' may be several runs:
      22222222222222222222222222222222  twin  FINISHED  2025-01-31
      11111111111111111111111111111111  twin  FINISHED  2025-01-31
    hint: give more of the id, such as 22222222
    [exit code 1]
    ");
}

#[test]
fn a_deleted_run_is_found_if_no_other_is_meant() {
    let project = Project::new();
    let deleted = project.run('1', "twin", &[], &[]);
    project.store().delete_run(&deleted).unwrap();
    assert!(project.transcript(&["runs", "show", "twin"]).contains(&deleted));
    let kept = project.run('2', "twin", &[], &[]);
    assert!(project.transcript(&["runs", "show", "twin"]).contains(&kept));
}

#[test]
fn a_run_that_failed_says_why() {
    let project = Project::new();
    let run_id = project.run('a', "bold-fox", &[], &[]);
    project.tag(&run_id, "trackline.exit", "exception");
    project.tag(&run_id, "trackline.exit_reason", "ValueError: no");
    let store = project.store();
    let text = "Traceback (most recent call last):\n  File \"train.py\", line 1\nValueError: no\n";
    let digest = store.blobs().put(text.as_bytes()).unwrap().digest;
    let document = Event::Document { run_id, kind: "traceback".into(), digest };
    store.apply("journal", 1, &[Record::Event(document)]).unwrap();
    let shown = project.transcript(&["runs", "show", "aaaa"]);
    assert!(shown.contains("\n  reason      ValueError: no\n"), "{shown}");
    assert!(shown.contains("\ntraceback\n  Traceback (most recent call last):\n    File"), "{shown}");
}

#[test]
fn what_the_machine_did_stands_apart() {
    let project = Project::new();
    project.run('1', "watched", &[], &[("system/cpu_utilization_percentage", 97.5), ("loss", 0.5)]);
    let shown = project.transcript(&["runs", "show", "watched"]);
    let (_, sections) = shown.split_once("\n\n").unwrap();
    assert_snapshot!(sections, @r"
    metrics
            latest  min  max  step  points
      loss     0.5  0.5  0.5     0       1

    system
                                         latest   min   max  step  points
      system/cpu_utilization_percentage    97.5  97.5  97.5     0       1
    ");
}

#[test]
fn what_tracking_cost_is_shown() {
    let project = Project::new();
    let run_id = project.run('a', "baseline", &[], &[]);
    project.tag(&run_id, "trackline.overhead_ms", "450.000");
    project.tag(&run_id, "trackline.shed", "statistics");
    let shown = project.transcript(&["runs", "show", "baseline"]);
    assert!(shown.contains("tracking    450 ms, 0.5 % of the time; left out: statistics"), "{shown}");
}

#[test]
fn data_is_compared_with_that_of_the_run_before() {
    let project = Project::new();
    let column = |from: f64| {
        let deciles: Vec<f64> = (1..10).map(|tenth| from + f64::from(tenth)).collect();
        serde_json::json!({"name": "age", "min": from, "max": from + 10.0, "deciles": deciles, "ranked": 1000})
    };
    let fields = |names: &[&str]| -> Vec<_> {
        names.iter().map(|name| serde_json::json!({"name": name, "type": "double"})).collect()
    };
    for (letter, digest, names, from) in [
        ('a', "d1", &["age"][..], 0.0),
        ('b', "d2", &["age", "income"], 5.0),
        ('c', "d2", &["age", "income"], 5.0),
    ] {
        let run_id = project.run(letter, &format!("run-{letter}"), &[], &[]);
        let dataset = Dataset {
            name: "X".into(),
            digest: digest.into(),
            source_type: "code".into(),
            source: "{}".into(),
            schema: Some(serde_json::json!({"mlflow_colspec": fields(names)}).to_string()),
            profile: Some(serde_json::json!({"columns": [column(from)]}).to_string()),
        };
        project.store().log_inputs(&run_id, &[DatasetInput { dataset, tags: Vec::new() }], &[]).unwrap();
    }
    let shown = |run: &str| project.transcript(&["runs", "show", run]);
    assert!(!shown("aaaa").contains("drift"));
    assert!(shown("bbbb").contains("X  since run-a: age moved (PSI "), "{}", shown("bbbb"));
    assert!(shown("bbbb").contains("), income added"));
    assert!(shown("cccc").contains("X  as in run-b"), "{}", shown("cccc"));
}
