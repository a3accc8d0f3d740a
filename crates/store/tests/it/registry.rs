use trackline_model::Stage;
use trackline_store::{ErrorKind, NewLoggedModel, NewModelVersion, Store};

use crate::support::{fails, open, run, tag};

/// A registered model `forest` with versions whose files a run holds.
fn versions(store: &Store, count: usize) -> String {
    let run_id = run(store);
    store.create_registered_model("forest", Some("trees"), &[tag("a", "b")]).unwrap();
    for _ in 0..count {
        store.create_model_version(&of_run(&run_id)).unwrap();
    }
    run_id
}

fn of_run(run_id: &str) -> NewModelVersion {
    NewModelVersion {
        name: "forest".into(),
        source: format!("runs:/{run_id}/model"),
        run_id: Some(run_id.into()),
        ..Default::default()
    }
}

#[test]
fn versions_count_up_and_are_not_given_again() {
    let store = open();
    let run_id = versions(&store, 2);
    store.delete_model_version("forest", 2).unwrap();
    fails(store.get_model_version("forest", 2), ErrorKind::NotFound);
    let third = store.create_model_version(&of_run(&run_id)).unwrap();
    assert_eq!((third.version, third.run_id.as_deref()), (3, Some(run_id.as_str())));
    assert_eq!(
        store.download_uri("forest", 3).unwrap(),
        format!("mlflow-artifacts:/0/{run_id}/artifacts/model")
    );
    let model = store.get_registered_model("forest").unwrap();
    assert_eq!(model.latest_versions, [third]);
    fails(store.create_registered_model("forest", None, &[]), ErrorKind::AlreadyExists);
    fails(
        store.create_model_version(&NewModelVersion { name: "none".into(), ..of_run(&run_id) }),
        ErrorKind::NotFound,
    );
}

#[test]
fn only_the_owner_of_the_files_may_register_them() {
    let store = open();
    let run_id = versions(&store, 0);
    let other = run(&store);
    let refused = |source: String, run_id: Option<&str>, model_id: Option<&str>| {
        let version = NewModelVersion {
            name: "forest".into(),
            source,
            run_id: run_id.map(Into::into),
            model_id: model_id.map(Into::into),
            ..Default::default()
        };
        let error = fails(store.create_model_version(&version), ErrorKind::Invalid);
        assert!(error.message.starts_with("Invalid model version source"), "{error}");
    };
    refused(format!("runs:/{run_id}/model"), None, None);
    refused(format!("runs:/{run_id}/model"), Some(&other), None);
    refused(format!("mlflow-artifacts:/0/{run_id}/artifacts/model"), Some(&other), None);
    refused(format!("mlflow-artifacts:/0/{run_id}/artifacts/../../x"), Some(&run_id), None);
    refused("/etc".into(), Some(&run_id), None);
    refused("file:///etc".into(), Some(&run_id), None);
    refused("models:/m-1".into(), None, Some("m-2"));
    let source = format!("mlflow-artifacts:/0/{run_id}/artifacts/model");
    let own = NewModelVersion { source: source.clone(), ..of_run(&run_id) };
    assert_eq!(store.create_model_version(&own).unwrap().storage_location, source);
}

#[test]
fn the_run_of_a_version_may_be_another_servers() {
    let store = open();
    versions(&store, 0);
    let version = store.create_model_version(&of_run("elsewhere")).unwrap();
    assert_eq!(version.run_id.as_deref(), Some("elsewhere"));
    assert_eq!(store.download_uri("forest", 1).unwrap(), "runs:/elsewhere/model");
}

