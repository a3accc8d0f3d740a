//! What the model promises, through its public face.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod drift;
mod filter;
mod filter_errors;
mod filter_properties;
mod limits;
mod order;
