//! The store from the outside, on SQLite. `tests/postgres/` runs the same tests on PostgreSQL.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod backend;
mod fixture;
mod support;

mod artifacts;
mod backup;
mod batch;
mod blobs;
mod experiments;
mod frames;
mod gc;
mod inputs;
mod journal;
mod leases;
mod logged_models;
mod metrics;
mod metrics_model;
mod opening;
mod paging;
mod params;
mod processes;
mod registry;
mod registry_search;
mod runs;
mod search;
mod search_model;
mod spans;
mod tags;
mod text;
mod traces;
mod webhooks;
