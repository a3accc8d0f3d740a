use insta::assert_snapshot;
use trackline_model::RunStatus;

use trackline_journal::{Event, ExperimentRef, Record, Writer};

use crate::project::{NOON, Project};

fn three_runs() -> Project {
    let project = Project::new();
    project.run('1', "small", &[("depth", "2")], &[("accuracy", 0.9), ("loss", 0.5)]);
    project.run(
        '2',
        "medium",
        &[("depth", "4")],
        &[("accuracy", 0.954_545_454), ("loss", f64::NAN), ("system/cpu", 3.0)],
    );
    project.run(
        '3',
        "a rather long name of a run",
        &[("depth", "8")],
        &[("accuracy", 0.9), ("val/loss", 1e-7)],
    );
    project
}

#[test]
fn runs_are_listed_latest_first() {
    assert_snapshot!(three_runs().transcript(&["runs", "list"]), @r"
    id        name                         status       started    duration  experiment  accuracy  loss  val/loss
    33333333  a rather long name of a run  FINISHED  2025-01-31  1 min 30 s  Default          0.9     -      1e-7
    22222222  medium                       FINISHED  2025-01-31  1 min 30 s  Default     0.954545   NaN         -
    11111111  small                        FINISHED  2025-01-31  1 min 30 s  Default          0.9   0.5         -
    ");
}

#[test]
fn a_narrow_terminal_shows_fewer_metrics() {
    let project = three_runs();
    assert_snapshot!(project.finish(project.command(&["runs", "list"]).env("COLUMNS", "80")), @r"
    id        name            status       started    duration  experiment  accuracy
    33333333  a rather long…  FINISHED  2025-01-31  1 min 30 s  Default          0.9
    22222222  medium          FINISHED  2025-01-31  1 min 30 s  Default     0.954545
    11111111  small           FINISHED  2025-01-31  1 min 30 s  Default          0.9
    (2 more metrics; --json for all)
    ");
}

#[test]
fn filter_order_and_limit() {
    let project = three_runs();
    assert_snapshot!(project.transcript(&["runs", "list", "--filter", "params.depth != '8' AND metrics.`system/cpu` > 1"]), @r"
    id        name    status       started    duration  experiment  system/cpu  accuracy  loss
    22222222  medium  FINISHED  2025-01-31  1 min 30 s  Default              3  0.954545   NaN
    ");
    assert_snapshot!(project.transcript(&["runs", "list", "--order-by", "metrics.accuracy DESC", "--limit", "1"]), @r"
    id        name    status       started    duration  experiment  accuracy  loss
    22222222  medium  FINISHED  2025-01-31  1 min 30 s  Default     0.954545   NaN
    (the first 1 runs; --limit 5 for more)
    ");
    assert_eq!(
        project.transcript(&["runs", "list", "--filter", "params.depth = '3'"]),
        "No run meets this.\n"
    );
}

#[test]
fn a_bad_filter_is_pointed_at() {
    assert_snapshot!(Project::empty().transcript(&["runs", "list", "--filter", "metrics.acc == 1"]), @r"
    error: '==' is not an operator
      metrics.acc == 1
                  ^^
    hint: write =
    [exit code 2]
    ");
    assert_snapshot!(Project::empty().transcript(&["runs", "list", "--order-by", "accuracy"]), @r"
    error: Invalid attribute key 'accuracy'
      accuracy
      ^^^^^^^^
    hint: runs have run_id, run_name, status, artifact_uri, user_id, start_time, end_time; metrics, params and tags need their prefix: metrics.acc
    [exit code 2]
    ");
}

#[test]
fn runs_of_one_experiment() {
    let project = three_runs();
    let store = project.store();
    let iris = store.create_experiment("iris", None, &[]).unwrap();
    assert_eq!(project.transcript(&["runs", "list", "-e", "iris"]), "No run meets this.\n");
    assert_eq!(project.transcript(&["runs", "list", "-e", &iris.experiment_id]), "No run meets this.\n");
    assert_snapshot!(project.transcript(&["runs", "list", "-e", "roses"]), @r"
    error: no experiment has the name or id 'roses'
    hint: `trackline experiments list` lists them
    [exit code 1]
    ");
}

#[test]
fn json_holds_everything_that_was_logged() {
    let output = three_runs().command(&["runs", "list", "--json"]).output().unwrap().stdout;
    let runs: serde_json::Value = serde_json::from_slice(&output).unwrap();
    assert_eq!(runs.as_array().unwrap().len(), 3);
    assert_eq!(runs[1]["run_id"], "2".repeat(32));
    assert_eq!(runs[1]["experiment"], "Default");
    assert_eq!(runs[1]["params"]["depth"], "4");
    assert_eq!(runs[1]["metrics"]["accuracy"], 0.954_545_454);
    assert_eq!(runs[1]["metrics"]["loss"], "NaN");
}

#[test]
fn what_a_killed_process_left_in_its_journal_is_listed() {
    let project = Project::new();
    let journals = project.path().join(".trackline/journals");
    std::fs::create_dir_all(&journals).unwrap();
    let mut writer = Writer::create(&journals, "killed").unwrap();
    let started = Event::RunStarted {
        run_id: "d".repeat(32),
        experiment: ExperimentRef::Name("iris".into()),
        run_name: Some("cut-short".into()),
        user_id: "ada".into(),
        start_time: NOON,
        tags: Vec::new(),
    };
    writer.append(&[Record::Event(started)]).unwrap();
    assert_eq!(project.transcript(&["runs", "list"]), "There are no runs yet.\n");
    drop(writer);
    let listed = project.transcript(&["runs", "list"]);
    assert!(listed.contains("cut-short") && listed.contains("iris"), "{listed}");
}

/// A search with two candidates, one of which had a second fit, and a run of its own.
fn a_search() -> Project {
    let project = Project::new();
    project.run('1', "plain", &[], &[("loss", 0.5)]);
    let scores = |score| [("mean_fit_time", 0.1), ("split0_test_score", 0.7), ("mean_test_score", score)];
    let search = project.run('2', "search", &[], &[("best_cv_score", 0.9), ("a_count", 2.0)]);
    for (digit, score) in [('3', 0.8), ('4', 0.9)] {
        let candidate = project.run(digit, &format!("candidate {digit}"), &[], &scores(score));
        project.tag(&candidate, "mlflow.parentRunId", &search);
    }
    let second = project.run('5', "second fit", &[], &[]);
    project.tag(&second, "mlflow.parentRunId", &"3".repeat(32));
    project
}

#[test]
fn children_are_counted() {
    assert_snapshot!(a_search().transcript(&["runs", "list"]), @r"
    id        name    status       started    duration  experiment  children  best_cv_score  loss  a_count
    22222222  search  FINISHED  2025-01-31  1 min 30 s  Default            2            0.9     -        2
    11111111  plain   FINISHED  2025-01-31  1 min 30 s  Default                           -   0.5        -
    (--children shows those too)
    ");
}

#[test]
fn children_stand_below_their_parents_and_scores_before_times() {
    assert_snapshot!(a_search().transcript(&["runs", "list", "--children"]), @r"
    id        name            status       started    duration  experiment  mean_test_score  best_cv_score  loss  a_count  mean_fit_time  split0_test_score
    22222222  search          FINISHED  2025-01-31  1 min 30 s  Default                   -            0.9     -        2              -                  -
    33333333    candidate 3   FINISHED  2025-01-31  1 min 30 s  Default                 0.8              -     -        -            0.1                0.7
    55555555      second fit  FINISHED  2025-01-31  1 min 30 s  Default                   -              -     -        -              -                  -
    44444444    candidate 4   FINISHED  2025-01-31  1 min 30 s  Default                 0.9              -     -        -            0.1                0.7
    11111111  plain           FINISHED  2025-01-31  1 min 30 s  Default                   -              -   0.5        -              -                  -
    ");
}

#[test]
fn a_filter_finds_children_too() {
    let project = a_search();
    assert_snapshot!(project.transcript(&["runs", "list", "--filter", "metrics.mean_test_score > 0.5"]), @r"
    id        name         status       started    duration  experiment  mean_test_score  mean_fit_time  split0_test_score
    44444444  candidate 4  FINISHED  2025-01-31  1 min 30 s  Default                 0.9            0.1                0.7
    33333333  candidate 3  FINISHED  2025-01-31  1 min 30 s  Default                 0.8            0.1                0.7
    ");
    assert_snapshot!(project.transcript(&["runs", "list", "-c", "--filter", "run_name LIKE '%candidate 3' OR run_name = 'second fit'"]), @r"
    id        name          status       started    duration  experiment  mean_test_score  mean_fit_time  split0_test_score
    33333333  candidate 3   FINISHED  2025-01-31  1 min 30 s  Default                 0.8            0.1                0.7
    55555555    second fit  FINISHED  2025-01-31  1 min 30 s  Default                   -              -                  -
    ");
}

#[test]
fn a_run_that_nobody_hears_of_is_lost() {
    let project = Project::new();
    let run_id = project.run('a', "away", &[], &[]);
    project.store().update_run(&run_id, Some(RunStatus::Killed), None, None).unwrap();
    project.tag(&run_id, "trackline.exit", "lost");
    for args in [&["runs", "list"] as &[&str], &["runs", "show", "away"]] {
        assert!(project.transcript(args).contains("LOST"), "{args:?}");
    }
    assert!(project.transcript(&["runs", "list", "--json"]).contains(r#""status": "KILLED""#));
}
