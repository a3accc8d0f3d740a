use std::fs::File;
use std::time::{Duration, SystemTime};

use trackline_journal::{Event, ExperimentRef, Record};
use trackline_store::{Blob, ErrorKind, NewLoggedModel};

use crate::support::{Fixture, fails, metric, open, param, run, run_in, tag};

/// Puts a blob and lets it look two hours old.
fn old_blob(store: &Fixture, bytes: &str) -> Blob {
    let blob = store.blobs().put_bytes(bytes.as_bytes()).unwrap();
    let file = File::open(store.folder.blob(&blob.digest)).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(7200)).unwrap();
    blob
}

#[test]
fn what_was_deleted_goes_with_all_it_had() {
    let store = open();
    let (kept, gone) = (run(&store), run(&store));
    for run_id in [&kept, &gone] {
        store.log_batch(run_id, &[metric("m", 1.0, 1, 0)], &[param("p", "v")], &[tag("t", "v")]).unwrap();
        let own = old_blob(&store, run_id);
        store.put_artifact(&format!("0/{run_id}/artifacts/file"), &own).unwrap();
    }
    store.delete_run(&gone).unwrap();
    let removed = store.gc(Duration::ZERO, None).unwrap();
    assert_eq!(removed.runs, std::slice::from_ref(&gone));
    assert_eq!((removed.blobs, removed.bytes), (1, 32));
    fails(store.get_run(&gone), ErrorKind::NotFound);
    assert_eq!(store.stat_artifact(&format!("0/{gone}")).unwrap(), None);
    assert_eq!(store.get_run(&kept).unwrap().data.metrics.len(), 1);
    assert!(store.stat_artifact(&format!("0/{kept}/artifacts/file")).unwrap().is_some());
    assert_eq!(store.gc(Duration::ZERO, None).unwrap(), Default::default());
}

#[test]
fn what_was_deleted_lately_stays() {
    let store = open();
    let run_id = run(&store);
    store.delete_run(&run_id).unwrap();
    assert_eq!(store.gc(Duration::from_secs(60), None).unwrap().runs, [""; 0]);
    store.restore_run(&run_id).unwrap();
    assert_eq!(store.gc(Duration::ZERO, None).unwrap().runs, [""; 0]);
}

#[test]
fn a_blob_stays_while_it_is_new_or_used() {
    let store = open();
    let fresh = store.blobs().put_bytes(b"fresh").unwrap();
    let shared = old_blob(&store, "shared");
    let again = old_blob(&store, "again");
    store.blobs().put_bytes(b"again").unwrap();
    store.put_artifact("1/a/file", &shared).unwrap();
    store.put_artifact("1/b/file", &shared).unwrap();
    store.delete_artifact("1/a").unwrap();
    assert_eq!(store.gc(Duration::ZERO, None).unwrap().blobs, 0);
    assert!([&fresh, &shared, &again].iter().all(|blob| store.folder.blob(&blob.digest).exists()));
    store.delete_artifact("1/b").unwrap();
    assert_eq!(store.gc(Duration::ZERO, None).unwrap().blobs, 1);
    assert!(!store.folder.blob(&shared.digest).exists());
}

#[test]
fn experiments_and_models_go_too() {
    let store = open();
    let id = store.create_experiment("e", None, &[tag("a", "b")]).unwrap().experiment_id;
    let run_id = run_in(&store, &id, 1);
    let new = NewLoggedModel { experiment_id: "0".into(), ..Default::default() };
    let model = store.create_logged_model(&new).unwrap();
    let of_experiment = NewLoggedModel { experiment_id: id.clone(), ..Default::default() };
    let of_experiment = store.create_logged_model(&of_experiment).unwrap();
    store.delete_logged_model(&model.model_id).unwrap();
    store.delete_experiment(&id).unwrap();
    let removed = store.gc(Duration::ZERO, None).unwrap();
    let mut models = vec![model.model_id, of_experiment.model_id];
    models.sort();
    assert_eq!((removed.experiments, removed.runs, removed.models), (vec![id], vec![run_id], models));
    let next = store.create_experiment("e", None, &[]).unwrap().experiment_id;
    assert_eq!(next, "2", "a number is not given again");
}

#[test]
fn an_experiment_stays_for_a_run_that_came_late() {
    let store = open();
    let id = store.create_experiment("e", None, &[]).unwrap().experiment_id;
    store.delete_experiment(&id).unwrap();
    let late = Event::RunStarted {
        run_id: "late".into(),
        experiment: ExperimentRef::Id(id.clone()),
        run_name: None,
        user_id: "ada".into(),
        start_time: 1,
        tags: Vec::new(),
    };
    store.apply("j", 1, &[Record::Event(late)]).unwrap();
    assert_eq!(store.gc(Duration::ZERO, None).unwrap().experiments, [""; 0]);
    assert_eq!(store.get_run("late").unwrap().info.experiment_id, id);
}
