//! Text that engines treat in ways of their own.

use trackline_store::{ErrorKind, ExperimentQuery, RegistryQuery};

use crate::support::{fails, open, param, query, run, tag};

#[test]
fn a_zero_byte_becomes_a_replacement_character_and_may_be_logged_again() {
    let store = open();
    let run_id = run(&store);
    for _ in 0..2 {
        store.log_batch(&run_id, &[], &[param("p", "a\0b")], &[tag("t", "\0")]).unwrap();
    }
    let data = store.get_run(&run_id).unwrap().data;
    assert_eq!(data.params, [param("p", "a\u{FFFD}b")]);
    assert!(data.tags.contains(&tag("t", "\u{FFFD}")));
    assert_eq!(store.search_runs(&query("params.p = 'a\0b'", &[])).unwrap().items.len(), 1);
    fails(store.log_batch(&run_id, &[], &[param("p", "a\0c")], &[]), ErrorKind::Invalid);
}

#[test]
fn names_are_compared_and_sorted_by_their_bytes() {
    let store = open();
    for name in ["b", "a", "B", "ä", "_", "A b", "Z"] {
        store.create_registered_model(name, None, &[]).unwrap();
    }
    let page = store.search_registered_models(&RegistryQuery::default()).unwrap();
    let names: Vec<&str> = page.items.iter().map(|model| model.name.as_str()).collect();
    assert_eq!(names, ["A b", "B", "Z", "_", "a", "b", "ä"]);
    let query = RegistryQuery { filter: "name = 'a'".into(), ..RegistryQuery::default() };
    assert_eq!(store.search_registered_models(&query).unwrap().items.len(), 1);
}

#[test]
fn patterns_know_no_escape_and_case_only_of_ascii() {
    let store = open();
    let run_id = run(&store);
    store.log_batch(&run_id, &[], &[param("p", r"C:\Größe")], &[]).unwrap();
    let found = |filter: &str| store.search_runs(&query(filter, &[])).unwrap().items.len();
    for filter in [r"params.p LIKE 'C:\%'", r"params.p ILIKE 'c:\gRöße'", r"params.p LIKE 'C_\Gr__e'"] {
        assert_eq!(found(filter), 1, "{filter}");
    }
    for filter in [r"params.p LIKE 'c:\%'", r"params.p ILIKE '%GRÖSSE'", r"params.p LIKE 'C:\\G%'"] {
        assert_eq!(found(filter), 0, "{filter}");
    }
}

#[test]
fn ids_of_experiments_are_numbers_in_the_database() {
    let store = open();
    let found = |filter: &str| {
        let query = ExperimentQuery { filter: filter.into(), ..ExperimentQuery::default() };
        store.search_experiments(&query).unwrap().items.len()
    };
    assert_eq!([found("experiment_id = '0'"), found("experiment_id != '0'")], [1, 0]);
}
