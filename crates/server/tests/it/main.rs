//! The server over a real store in a temporary folder. `tests/postgres/` runs the same tests over a database.
#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking, in its helpers too

mod artifacts;
mod backend;
mod bad_input;
mod direct;
mod experiments;
mod genai;
mod graphql;
mod hostile;
mod journals;
mod logged_models;
mod metrics;
mod openapi;
mod page;
mod receiver;
mod registry;
mod runs;
mod serving;
mod spans;
mod testing;
mod traces;
mod ui;
mod webhooks;
