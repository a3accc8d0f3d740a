//! The store with its blobs in a bucket: the tests of `tests/it/` about files, and what is a bucket's own.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod backend;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../it/support.rs"]
mod support;

mod azure;
mod google;
mod large;
mod outage;

#[path = "../it/artifacts.rs"]
mod artifacts;
#[path = "../it/blobs.rs"]
mod blobs;
#[path = "../it/gc.rs"]
mod gc;
