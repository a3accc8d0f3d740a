//! Metric history: one row per run and key with what is known of it, and packed chunks of points.

mod append;
mod chunk;
mod history;
mod merge;
mod order;
mod sampling;
mod summary;

pub use history::{RunPoint, StepRange};
pub use sampling::Series;

pub(crate) use append::{Addition, append};
pub(crate) use summary::LATEST;
