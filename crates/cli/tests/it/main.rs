//! The real command against real stores.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod artifact_roots;
mod buckets;
mod clients;
mod databases;
mod experiments;
mod keeping;
mod kills;
mod logs;
mod project;
mod run_console;
mod runs_diff;
mod runs_list;
mod runs_show;
mod serve;
mod served;
mod servers;
mod usage;
