use trackline_journal::{Event, Record};
use trackline_store::Store;

use crate::support::{open, param, run};

fn log(store: &Store, run_id: &str, upto: u64, value: &str, source: &str) {
    log_as_sure(store, run_id, upto, value, source, (source != "user").then_some(0.5));
}

fn log_as_sure(store: &Store, run_id: &str, upto: u64, value: &str, source: &str, confidence: Option<f64>) {
    let event = Event::Params {
        run_id: run_id.into(),
        params: vec![param("lr", value)],
        time: upto as i64,
        source: source.into(),
        confidence,
    };
    let applied = store.apply("j", upto, &[Record::Event(event)]).unwrap();
    assert_eq!(applied.skipped, []);
}

fn shown(store: &Store, run_id: &str) -> String {
    store.get_run(run_id).unwrap().data.params[0].value.clone()
}

fn history(store: &Store, run_id: &str) -> Vec<(String, i64, String)> {
    let changes = store.param_history(run_id).unwrap();
    changes.into_iter().map(|change| (change.value, change.time, change.source)).collect()
}

#[test]
fn through_a_journal_the_last_value_shows_and_all_are_kept() {
    let store = open();
    let run_id = run(&store);
    log(&store, &run_id, 1, "0.1", "user");
    assert_eq!(history(&store, &run_id), []);
    log(&store, &run_id, 2, "0.2", "user");
    log(&store, &run_id, 3, "0.3", "user");
    assert_eq!(shown(&store, &run_id), "0.3");
    let user = || "user".to_owned();
    let all = [("0.1".into(), 1, user()), ("0.2".into(), 2, user()), ("0.3".into(), 3, user())];
    assert_eq!(history(&store, &run_id), all);
}

#[test]
fn a_captured_value_never_hides_one_of_the_user() {
    let store = open();
    let run_id = run(&store);
    log(&store, &run_id, 1, "captured", "argparse");
    log(&store, &run_id, 2, "later", "sklearn.fit");
    assert_eq!(shown(&store, &run_id), "later");
    log(&store, &run_id, 3, "explicit", "user");
    assert_eq!(shown(&store, &run_id), "explicit");
    log(&store, &run_id, 4, "captured again", "argparse");
    assert_eq!(shown(&store, &run_id), "explicit");
    assert_eq!(history(&store, &run_id).len(), 4);
    let captured = store.captured(&run_id).unwrap();
    let item = captured.iter().find(|item| item.key == "lr").unwrap();
    assert_eq!((item.source.as_str(), item.confidence), ("user", None));
}

#[test]
fn a_hook_never_hides_what_another_was_surer_of() {
    let store = open();
    let run_id = run(&store);
    log_as_sure(&store, &run_id, 1, "parsed", "argparse", None);
    log_as_sure(&store, &run_id, 2, "in the text", "constants", Some(0.9));
    assert_eq!(shown(&store, &run_id), "parsed");
    log_as_sure(&store, &run_id, 3, "fitted", "sklearn.fit", None);
    assert_eq!(shown(&store, &run_id), "fitted");
}

#[test]
fn over_the_api_a_value_of_the_user_replaces_a_captured_one() {
    let store = open();
    let run_id = run(&store);
    log(&store, &run_id, 1, "captured", "argparse");
    store.log_batch(&run_id, &[], &[param("lr", "explicit")], &[]).unwrap();
    assert_eq!(shown(&store, &run_id), "explicit");
}
