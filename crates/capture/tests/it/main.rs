//! Tests of what can be observed around a run.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod console;
mod csv;
mod data;
mod environment;
mod evaluate;
mod figure;
mod files;
mod git;
mod html;
mod mlmodel;
#[cfg(target_os = "linux")]
mod nvml;
mod packages;
mod redact;
mod results;
mod shown;
mod structure;
#[cfg(target_os = "linux")]
mod system;
mod turns;
