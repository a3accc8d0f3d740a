use trackline_model::{LifecycleStage, ViewType};
use trackline_store::{ErrorKind, ExperimentQuery};

use crate::support::{fails, open, run_in, tag};

#[test]
fn the_default_experiment_is_there_and_ids_count_up() {
    let store = open();
    let default = store.get_experiment("0").unwrap();
    assert_eq!(default.name, "Default");
    assert_eq!(default.artifact_location, "mlflow-artifacts:/0");
    assert_eq!(store.create_experiment("a", None, &[]).unwrap().experiment_id, "1");
    let second = store.create_experiment("b", Some("s3://bucket/b"), &[tag("team", "x")]).unwrap();
    assert_eq!(second.experiment_id, "2");
    assert_eq!(second.artifact_location, "s3://bucket/b");
    assert_eq!(second.tags, [tag("team", "x")]);
    assert_eq!(store.get_experiment_by_name("b").unwrap(), second);
}

#[test]
fn names_are_unique_even_among_the_deleted() {
    let store = open();
    let id = store.create_experiment("a", None, &[]).unwrap().experiment_id;
    store.delete_experiment(&id).unwrap();
    fails(store.create_experiment("a", None, &[]), ErrorKind::AlreadyExists);
    assert_eq!(store.get_experiment_by_name("a").unwrap().lifecycle_stage, LifecycleStage::Deleted);
    let other = store.create_experiment("b", None, &[]).unwrap().experiment_id;
    fails(store.rename_experiment(&other, "a"), ErrorKind::AlreadyExists);
    store.rename_experiment(&other, "c").unwrap();
    assert_eq!(store.get_experiment(&other).unwrap().name, "c");
}

#[test]
fn deleting_takes_the_runs_along_and_restoring_brings_them_back() {
    let store = open();
    let id = store.create_experiment("a", None, &[]).unwrap().experiment_id;
    let run_id = run_in(&store, &id, 1);
    store.delete_experiment(&id).unwrap();
    assert_eq!(store.get_run(&run_id).unwrap().info.lifecycle_stage, LifecycleStage::Deleted);
    fails(store.delete_experiment(&id), ErrorKind::NotFound);
    fails(store.rename_experiment(&id, "z"), ErrorKind::Conflict);
    fails(store.set_experiment_tag(&id, &tag("a", "b")), ErrorKind::Invalid);
    store.restore_experiment(&id).unwrap();
    assert_eq!(store.get_run(&run_id).unwrap().info.lifecycle_stage, LifecycleStage::Active);
    fails(store.restore_experiment(&id), ErrorKind::NotFound);
}

#[test]
fn bad_input_is_refused() {
    let store = open();
    let error = fails(store.get_experiment("seven"), ErrorKind::Invalid);
    assert!(error.message.contains("'seven'"), "{error}");
    fails(store.get_experiment("7"), ErrorKind::NotFound);
    fails(store.get_experiment_by_name("nobody"), ErrorKind::NotFound);
    fails(store.create_experiment("", None, &[]), ErrorKind::Invalid);
    fails(store.delete_experiment_tag("0", "none"), ErrorKind::NotFound);
    fails(store.set_experiment_tag("0", &tag("k", &"x".repeat(20_001))), ErrorKind::Invalid);
}

#[test]
fn searching_filters_orders_and_pages() {
    let store = open();
    for (name, team) in [("alpha", "x"), ("beta", "y"), ("gamma", "x")] {
        store.create_experiment(name, None, &[tag("team", team)]).unwrap();
    }
    store.delete_experiment("3").unwrap();
    let names = |query: ExperimentQuery| {
        let page = store.search_experiments(&query).unwrap();
        for found in &page.items {
            assert_eq!(*found, store.get_experiment(&found.experiment_id).unwrap());
        }
        page.items.into_iter().map(|experiment| experiment.name).collect::<Vec<_>>()
    };
    let filtered = |filter: &str| names(ExperimentQuery { filter: filter.into(), ..Default::default() });
    assert_eq!(filtered("tags.team = 'x'"), ["alpha"]);
    assert_eq!(filtered("name LIKE '%ta'"), ["beta"]);
    assert_eq!(filtered("experiment_id IN ('1', '0') AND name != 'Default'"), ["alpha"]);
    let all = ExperimentQuery {
        view: ViewType::All,
        order_by: vec!["name ASC".into()],
        max_results: 3,
        ..Default::default()
    };
    let page = store.search_experiments(&all).unwrap();
    assert!(page.next_page_token.is_some());
    assert_eq!(names(all.clone()), ["Default", "alpha", "beta"]);
    assert_eq!(names(ExperimentQuery { page_token: page.next_page_token, ..all }), ["gamma"]);
}
