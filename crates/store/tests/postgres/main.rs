//! The store from the outside, on PostgreSQL: the tests of `tests/it/`, and what is PostgreSQL's own.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests")]

mod backend;
#[path = "../it/fixture.rs"]
mod fixture;
#[path = "../it/support.rs"]
mod support;

mod opening;
mod tls;

#[path = "../it/artifacts.rs"]
mod artifacts;
#[path = "../it/batch.rs"]
mod batch;
#[path = "../it/experiments.rs"]
mod experiments;
#[path = "../it/frames.rs"]
mod frames;
#[path = "../it/gc.rs"]
mod gc;
#[path = "../it/inputs.rs"]
mod inputs;
#[path = "../it/journal.rs"]
mod journal;
#[path = "../it/leases.rs"]
mod leases;
#[path = "../it/logged_models.rs"]
mod logged_models;
#[path = "../it/metrics.rs"]
mod metrics;
#[path = "../it/metrics_model.rs"]
mod metrics_model;
#[path = "../it/paging.rs"]
mod paging;
#[path = "../it/params.rs"]
mod params;
#[path = "../it/processes.rs"]
mod processes;
#[path = "../it/registry.rs"]
mod registry;
#[path = "../it/registry_search.rs"]
mod registry_search;
#[path = "../it/runs.rs"]
mod runs;
#[path = "../it/search.rs"]
mod search;
#[path = "../it/search_model.rs"]
mod search_model;
#[path = "../it/spans.rs"]
mod spans;
#[path = "../it/tags.rs"]
mod tags;
#[path = "../it/text.rs"]
mod text;
#[path = "../it/traces.rs"]
mod traces;
#[path = "../it/webhooks.rs"]
mod webhooks;
