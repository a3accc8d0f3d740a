//! The tracker against real stores, threads and processes.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

mod artifacts;
mod autolog;
mod child;
mod facts;
mod folders;
mod forks;
mod kills;
mod locating;
mod logging;
mod models;
mod recovery;
mod runs;
mod samples;
mod shutdown;
#[cfg(target_os = "linux")]
mod system_metrics;
mod threads;
mod validation;
