use trackline_journal::{ArtifactOwner, Event, ExperimentRef, Record};
use trackline_model::{CapturedKind, LifecycleStage, LoggedModelStatus, ModelOutput, RunStatus, Tag};
use trackline_store::{RunQuery, Store};

use crate::support::{open, param, point, run, tag};

const RUN: &str = "11111111111111111111111111111111";

fn started(experiment: ExperimentRef, name: Option<&str>, start_time: i64, tags: Vec<Tag>) -> Record {
    Record::Event(Event::RunStarted {
        run_id: RUN.into(),
        experiment,
        run_name: name.map(Into::into),
        user_id: "ada".into(),
        start_time,
        tags,
    })
}

fn named(name: &str) -> ExperimentRef {
    ExperimentRef::Name(name.into())
}

fn series(number: u32, key: &str, source: &str) -> Record {
    let confidence = (source != "user").then_some(0.75);
    Record::Series { number, run_id: RUN.into(), key: key.into(), source: source.into(), confidence }
}

fn points(series: u32, steps: std::ops::Range<i64>) -> Vec<Record> {
    steps.map(|step| Record::Point { series, point: point(step, step, step as f64) }).collect()
}

#[test]
fn a_journal_is_written_once() {
    let store = open();
    assert_eq!(store.drained("j").unwrap(), 0);
    let mut records =
        vec![started(named("new"), Some("one"), 10, vec![tag("a", "b")]), series(0, "m", "user")];
    records.extend(points(0, 0..5));
    assert_eq!(store.apply("j", 100, &records).unwrap().applied, 7);
    assert_eq!(store.apply("j", 100, &records).unwrap().applied, 0);
    assert_eq!(store.drained("j").unwrap(), 100);
    // The number of a series holds for the whole journal, and for that one alone.
    store.apply("j", 200, &points(0, 5..8)).unwrap();
    let other = store.apply("other", 10, &points(0, 50..51)).unwrap();
    assert_eq!(other.skipped.len(), 1);
    assert_eq!(store.points(RUN, "m").unwrap().len(), 8);
    let run = store.get_run(RUN).unwrap();
    assert_eq!((run.info.run_name.as_str(), run.info.experiment_id.as_str()), ("one", "1"));
    assert_eq!(store.get_experiment_by_name("new").unwrap().creation_time, 10);
    store.forget_journal("j").unwrap();
    assert_eq!(store.drained("j").unwrap(), 0);
}

#[test]
fn a_second_start_keeps_the_earlier_start_and_the_first_name() {
    let store = open();
    store.apply("j", 1, &[started(named("e"), Some("first"), 10, vec![tag("a", "1")])]).unwrap();
    let again = started(named("other"), Some("second"), 5, vec![tag("a", "2"), tag("b", "3")]);
    store.apply("k", 1, &[again]).unwrap();
    let run = store.get_run(RUN).unwrap();
    assert_eq!((run.info.run_name.as_str(), run.info.start_time), ("first", 5));
    assert_eq!(run.data.tags, [tag("a", "2"), tag("b", "3"), tag("mlflow.runName", "first")]);
}

#[test]
fn a_run_ends_and_goes_on() {
    let store = open();
    let end = Event::RunEnded { run_id: RUN.into(), status: RunStatus::Failed, end_time: 20 };
    store.apply("j", 1, &[started(named("e"), None, 10, vec![]), Record::Event(end)]).unwrap();
    let info = store.get_run(RUN).unwrap().info;
    assert_eq!((info.status, info.end_time), (RunStatus::Failed, Some(20)));
    let resumed = Event::RunResumed { run_id: RUN.into(), time: 30 };
    store.apply("j", 2, &[Record::Event(resumed)]).unwrap();
    let info = store.get_run(RUN).unwrap().info;
    assert_eq!((info.status, info.end_time), (RunStatus::Running, None));
}

#[test]
fn no_run_is_lost_for_its_experiment() {
    let store = open();
    let id = store.create_experiment("gone", None, &[]).unwrap().experiment_id;
    store.delete_experiment(&id).unwrap();
    store.apply("j", 1, &[started(named("gone"), None, 1, vec![])]).unwrap();
    let info = store.get_run(RUN).unwrap().info;
    assert_eq!((info.experiment_id, info.lifecycle_stage), (id, LifecycleStage::Active));
    let store = open();
    store.apply("j", 1, &[started(ExperimentRef::Id("99".into()), None, 1, vec![])]).unwrap();
    assert_eq!(store.get_run(RUN).unwrap().info.experiment_id, "0");
}

#[test]
fn a_child_may_come_before_its_parent() {
    let store = open();
    let mut records = vec![
        series(0, "m", "user"),
        Record::Event(Event::Params {
            run_id: RUN.into(),
            params: vec![param("p", "v")],
            time: 1,
            source: "user".into(),
            confidence: None,
        }),
    ];
    records.extend(points(0, 0..3));
    records.push(Record::Point { series: 0, point: point(3, 3, f64::NAN) });
    let applied = store.apply("child", 1, &records).unwrap();
    assert_eq!((applied.waiting, applied.skipped.len()), (2, 0));
    store.apply("parent", 1, &[started(named("e"), None, 1, vec![])]).unwrap();
    let run = store.get_run(RUN).unwrap();
    assert_eq!(run.data.params, [param("p", "v")]);
    let points = store.points(RUN, "m").unwrap();
    assert_eq!(points.len(), 4);
    assert!(points[3].value.is_nan());
}

