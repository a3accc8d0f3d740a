//! The registry: names, versions, aliases, stages.

mod aliases;
mod models;
mod search;
mod source;
mod stages;
mod tags;
mod versions;

pub use versions::NewModelVersion;
