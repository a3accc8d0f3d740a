use trackline::{LoggedModelStatus, ModelOutput, NewModel, Param, Tag};

use crate::samples::{artifact, tracker, trial};

#[test]
fn a_model_is_made_filled_and_finalized() {
    let folder = tempfile::tempdir().unwrap();
    let tracker = tracker(folder.path());
    let run = tracker.start_run(trial()).unwrap();
    let params = vec![Param { key: "depth".to_owned(), value: "3".to_owned() }];
    let model = run
        .create_model(NewModel {
            name: Some("tree".to_owned()),
            params: params.clone(),
            ..NewModel::default()
        })
        .unwrap();
    model.log_bytes(b"flavors: {}", "MLmodel").unwrap();
    let tags = vec![Tag { key: "stage".to_owned(), value: "try".to_owned() }];
    model.set_tags(tags.clone()).unwrap();
    model.finalize(LoggedModelStatus::Ready);
    run.log_output(ModelOutput { model_id: model.id().to_owned(), step: 4 });

    let store = tracker.store().unwrap();
    let found = store.get_logged_model(model.id()).unwrap();
    assert_eq!((found.name.as_str(), found.status), ("tree", LoggedModelStatus::Ready));
    assert_eq!((found.params, found.source_run_id.as_deref()), (params, Some(run.id())));
    assert!(found.tags.contains(&tags[0]), "{:?}", found.tags);
    let root = found.artifact_uri.strip_prefix("mlflow-artifacts:/").unwrap().to_owned();
    assert_eq!(artifact(&store, &format!("{root}/MLmodel")), b"flavors: {}");
    let outputs = store.get_run(run.id()).unwrap().model_outputs;
    assert_eq!(outputs, [ModelOutput { model_id: model.id().to_owned(), step: 4 }]);
}

#[test]
fn a_model_with_a_bad_name_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let run = tracker(folder.path()).start_run(trial()).unwrap();
    let error =
        run.create_model(NewModel { name: Some("a/b".to_owned()), ..NewModel::default() }).unwrap_err();
    assert!(error.message.contains("a/b"), "{error}");
}
