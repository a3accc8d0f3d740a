//! A store of its own, and short names for what tests make.

use trackline_model::{Metric, Param, Point, Tag};
use trackline_store::{Error, ErrorKind, NewRun, Result, RunQuery, Store};

use crate::backend::Place;

/// A store that is deleted with what it is kept in.
pub struct Fixture {
    pub store: Store,
    pub folder: Place,
}

pub fn open() -> Fixture {
    let folder = Place::new();
    Fixture { store: folder.open(), folder }
}

impl std::ops::Deref for Fixture {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

/// A run in the default experiment.
pub fn run(store: &Store) -> String {
    run_in(store, "0", 1_700_000_000_000)
}

pub fn run_in(store: &Store, experiment_id: &str, start_time: i64) -> String {
    let run = NewRun {
        experiment_id: experiment_id.into(),
        user_id: "ada".into(),
        start_time,
        ..NewRun::default()
    };
    store.create_run(&run).unwrap().info.run_id
}

pub fn tag(key: &str, value: &str) -> Tag {
    Tag { key: key.into(), value: value.into() }
}

pub fn param(key: &str, value: &str) -> Param {
    Param { key: key.into(), value: value.into() }
}

pub fn metric(key: &str, value: f64, timestamp: i64, step: i64) -> Metric {
    Metric::of_point(key, &point(step, timestamp, value))
}

pub fn point(step: i64, timestamp: i64, value: f64) -> Point {
    Point { step, timestamp, value }
}

/// A query of the default experiment.
pub fn query(filter: &str, order_by: &[&str]) -> RunQuery {
    RunQuery {
        experiment_ids: vec!["0".into()],
        filter: filter.into(),
        order_by: order_by.iter().map(|clause| (*clause).to_owned()).collect(),
        ..RunQuery::default()
    }
}

/// The error of a call that has to fail in this way.
#[track_caller]
pub fn fails<T: std::fmt::Debug>(result: Result<T>, kind: ErrorKind) -> Error {
    let error = result.unwrap_err();
    assert_eq!(error.kind, kind, "{error}");
    error
}