#[test]
fn a_logged_model_gives_its_run_and_its_files() {
    let store = open();
    let run_id = versions(&store, 0);
    let new = NewLoggedModel {
        experiment_id: "0".into(),
        name: Some("model".into()),
        source_run_id: Some(run_id.clone()),
        ..Default::default()
    };
    let model = store.create_logged_model(&new).unwrap();
    let version = NewModelVersion {
        name: "forest".into(),
        source: format!("models:/{}", model.model_id),
        model_id: Some(model.model_id.clone()),
        ..Default::default()
    };
    let first = store.create_model_version(&version).unwrap();
    assert_eq!((first.run_id, &first.storage_location), (Some(run_id.clone()), &model.artifact_uri));
    let tags = store.get_logged_model(&model.model_id).unwrap().tags;
    assert_eq!(tags, [tag("mlflow.modelVersions", r#"[{"name": "forest", "version": 1}]"#)]);
    // runs:/<run>/<name> finds the logged model of that name, and a version can be copied.
    assert_eq!(store.create_model_version(&of_run(&run_id)).unwrap().storage_location, model.artifact_uri);
    let copy = NewModelVersion { source: "models:/forest/1".into(), ..version.clone() };
    assert_eq!(store.create_model_version(&copy).unwrap().storage_location, model.artifact_uri);
    let wrong = NewModelVersion { run_id: Some("other".into()), ..copy };
    fails(store.create_model_version(&wrong), ErrorKind::Invalid);
}

#[test]
fn aliases_move_and_go_with_their_version() {
    let store = open();
    versions(&store, 3);
    store.set_alias("forest", "champion", 1).unwrap();
    store.set_alias("forest", "champion", 2).unwrap();
    assert_eq!(store.get_version_by_alias("forest", "champion").unwrap().version, 2);
    assert_eq!(store.get_version_by_alias("forest", "latest").unwrap().version, 3);
    assert_eq!(store.get_model_version("forest", 2).unwrap().aliases, ["champion"]);
    assert_eq!(store.get_registered_model("forest").unwrap().aliases[0].version, 2);
    for reserved in ["latest", "v7", "a b"] {
        fails(store.set_alias("forest", reserved, 1), ErrorKind::Invalid);
    }
    fails(store.set_alias("forest", "x", 9), ErrorKind::NotFound);
    store.delete_model_version("forest", 2).unwrap();
    let error = fails(store.get_version_by_alias("forest", "champion"), ErrorKind::Invalid);
    assert!(error.message.contains("champion"), "{error}");
    store.delete_alias("forest", "champion").unwrap();
}

#[test]
fn stages_archive_what_was_there() {
    let store = open();
    versions(&store, 3);
    store.transition_stage("forest", 1, Stage::Production, false).unwrap();
    store.transition_stage("forest", 2, Stage::Production, true).unwrap();
    assert_eq!(store.get_model_version("forest", 1).unwrap().current_stage, Stage::Archived);
    let latest = |stages: &[Stage]| {
        let versions = store.latest_versions("forest", stages).unwrap();
        versions.into_iter().map(|version| version.version).collect::<Vec<_>>()
    };
    assert_eq!(latest(&[]), [1, 2, 3]);
    assert_eq!(latest(&[Stage::Production, Stage::Staging]), [2]);
    fails(store.transition_stage("forest", 1, Stage::Archived, true), ErrorKind::Invalid);
    fails(store.latest_versions("none", &[]), ErrorKind::NotFound);
}

#[test]
fn renaming_and_deleting_take_everything_along() {
    let store = open();
    versions(&store, 2);
    store.set_alias("forest", "best", 1).unwrap();
    store.set_model_version_tag("forest", 1, &tag("k", "v")).unwrap();
    store.set_registered_model_tag("forest", &tag("c", "d")).unwrap();
    store.update_model_version("forest", 1, Some("good")).unwrap();
    store.create_registered_model("taken", None, &[]).unwrap();
    fails(store.rename_registered_model("forest", "taken"), ErrorKind::AlreadyExists);
    fails(store.rename_registered_model("forest", "a/b"), ErrorKind::Invalid);
    let renamed = store.rename_registered_model("forest", "wood").unwrap();
    assert_eq!(renamed.tags, [tag("a", "b"), tag("c", "d")]);
    let version = store.get_version_by_alias("wood", "best").unwrap();
    assert_eq!((version.description.as_deref(), version.tags), (Some("good"), vec![tag("k", "v")]));
    fails(store.get_registered_model("forest"), ErrorKind::NotFound);
    store.delete_model_version_tag("wood", 1, "k").unwrap();
    store.delete_registered_model_tag("wood", "a").unwrap();
    assert_eq!(
        store.update_registered_model("wood", Some("text")).unwrap().description.as_deref(),
        Some("text")
    );
    store.delete_registered_model("wood").unwrap();
    fails(store.get_model_version("wood", 1), ErrorKind::NotFound);
    store.create_registered_model("wood", None, &[]).unwrap();
}
