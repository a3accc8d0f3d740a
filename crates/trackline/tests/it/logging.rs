use trackline::{Dataset, DatasetInput, Metric, Param, Source, Tag};

use crate::samples::{steps, tag, tracker, trial};

fn param(key: &str, value: &str) -> Param {
    Param { key: key.to_owned(), value: value.to_owned() }
}

#[test]
fn what_is_logged_can_be_read_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    run.log_metric("loss", 0.5, 1, Some(1000)).unwrap();
    run.log_metric("loss", f64::NAN, 2, Some(2000)).unwrap();
    run.log_metrics(&[("a", 1.0), ("b", f64::NEG_INFINITY)], 7, Some(3000)).unwrap();
    run.log_params(vec![param("depth", "3")]).unwrap();
    run.set_tags(vec![Tag { key: "kept".to_owned(), value: "x".repeat(9000) }]).unwrap();
    run.set_tags(vec![Tag { key: "dropped".to_owned(), value: String::new() }]).unwrap();
    run.delete_tag("dropped").unwrap();

    let store = tracker.store().unwrap();
    let points = store.points(run.id(), "loss").unwrap();
    assert_eq!((points[0].step, points[0].timestamp, points[0].value), (1, 1000, 0.5));
    assert!(points[1].value.is_nan());
    let found = store.get_run(run.id()).unwrap();
    assert_eq!(found.data.params, vec![param("depth", "3")]);
    let b = found.data.metrics.iter().find(|metric| metric.key == "b").unwrap();
    assert_eq!((b.value, b.step), (f64::NEG_INFINITY, 7));
    assert_eq!(tag(&tracker, run.id(), "kept").unwrap().len(), 8000);
    assert_eq!(tag(&tracker, run.id(), "dropped"), None);
    assert_eq!(tracker.take_problem(), None);
}

#[test]
fn a_second_value_of_a_param_shows_and_the_first_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    run.log_params(vec![param("depth", "3")]).unwrap();
    run.log_params(vec![param("depth", "5")]).unwrap();
    let store = tracker.store().unwrap();
    assert_eq!(store.get_run(run.id()).unwrap().data.params, vec![param("depth", "5")]);
    let history = store.param_history(run.id()).unwrap();
    assert!(history.iter().any(|change| change.value == "3"), "{history:?}");
}

#[test]
fn items_carry_their_source() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    let hook = run.with_source(Source::hook("xgboost.train"));
    hook.log_metric("loss", 1.0, 0, None).unwrap();
    run.log_metric("mine", 1.0, 0, None).unwrap();
    run.with_source(Source::inferred("argparse", 0.5)).log_params(vec![param("depth", "3")]).unwrap();

    let mut captured: Vec<_> = tracker
        .store()
        .unwrap()
        .captured(run.id())
        .unwrap()
        .into_iter()
        .filter(|item| ["loss", "mine", "depth"].contains(&item.key.as_str()))
        .map(|item| (item.key, item.source, item.confidence))
        .collect();
    captured.sort_by(|a, b| a.0.cmp(&b.0));
    let expected =
        [("depth", "argparse", Some(0.5)), ("loss", "xgboost.train", None), ("mine", "user", None)];
    assert_eq!(captured, expected.map(|(key, source, sure)| (key.to_owned(), source.to_owned(), sure)));
}

#[test]
fn a_dataset_and_metrics_on_it_are_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    let dataset = Dataset {
        name: "iris".to_owned(),
        digest: "ab12".to_owned(),
        source_type: "code".to_owned(),
        source: "{}".to_owned(),
        schema: None,
        profile: None,
    };
    let tags = vec![Tag { key: "mlflow.data.context".to_owned(), value: "train".to_owned() }];
    run.log_input(DatasetInput { dataset: dataset.clone(), tags }).unwrap();
    let metric = Metric {
        key: "accuracy".to_owned(),
        value: 0.75,
        timestamp: 5,
        step: 0,
        model_id: None,
        dataset_name: Some("iris".to_owned()),
        dataset_digest: Some("ab12".to_owned()),
    };
    run.log_linked_metrics(vec![metric]).unwrap();

    let found = tracker.store().unwrap().get_run(run.id()).unwrap();
    assert_eq!(found.dataset_inputs[0].dataset, dataset);
    assert_eq!(found.data.metrics[0].value, 0.75);
}

#[test]
fn a_hundred_thousand_points_arrive_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    for step in 0..100_000 {
        run.log_metric("loss", 1.0 / step as f64, step, None).unwrap();
    }
    assert_eq!(steps(&tracker, run.id(), "loss"), (0..100_000).collect::<Vec<_>>());
    assert!(run.spent().as_nanos() > 0);
}

#[test]
fn the_latest_points_of_each_metric_are_known_without_the_store() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    let hook = run.with_source(Source::hook("torch"));
    run.log_metric("loss", 2.0, 1, None).unwrap();
    hook.log_metric("val_loss", 3.0, 1, None).unwrap();
    run.log_metric("loss", 1.0, 2, None).unwrap();
    let mut latest = run.latest_metrics();
    latest.sort_by(|one, other| one.0.cmp(&other.0));
    let latest: Vec<_> = latest.iter().map(|(key, point)| (key.as_str(), point.value, point.step)).collect();
    assert_eq!(latest, [("loss", 1.0, 2), ("val_loss", 3.0, 1)]);
    run.log_metric("loss", 0.5, 3, None).unwrap();
    run.log_metric("loss", 0.25, 4, None).unwrap();
    let mut recent = run.recent_metrics();
    recent.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(recent, [("loss".to_owned(), vec![1.0, 0.5, 0.25]), ("val_loss".to_owned(), vec![3.0])]);
}
