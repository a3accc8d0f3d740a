//! The store from the outside.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod support;

mod smoke;
