use serde::{Deserialize, Serialize};
use trackline_model::{ModelVersionStatus, Stage};
use utoipa::{IntoParams, ToSchema};

use super::KeyValue;
use super::list::objects;
use super::required_text;
use crate::error::ApiError;

#[derive(Serialize, ToSchema)]
pub(crate) struct ModelVersion {
    name: String,
    /// A number, as text.
    version: String,
    creation_timestamp: i64,
    last_updated_timestamp: i64,
    #[schema(value_type = String, examples("None", "Staging", "Production", "Archived"))]
    current_stage: Stage,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    description: Option<String>,
    source: String,
    run_id: String,
    #[schema(value_type = String, examples("READY"))]
    status: ModelVersionStatus,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    tags: Vec<KeyValue>,
    run_link: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    aliases: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    model_id: Option<String>,
}

impl From<trackline_model::ModelVersion> for ModelVersion {
    fn from(version: trackline_model::ModelVersion) -> Self {
        Self {
            name: version.name,
            version: version.version.to_string(),
            creation_timestamp: version.creation_timestamp,
            last_updated_timestamp: version.last_updated_timestamp,
            current_stage: version.current_stage,
            description: version.description,
            source: version.source,
            run_id: version.run_id.unwrap_or_default(),
            status: version.status,
            tags: version.tags.into_iter().map(KeyValue::from).collect(),
            run_link: version.run_link.unwrap_or_default(),
            aliases: version.aliases,
            model_id: version.model_id,
        }
    }
}

impl ModelVersion {
    /// As it stands in its registered model, which itself has the aliases.
    pub(super) fn without_aliases(self) -> Self {
        Self { aliases: Vec::new(), ..self }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct OneModelVersion {
    pub model_version: ModelVersion,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ModelVersions {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub model_versions: Vec<ModelVersion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_page_token: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateModelVersion {
    #[schema(value_type = String)]
    pub name: Option<String>,
    /// `runs:/<run_id>/<path>`, `models:/<model_id>` or an artifact URI.
    #[schema(value_type = String)]
    pub source: Option<String>,
    pub run_id: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    pub tags: Vec<KeyValue>,
    pub run_link: Option<String>,
    pub description: Option<String>,
    pub model_id: Option<String>,
}

#[derive(Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NameAndVersion {
    #[schema(value_type = String)]
    #[param(value_type = String)]
    pub name: Option<String>,
    #[schema(value_type = String)]
    #[param(value_type = String)]
    pub version: Option<String>,
}

impl NameAndVersion {
    pub(crate) fn checked(self) -> Result<(String, u64), ApiError> {
        Ok((required_text("name", self.name)?, version_number(self.version)?))
    }
}

/// The number of a version, which MLflow's protocol has as text.
pub(crate) fn version_number(version: Option<String>) -> Result<u64, ApiError> {
    let version = required_text("version", version)?;
    let number: i64 = version.parse().map_err(|_| {
        ApiError::invalid(format!("Parameter 'version' must be an integer, got '{version}'."))
    })?;
    u64::try_from(number)
        .map_err(|_| ApiError::not_found(format!("There is no version {number} of any model.")))
}

/// A stage by its name, in any case.
pub(crate) fn stage(name: &str) -> Result<Stage, ApiError> {
    match name.to_ascii_lowercase().as_str() {
        "none" => Ok(Stage::None),
        "staging" => Ok(Stage::Staging),
        "production" => Ok(Stage::Production),
        "archived" => Ok(Stage::Archived),
        _ => Err(ApiError::invalid(format!(
            "Invalid Model Version stage: {name}. Value must be one of None, Staging, Production, Archived."
        ))),
    }
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct UpdateModelVersion {
    #[schema(value_type = String)]
    pub name: Option<String>,
    #[schema(value_type = String)]
    pub version: Option<String>,
    pub description: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct TransitionStage {
    #[schema(value_type = String)]
    pub name: Option<String>,
    #[schema(value_type = String)]
    pub version: Option<String>,
    /// `None`, `Staging`, `Production` or `Archived`, in any case.
    #[schema(value_type = String)]
    pub stage: Option<String>,
    /// Whether the versions that hold the stage now are archived.
    pub archive_existing_versions: Option<bool>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct DownloadUri {
    pub artifact_uri: String,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SetModelVersionTag {
    #[schema(value_type = String)]
    pub name: Option<String>,
    #[schema(value_type = String)]
    pub version: Option<String>,
    #[schema(value_type = String)]
    pub key: Option<String>,
    pub value: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct DeleteModelVersionTag {
    #[schema(value_type = String)]
    pub name: Option<String>,
    #[schema(value_type = String)]
    pub version: Option<String>,
    #[schema(value_type = String)]
    pub key: Option<String>,
}
