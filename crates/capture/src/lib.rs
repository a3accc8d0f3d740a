//! What can be observed around a run: host, packages, git, data, evaluation.
//!
//! Plain functions over plain data: no Python, no database, no network. What cannot be observed is left out;
//! observing never fails, prints or waits longer than a stated bound.

pub mod console;
pub mod csv;
pub mod data;
pub mod environment;
pub mod evaluate;
pub mod figure;
pub mod files;
pub mod git;
pub mod gpu;
pub mod host;
pub mod html;
pub mod mlmodel;
pub mod pace;
pub mod packages;
pub mod rank;
pub mod redact;
pub mod results;
pub mod shown;
pub mod structure;
pub mod system;
pub mod turns;
mod variables;

pub use environment::{Environment, Python};
pub use trackline_model::Invalid;
pub use variables::Variables;
