//! The server with artifacts in a bucket: the tests of `tests/it/` about files, and the ways past the server.
#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking, in its helpers too

mod backend;
mod direct;

#[path = "../it/artifacts.rs"]
mod artifacts;
#[path = "../it/journals.rs"]
mod journals;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../it/testing.rs"]
mod testing;
