use trackline_model::{LoggedModelStatus, Metric};
use trackline_store::{DatasetFilter, ErrorKind, ModelOrder, ModelQuery, NewLoggedModel, Store};

use crate::support::{fails, metric, open, param, run, tag};

fn create(store: &Store, name: &str) -> String {
    let new = NewLoggedModel { experiment_id: "0".into(), name: Some(name.into()), ..Default::default() };
    store.create_logged_model(&new).unwrap().model_id
}

fn measure(store: &Store, run_id: &str, model_id: &str, value: f64, dataset: &str) {
    let metric = Metric {
        model_id: Some(model_id.into()),
        dataset_name: Some(dataset.into()),
        dataset_digest: Some("d".into()),
        ..metric("acc", value, 1, 0)
    };
    store.log_batch(run_id, &[metric], &[], &[]).unwrap();
}

#[test]
fn a_model_lives_from_pending_to_deleted() {
    let store = open();
    let new = NewLoggedModel {
        experiment_id: "0".into(),
        model_type: Some("classifier".into()),
        source_run_id: Some("r".into()),
        params: vec![param("depth", "3")],
        tags: vec![tag("a", "b")],
        ..Default::default()
    };
    let model = store.create_logged_model(&new).unwrap();
    assert!(model.model_id.starts_with("m-") && model.model_id.len() == 34, "{}", model.model_id);
    assert_eq!(model.artifact_uri, format!("mlflow-artifacts:/0/models/{}/artifacts", model.model_id));
    assert_eq!(model.status, LoggedModelStatus::Pending);
    assert!(!model.name.is_empty());
    let id = &model.model_id;
    let ready = store.finalize_logged_model(id, LoggedModelStatus::Ready).unwrap();
    assert_eq!(ready.status, LoggedModelStatus::Ready);
    store.log_logged_model_params(id, &[param("lr", "1")]).unwrap();
    fails(store.log_logged_model_params(id, &[param("lr", "2")]), ErrorKind::Invalid);
    let tagged = store.set_logged_model_tags(id, &[tag("a", "c"), tag("d", "e")]).unwrap();
    assert_eq!(tagged.tags, [tag("a", "c"), tag("d", "e")]);
    assert_eq!(tagged.params, [param("depth", "3"), param("lr", "1")]);
    store.delete_logged_model_tag(id, "a").unwrap();
    fails(store.delete_logged_model_tag(id, "a"), ErrorKind::NotFound);
    store.delete_logged_model(id).unwrap();
    fails(store.get_logged_model(id), ErrorKind::NotFound);
    fails(store.finalize_logged_model(id, LoggedModelStatus::Ready), ErrorKind::NotFound);
}

#[test]
fn a_metric_may_belong_to_a_model_and_a_dataset() {
    let store = open();
    let (run_id, model_id) = (run(&store), create(&store, "a"));
    measure(&store, &run_id, &model_id, 0.5, "train");
    measure(&store, &run_id, &model_id, 0.25, "eval");
    let metrics = store.get_logged_model(&model_id).unwrap().metrics;
    assert!(metrics.iter().all(|found| found.run_id == run_id));
    let found: Vec<_> =
        metrics.iter().map(|found| (found.metric.dataset_name.as_deref(), found.metric.value)).collect();
    assert_eq!(found, [(Some("eval"), 0.25), (Some("train"), 0.5)]);
    assert_eq!(store.points(&run_id, "acc").unwrap().len(), 2);
}

#[test]
fn searching_filters_orders_and_pages() {
    let store = open();
    let run_id = run(&store);
    let [a, b, c] = ["a", "b", "c"].map(|name| create(&store, name));
    measure(&store, &run_id, &a, 0.9, "train");
    measure(&store, &run_id, &a, 0.1, "eval");
    measure(&store, &run_id, &b, 0.5, "eval");
    store.finalize_logged_model(&c, LoggedModelStatus::Ready).unwrap();
    let base = ModelQuery { experiment_ids: vec!["0".into()], ..Default::default() };
    let names = |query: &ModelQuery| {
        let mut names: Vec<_> = Vec::new();
        let mut query = query.clone();
        loop {
            let page = store.search_logged_models(&query).unwrap();
            names.extend(page.items.into_iter().map(|model| model.name));
            query.page_token = page.next_page_token;
            if query.page_token.is_none() {
                return names.concat();
            }
        }
    };
    let filtered = |filter: &str| ModelQuery { filter: filter.into(), ..base.clone() };
    assert_eq!(names(&filtered("metrics.acc > 0.4 AND name = 'a'")), "a");
    assert_eq!(names(&filtered("status = 'READY'")), "c");
    let eval = vec![DatasetFilter { name: "eval".into(), digest: None }];
    assert_eq!(names(&ModelQuery { datasets: eval.clone(), ..filtered("metrics.acc > 0.4") }), "b");
    let by_acc = vec![ModelOrder {
        field_name: "metrics.acc".into(),
        ascending: true,
        dataset_name: Some("eval".into()),
        dataset_digest: None,
    }];
    let ordered = ModelQuery { order_by: by_acc, max_results: 1, ..base.clone() };
    assert_eq!(names(&ordered), "abc");
    assert_eq!(names(&ModelQuery { datasets: eval, ..ordered.clone() }), "ab");
    let token = store.search_logged_models(&ordered).unwrap().next_page_token;
    fails(store.search_logged_models(&ModelQuery { page_token: token, ..base }), ErrorKind::Invalid);
}

#[test]
fn bad_input_is_refused() {
    let store = open();
    let named = |name: &str| NewLoggedModel {
        experiment_id: "0".into(),
        name: Some(name.into()),
        ..Default::default()
    };
    fails(store.create_logged_model(&named("a/b")), ErrorKind::Invalid);
    fails(store.get_logged_model("m-none"), ErrorKind::NotFound);
    let given = NewLoggedModel { model_id: Some("m-1".into()), ..named("a") };
    store.create_logged_model(&given).unwrap();
    fails(store.create_logged_model(&given), ErrorKind::AlreadyExists);
}
