use trackline_model::{Run, RunStatus, ViewType};
use trackline_store::{ErrorKind, Page, RunQuery, Store};

use crate::support::{fails, metric, open, param, query, run_in};

/// Every page of a search, one after the other.
fn pages(store: &Store, query: &RunQuery) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut query = query.clone();
    loop {
        let page = store.search_runs(&query).unwrap();
        pages.push(page.items.into_iter().map(|run| run.info.run_id).collect());
        match page.next_page_token {
            Some(token) => query.page_token = Some(token),
            None => return pages,
        }
    }
}

/// 30 runs in two experiments: a third with a metric, a third with NaN, a third without; a quarter of them under way.
fn fill(store: &Store) -> Vec<String> {
    let other = store.create_experiment("other", None, &[]).unwrap().experiment_id;
    for index in 0..30 {
        let run_id = run_in(store, if index % 2 == 0 { "0" } else { &other }, index % 7);
        match index % 4 {
            0 => {}
            1 => drop(store.update_run(&run_id, Some(RunStatus::Failed), Some(index % 5), None).unwrap()),
            _ => drop(store.update_run(&run_id, Some(RunStatus::Finished), Some(index % 5), None).unwrap()),
        }
        let value = if index % 3 == 0 { f64::NAN } else { (index % 5) as f64 };
        if index % 3 < 2 {
            store.log_batch(&run_id, &[metric("m", value, 1, 0)], &[param("p", "v")], &[]).unwrap();
        }
    }
    vec!["0".into(), other]
}

#[test]
fn pages_join_to_the_whole_whatever_their_size() {
    let store = open();
    let experiments = fill(&store);
    for experiment_ids in [experiments.clone(), vec!["0".into()]] {
        for filter in ["", "params.p = 'v'", "metrics.m != 3"] {
            for order in [
                vec![],
                vec!["metrics.m DESC"],
                vec!["params.p", "metrics.m"],
                vec!["start_time"],
                vec!["end_time"],
                vec!["run_name DESC"],
                vec!["status DESC", "run_name"],
            ] {
                let whole = RunQuery { experiment_ids: experiment_ids.clone(), ..query(filter, &order) };
                let expected = pages(&store, &whole).concat();
                assert!(!expected.is_empty());
                for max_results in [1, 4, 7] {
                    let pages = pages(&store, &RunQuery { max_results, ..whole.clone() });
                    assert!(pages.iter().rev().skip(1).all(|page| page.len() == max_results));
                    assert!(pages.last().is_some_and(|page| !page.is_empty()), "a token led to nothing");
                    assert_eq!(pages.concat(), expected, "{filter} {order:?} by {max_results}");
                }
            }
        }
    }
}

#[test]
fn several_experiments_are_sorted_as_one() {
    let store = open();
    let experiment_ids = fill(&store);
    let found = store.search_runs(&RunQuery { experiment_ids, ..query("", &["metrics.m"]) }).unwrap();
    let values: Vec<Option<f64>> =
        found.items.iter().map(|run| run.data.metrics.first().map(|metric| metric.value)).collect();
    assert_eq!(values.len(), 30);
    let rank = |value: &Option<f64>| match value {
        Some(value) if value.is_nan() => (1, 0),
        Some(value) => (0, *value as i64),
        None => (2, 0),
    };
    assert!(values.iter().map(rank).is_sorted(), "{values:?}");
}

#[test]
fn one_of_several_experiments_may_fill_a_page() {
    let store = open();
    let made =
        ["a", "b", "c", "d"].map(|name| store.create_experiment(name, None, &[]).unwrap().experiment_id);
    let mut expected: Vec<String> = (0..90_usize)
        .map(|index| run_in(&store, if index < 30 { &made[index % 4] } else { "0" }, index as i64))
        .collect();
    expected.reverse();
    let query = RunQuery {
        experiment_ids: [&["0".to_owned()][..], &made].concat(),
        max_results: 70,
        ..query("", &[])
    };
    assert_eq!(pages(&store, &query), [&expected[..70], &expected[70..]]);
}

#[test]
fn tokens_are_checked() {
    let store = open();
    let token = |text: &str| RunQuery { page_token: Some(text.into()), ..query("", &[]) };
    let error = fails(store.search_runs(&token("!")), ErrorKind::Invalid);
    assert!(error.message.starts_with("Invalid page token"), "{error}");
    fails(store.search_runs(&token("e30=")), ErrorKind::Invalid);
    // {"offset": 18446744073709551615}
    fails(store.search_runs(&token("eyJvZmZzZXQiOiAxODQ0Njc0NDA3MzcwOTU1MTYxNX0=")), ErrorKind::Invalid);
    assert_eq!(store.search_runs(&token("")).unwrap().items, []);
}

#[test]
fn a_token_leads_on_in_its_own_search() {
    let store = open();
    fill(&store);
    let page = |filter: &str, page_token| {
        store.search_runs(&RunQuery { max_results: 4, page_token, ..query(filter, &["metrics.m"]) })
    };
    let first = page("", None).unwrap();
    let second = page("", first.next_page_token.clone()).unwrap();
    fails(page("params.p = 'v'", first.next_page_token), ErrorKind::Invalid);
    // {"offset": 4}: MLflow's tokens say no more.
    let plain = page("", Some("eyJvZmZzZXQiOiA0fQ==".into())).unwrap();
    let ids = |page: &Page<Run>| page.items.iter().map(|run| run.info.run_id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&plain), ids(&second));
    assert!(second.next_page_token.is_some() && plain.next_page_token.is_some());
}

#[test]
fn a_page_goes_on_behind_runs_that_came_meanwhile() {
    let store = open();
    let runs: Vec<String> = (0..4).map(|start| run_in(&store, "0", start)).collect();
    let by_twos = RunQuery { max_results: 2, ..query("", &[]) };
    let page_token = store.search_runs(&by_twos).unwrap().next_page_token;
    run_in(&store, "0", 9);
    let found = pages(&store, &RunQuery { page_token, ..by_twos }).concat();
    assert_eq!(found, [runs[1].clone(), runs[0].clone()]);
}

#[test]
fn a_view_shows_what_is_active_deleted_or_both() {
    let store = open();
    let kept = run_in(&store, "0", 1);
    let deleted = run_in(&store, "0", 2);
    store.delete_run(&deleted).unwrap();
    let seen = |view| pages(&store, &RunQuery { view, ..query("", &[]) }).concat();
    assert_eq!(seen(ViewType::ActiveOnly), std::slice::from_ref(&kept));
    assert_eq!(seen(ViewType::DeletedOnly), std::slice::from_ref(&deleted));
    assert_eq!(seen(ViewType::All), [deleted, kept]);
}

#[test]
fn no_experiment_means_no_run() {
    let store = open();
    run_in(&store, "0", 1);
    assert_eq!(store.search_runs(&RunQuery::default()).unwrap().items, []);
}
