use trackline_model::{Dataset, DatasetInput, ModelOutput};
use trackline_store::ErrorKind;

use crate::support::{fails, open, run, tag};

fn input(name: &str, digest: &str, context: &str) -> DatasetInput {
    DatasetInput {
        dataset: Dataset {
            name: name.into(),
            digest: digest.into(),
            source_type: "code".into(),
            source: "{}".into(),
            schema: Some("{\"columns\": []}".into()),
            profile: None,
        },
        tags: vec![tag("mlflow.data.context", context)],
    }
}

#[test]
fn datasets_are_kept_once_for_a_run() {
    let store = open();
    let (first, second) = (run(&store), run(&store));
    let train = input("iris", "d1", "train");
    store.log_inputs(&first, &[train.clone(), input("iris", "d1", "again")], &[]).unwrap();
    store.log_inputs(&first, &[input("iris", "d2", "eval")], &["m-1".into()]).unwrap();
    store.log_inputs(&second, std::slice::from_ref(&train), &[]).unwrap();
    let run = store.get_run(&first).unwrap();
    assert_eq!(run.dataset_inputs, [train.clone(), input("iris", "d2", "eval")]);
    assert_eq!(run.model_inputs, ["m-1"]);
    assert_eq!(store.get_run(&second).unwrap().dataset_inputs, [train]);
    let summaries = store.search_datasets(&["0".into()]).unwrap();
    let found: Vec<_> = summaries.iter().map(|s| (s.digest.as_str(), s.context.as_deref())).collect();
    assert_eq!(found, [("d1", Some("train")), ("d2", Some("eval"))]);
}

#[test]
fn outputs_keep_the_last_step() {
    let store = open();
    let run_id = run(&store);
    let output = |step| ModelOutput { model_id: "m-1".into(), step };
    store.log_outputs(&run_id, &[output(0)]).unwrap();
    store.log_outputs(&run_id, &[output(5)]).unwrap();
    assert_eq!(store.get_run(&run_id).unwrap().model_outputs, [output(5)]);
}

#[test]
fn bad_datasets_are_refused() {
    let store = open();
    let run_id = run(&store);
    fails(store.log_inputs(&run_id, &[input("", "d", "train")], &[]), ErrorKind::Invalid);
    fails(store.log_inputs(&run_id, &[input("a", &"d".repeat(37), "train")], &[]), ErrorKind::Invalid);
    fails(store.log_inputs("unknown", &[], &[]), ErrorKind::NotFound);
}

#[test]
fn drift_is_told_from_the_run_before_with_the_same_name_and_context() {
    let store = open();
    let with = |digest, context| {
        let run_id = run(&store);
        store.log_inputs(&run_id, &[input("iris", digest, context)], &[]).unwrap();
        run_id
    };
    let (first, _other, second, third) =
        (with("d1", "train"), with("d1", "eval"), with("d1", "train"), with("d2", "train"));
    assert_eq!(store.drift(&first).unwrap(), []);
    let found = store.drift(&second).unwrap();
    assert_eq!((found[0].previous_run_id.as_str(), found[0].drift.same), (first.as_str(), true));
    assert_eq!(found[0].context.as_deref(), Some("train"));
    store.delete_run(&second).unwrap();
    let found = store.drift(&third).unwrap();
    assert_eq!((found[0].previous_run_id.as_str(), found[0].drift.same), (first.as_str(), false));
    assert_eq!(store.drift("none").unwrap_err().kind, ErrorKind::NotFound);
}
