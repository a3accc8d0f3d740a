use trackline_store::ErrorKind;

use crate::support::{fails, open, run, tag};

#[test]
fn the_last_value_stands_until_it_is_deleted() {
    let store = open();
    let run_id = run(&store);
    store.set_tag(&run_id, &tag("a", "1")).unwrap();
    store.set_tag(&run_id, &tag("a", "2")).unwrap();
    assert_eq!(store.get_run(&run_id).unwrap().data.tags[0], tag("a", "2"));
    store.delete_tag(&run_id, "a").unwrap();
    assert_eq!(store.get_run(&run_id).unwrap().data.tags.len(), 1);
    let error = fails(store.delete_tag(&run_id, "a"), ErrorKind::NotFound);
    assert!(error.message.contains("'a'") || error.message.contains(" a "), "{error}");
}

#[test]
fn keys_are_checked() {
    let store = open();
    let run_id = run(&store);
    fails(store.set_tag(&run_id, &tag("a//b", "1")), ErrorKind::Invalid);
    fails(store.set_tag(&run_id, &tag(&"k".repeat(251), "1")), ErrorKind::Invalid);
    store.set_tag(&run_id, &tag("mlflow.note/ü 1", "text\nof two lines")).unwrap();
}
