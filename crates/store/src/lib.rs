//! The database: runs, packed metric history, registry, artifacts.
