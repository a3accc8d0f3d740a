//! The server over a store in a PostgreSQL database: the tests of `tests/it/` that ask for what is stored.
#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking, in its helpers too

mod backend;

#[path = "../it/artifacts.rs"]
mod artifacts;
#[path = "../it/bad_input.rs"]
mod bad_input;
#[path = "../it/direct.rs"]
mod direct;
#[path = "../it/experiments.rs"]
mod experiments;
#[path = "../it/genai.rs"]
mod genai;
#[path = "../it/hostile.rs"]
mod hostile;
#[path = "../it/journals.rs"]
mod journals;
#[path = "../it/logged_models.rs"]
mod logged_models;
#[path = "../it/metrics.rs"]
mod metrics;
#[path = "../it/page.rs"]
mod page;
#[path = "../it/receiver.rs"]
mod receiver;
#[path = "../it/registry.rs"]
mod registry;
#[path = "../it/runs.rs"]
mod runs;
#[path = "../it/spans.rs"]
mod spans;
#[path = "../it/testing.rs"]
mod testing;
#[path = "../it/traces.rs"]
mod traces;
#[path = "../it/webhooks.rs"]
mod webhooks;
