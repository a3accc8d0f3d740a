//! Tests of what can be observed around a run.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod csv;
mod data;
mod environment;
mod evaluate;
mod figure;
mod git;
mod html;
mod mlmodel;
mod packages;
mod redact;
mod structure;
