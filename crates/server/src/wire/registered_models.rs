use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::KeyValue;
use super::list::{list, objects};
use super::model_versions::ModelVersion;
use super::number::Int64;

#[derive(Serialize, ToSchema)]
pub(crate) struct Alias {
    alias: String,
    version: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RegisteredModel {
    name: String,
    creation_timestamp: i64,
    last_updated_timestamp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    description: Option<String>,
    /// The newest version of each stage.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    latest_versions: Vec<ModelVersion>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    tags: Vec<KeyValue>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    aliases: Vec<Alias>,
}

impl From<trackline_model::RegisteredModel> for RegisteredModel {
    fn from(model: trackline_model::RegisteredModel) -> Self {
        let aliases = model.aliases.into_iter();
        let latest = model.latest_versions.into_iter();
        Self {
            name: model.name,
            creation_timestamp: model.creation_timestamp,
            last_updated_timestamp: model.last_updated_timestamp,
            description: model.description,
            latest_versions: latest.map(|version| ModelVersion::from(version).without_aliases()).collect(),
            tags: model.tags.into_iter().map(KeyValue::from).collect(),
            aliases: aliases.map(|a| Alias { alias: a.alias, version: a.version.to_string() }).collect(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct OneRegisteredModel {
    pub registered_model: RegisteredModel,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateRegisteredModel {
    #[schema(value_type = String)]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    pub tags: Vec<KeyValue>,
    pub description: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct RenameRegisteredModel {
    #[schema(value_type = String)]
    pub name: Option<String>,
    #[schema(value_type = String)]
    pub new_name: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct UpdateRegisteredModel {
    #[schema(value_type = String)]
    pub name: Option<String>,
    pub description: Option<String>,
}

#[derive(Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RegisteredModelName {
    #[schema(value_type = String)]
    #[param(value_type = String)]
    pub name: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Search {
    pub filter: Option<String>,
    /// 100 (versions: 200000) if not given.
    #[param(value_type = Option<i64>)]
    pub max_results: Option<Int64>,
    #[serde(default, deserialize_with = "list")]
    #[param(required = false)]
    pub order_by: Vec<String>,
    pub page_token: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RegisteredModels {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub registered_models: Vec<RegisteredModel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_page_token: Option<String>,
}

#[derive(Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct GetLatestVersions {
    #[schema(value_type = String)]
    #[param(value_type = String)]
    pub name: Option<String>,
    /// All stages if empty.
    #[serde(default, deserialize_with = "list")]
    #[param(required = false)]
    #[schema(required = false)]
    pub stages: Vec<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SetRegisteredModelTag {
    #[schema(value_type = String)]
    pub name: Option<String>,
    #[schema(value_type = String)]
    pub key: Option<String>,
    pub value: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct DeleteRegisteredModelTag {
    #[schema(value_type = String)]
    pub name: Option<String>,
    #[schema(value_type = String)]
    pub key: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SetAlias {
    #[schema(value_type = String)]
    pub name: Option<String>,
    #[schema(value_type = String)]
    pub alias: Option<String>,
    #[schema(value_type = String)]
    pub version: Option<String>,
}

#[derive(Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AliasName {
    #[schema(value_type = String)]
    #[param(value_type = String)]
    pub name: Option<String>,
    #[schema(value_type = String)]
    #[param(value_type = String)]
    pub alias: Option<String>,
}
