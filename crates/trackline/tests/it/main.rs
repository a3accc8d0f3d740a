//! The tracker against real stores, threads and processes.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

mod artifacts;
mod autolog;
mod budgets;
mod child;
mod deaths;
mod explicit;
mod facts;
mod files;
mod folders;
mod forks;
mod heartbeats;
mod kills;
mod locating;
mod logging;
mod models;
mod modes;
mod pictures;
mod recovery;
mod remote;
mod remote_mlflow;
mod runs;
mod samples;
mod servers;
mod sessions;
mod shutdown;
mod space;
#[cfg(target_os = "linux")]
mod system_metrics;
mod threads;
mod validation;
#[cfg(target_os = "linux")]
mod variables;