#[test]
fn a_bad_record_does_not_stop_those_behind_it() {
    let store = open();
    let bad = Event::Artifact {
        owner: ArtifactOwner::Run(RUN.into()),
        path: "../../other".into(),
        digest: "0".repeat(64),
        size: 1,
        time: 1,
        source: "user".into(),
    };
    let good = Event::Tags { run_id: RUN.into(), tags: vec![tag("a", "b")], source: "user".into() };
    let records = [started(named("e"), None, 1, vec![]), Record::Event(bad), Record::Event(good)];
    let applied = store.apply("j", 1, &records).unwrap();
    assert_eq!((applied.applied, applied.skipped.len()), (2, 1));
    assert!(applied.skipped[0].reason.contains("../../other"), "{:?}", applied.skipped);
    assert_eq!(store.get_run(RUN).unwrap().data.tags[0], tag("a", "b"));
}

#[test]
fn a_captured_tag_never_hides_one_of_the_user() {
    let store = open();
    let tags = |value: &str, source: &str| {
        let tags = vec![tag("t", value)];
        Record::Event(Event::Tags { run_id: RUN.into(), tags, source: source.into() })
    };
    let records = [
        started(named("e"), None, 1, vec![]),
        tags("captured", "git"),
        tags("mine", "user"),
        tags("late", "git"),
    ];
    store.apply("j", 1, &records).unwrap();
    assert_eq!(store.get_run(RUN).unwrap().data.tags[1], tag("t", "mine"));
    store.apply("j", 2, &[Record::Event(Event::TagDeleted { run_id: RUN.into(), key: "t".into() })]).unwrap();
    assert_eq!(store.get_run(RUN).unwrap().data.tags.len(), 1);
}

fn model_events(store: &Store) {
    let blob = store.blobs().put_bytes(b"model").unwrap();
    let artifact = |owner, path: &str, source: &str| {
        Record::Event(Event::Artifact {
            owner,
            path: path.into(),
            digest: blob.digest.clone(),
            size: blob.size,
            time: 1,
            source: source.into(),
        })
    };
    let created = Event::ModelCreated {
        model_id: "m-1".into(),
        name: "model".into(),
        run_id: RUN.into(),
        model_type: None,
        params: vec![param("depth", "3")],
        tags: vec![],
        time: 5,
        source: "xgboost.fit".into(),
    };
    let finalized =
        Event::ModelFinalized { model_id: "m-1".into(), status: LoggedModelStatus::Ready, time: 6 };
    let output = ModelOutput { model_id: "m-1".into(), step: 0 };
    let records = [
        started(named("e"), None, 1, vec![]),
        Record::Event(created),
        artifact(ArtifactOwner::Model("m-1".into()), "MLmodel", "xgboost.fit"),
        artifact(ArtifactOwner::Run(RUN.into()), "plots/a.png", "xgboost.fit"),
        Record::Event(finalized),
        Record::Event(Event::ModelOutput { run_id: RUN.into(), output }),
        Record::Event(Event::Document {
            run_id: RUN.into(),
            kind: "git".into(),
            digest: blob.digest.clone(),
        }),
        series(0, "loss", "xgboost.train"),
        Record::Point { series: 0, point: point(0, 1, 0.5) },
    ];
    let applied = store.apply("j", 1, &records).unwrap();
    assert_eq!((applied.waiting, applied.skipped.len()), (0, 0));
}

#[test]
fn models_artifacts_and_documents_come_with_their_sources() {
    let store = open();
    model_events(&store);
    let model = store.get_logged_model("m-1").unwrap();
    assert_eq!((model.status, model.source_run_id.as_deref()), (LoggedModelStatus::Ready, Some(RUN)));
    assert_eq!(store.list_artifacts("1/models/m-1/artifacts").unwrap()[0].path, "MLmodel");
    assert_eq!(store.documents(RUN).unwrap()[0].0, "git");
    assert_eq!(store.get_run(RUN).unwrap().model_outputs[0].model_id, "m-1");
    let captured = store.captured(RUN).unwrap();
    let source = |kind| captured.iter().find(|item| item.kind == kind).unwrap();
    assert_eq!(source(CapturedKind::Model).source, "xgboost.fit");
    assert_eq!(source(CapturedKind::Artifact).key, "plots/a.png");
    assert_eq!(source(CapturedKind::Metric).confidence, Some(0.75));
}

#[test]
fn every_commit_moves_the_change_count() {
    let store = open();
    let other = store.folder.open();
    let before = store.change_count().unwrap();
    assert_eq!(store.change_count().unwrap(), before);
    run(&store);
    let after = store.change_count().unwrap();
    assert_ne!(after, before);
    run(&other);
    assert_ne!(store.change_count().unwrap(), after);
}

#[test]
fn a_run_that_is_moved_is_found_in_its_new_experiment_with_all_it_has() {
    let store = open();
    model_events(&store);
    let moved =
        Event::RunMoved { run_id: RUN.into(), experiment: ExperimentRef::Name("other".into()), time: 5 };
    store.apply("j", 1_000_000, &[Record::Event(moved)]).unwrap();
    let other = store.get_experiment_by_name("other").unwrap().experiment_id;
    assert_eq!(store.get_run(RUN).unwrap().info.experiment_id, other);
    let filter = "metrics.loss > 0 AND tags.`mlflow.runName` != ''".to_owned();
    let query = RunQuery { experiment_ids: vec![other], filter, ..RunQuery::default() };
    assert_eq!(store.search_runs(&query).unwrap().items.len(), 1);
}
