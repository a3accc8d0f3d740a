use serde::{Deserialize, Serialize};

use crate::Tag;

/// A name under which versions of a model are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredModel {
    /// Unique in the store.
    pub name: String,
    /// When it was made.
    pub creation_timestamp: i64,
    /// When it or one of its versions last changed.
    pub last_updated_timestamp: i64,
    /// Markdown.
    pub description: Option<String>,
    /// The newest version of each stage.
    pub latest_versions: Vec<ModelVersion>,
    /// Sorted by key.
    pub tags: Vec<Tag>,
    /// Sorted by alias.
    pub aliases: Vec<Alias>,
}

/// A movable name for one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alias {
    /// Unique within its model.
    pub alias: String,
    /// The version it points to.
    pub version: u64,
}

/// The old way to say what a version is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// No stage.
    None,
    /// Being tried.
    Staging,
    /// In use.
    Production,
    /// Kept for the record.
    Archived,
}

/// How far a version has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ModelVersionStatus {
    /// Being made.
    PendingRegistration,
    /// Could not be made.
    FailedRegistration,
    /// Usable.
    Ready,
}

/// One version of a registered model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelVersion {
    /// The registered model.
    pub name: String,
    /// Counted up from 1.
    pub version: u64,
    /// When it was made.
    pub creation_timestamp: i64,
    /// When it last changed.
    pub last_updated_timestamp: i64,
    /// The old way to say what it is used for.
    pub current_stage: Stage,
    /// Markdown.
    pub description: Option<String>,
    /// Where it was registered from: `runs:/…`, `models:/m-…` or an artifact URI.
    pub source: String,
    /// Where its files are.
    pub storage_location: String,
    /// The run that made it.
    pub run_id: Option<String>,
    /// A link to that run elsewhere.
    pub run_link: Option<String>,
    /// The logged model it is a version of.
    pub model_id: Option<String>,
    /// How far it has come.
    pub status: ModelVersionStatus,
    /// Sorted by key.
    pub tags: Vec<Tag>,
    /// Sorted.
    pub aliases: Vec<String>,
}
