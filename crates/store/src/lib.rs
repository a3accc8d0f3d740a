//! The database: runs, packed metric history, registry, artifacts.
//!
//! [`Store`] is the one face to a store; its methods are spread over the files by subject. Calls block and may be
//! made from any number of threads and processes at once: writers wait for each other. A store is a folder with an
//! embedded database, or, with the feature `postgres`, a PostgreSQL database and a folder of blobs, or with the feature
//! `bucket` an object store for these. `docs/format.md` describes what is on disk.

mod artifact_root;
mod artifacts;
mod backup;
mod batch;
mod blobs;
mod captured;
#[cfg(feature = "certificates")]
mod certificates;
mod documents;
mod drift;
mod error;
mod experiments;
mod gc;
mod inputs;
mod journal;
mod metrics;
mod models;
mod names;
mod origin;
mod page;
mod params;
#[cfg(feature = "postgres")]
mod postgres;
mod query;
mod registry;
mod rows;
mod runs;
mod schema;
mod search;
mod sql;
mod sqlite;
mod store;
mod tags;
mod traces;
mod webhooks;

pub use artifact_root::{ArtifactRoot, OpenArtifact, tree_path};
pub use artifacts::Artifact;
pub use backup::Copied;
pub use batch::Batch;
pub use blobs::{Blob, Blobs, Direct, DirectUpload, ReadSeek};
#[cfg(feature = "bucket")]
pub use blobs::{Bucket, is_bucket};
#[cfg(feature = "certificates")]
pub use certificates::authorities;
pub use drift::DatasetDrift;
pub use error::{Error, ErrorKind, Result};
pub use gc::Removed;
pub use inputs::DatasetSummary;
pub use journal::{Applied, Received, Skipped};
pub use metrics::{RunPoint, Series, StepRange};
pub use models::NewLoggedModel;
pub use params::ParamChange;
#[cfg(feature = "postgres")]
pub use postgres::is_database;
pub use query::{
    DatasetFilter, ExperimentQuery, ModelOrder, ModelQuery, NewRun, Page, RegistryQuery, RunQuery, TraceQuery,
};
pub use registry::NewModelVersion;
#[cfg(feature = "postgres")]
pub use store::Artifacts;
pub use store::{Location, Store, StoreOptions};
pub use traces::OldTraces;
pub use webhooks::{NewWebhook, WebhookChange, WebhookTarget};
