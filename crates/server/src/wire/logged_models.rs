use serde::{Deserialize, Serialize};
use trackline_model::LoggedModelStatus;
use utoipa::ToSchema;

use super::list::objects;
use super::metrics::Metric;
use super::number::Int64;
use super::{KeyValue, choice};

#[derive(Serialize, ToSchema)]
pub(crate) struct LoggedModelInfo {
    model_id: String,
    experiment_id: String,
    name: String,
    creation_timestamp_ms: i64,
    last_updated_timestamp_ms: i64,
    artifact_uri: String,
    #[schema(schema_with = choice::schema::<LoggedModelStatus>)]
    status: LoggedModelStatus,
    model_type: String,
    source_run_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    tags: Vec<KeyValue>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct LoggedModelData {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    params: Vec<KeyValue>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    metrics: Vec<Metric>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct LoggedModel {
    info: LoggedModelInfo,
    data: LoggedModelData,
}

impl From<trackline_model::LoggedModel> for LoggedModel {
    fn from(model: trackline_model::LoggedModel) -> Self {
        Self {
            info: LoggedModelInfo {
                model_id: model.model_id,
                experiment_id: model.experiment_id,
                name: model.name,
                creation_timestamp_ms: model.creation_timestamp,
                last_updated_timestamp_ms: model.last_updated_timestamp,
                artifact_uri: model.artifact_uri,
                status: model.status,
                model_type: model.model_type.unwrap_or_default(),
                source_run_id: model.source_run_id.unwrap_or_default(),
                tags: model.tags.into_iter().map(KeyValue::from).collect(),
            },
            data: LoggedModelData {
                params: model.params.into_iter().map(KeyValue::from).collect(),
                metrics: model.metrics.into_iter().map(Metric::of_model).collect(),
            },
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct OneLoggedModel {
    pub model: LoggedModel,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateLoggedModel {
    #[schema(value_type = String)]
    pub experiment_id: Option<String>,
    /// `model` if not given.
    pub name: Option<String>,
    pub model_type: Option<String>,
    pub source_run_id: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    pub params: Vec<KeyValue>,
    #[serde(default, deserialize_with = "objects")]
    pub tags: Vec<KeyValue>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct FinalizeLoggedModel {
    /// As in the path.
    #[schema(value_type = String)]
    pub model_id: Option<String>,
    #[serde(default, deserialize_with = "choice::optional")]
    #[schema(schema_with = choice::schema::<LoggedModelStatus>)]
    pub status: Option<LoggedModelStatus>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SetLoggedModelTags {
    #[serde(default, deserialize_with = "objects")]
    pub tags: Vec<KeyValue>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct LogLoggedModelParams {
    /// As in the path.
    #[schema(value_type = String)]
    pub model_id: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    pub params: Vec<KeyValue>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SearchLoggedModels {
    #[schema(value_type = Vec<String>)]
    pub experiment_ids: Option<Vec<String>>,
    pub filter: Option<String>,
    /// Only metrics measured on these count in `filter` and `order_by`.
    #[serde(default, deserialize_with = "objects")]
    #[schema(required = false)]
    pub datasets: Vec<DatasetName>,
    /// At least 1; 50 if not given. No page is larger than 1000.
    #[schema(value_type = Option<i64>)]
    pub max_results: Option<Int64>,
    #[serde(default, deserialize_with = "objects")]
    #[schema(required = false)]
    pub order_by: Vec<OrderBy>,
    pub page_token: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct DatasetName {
    #[schema(value_type = String)]
    pub dataset_name: Option<String>,
    pub dataset_digest: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct OrderBy {
    #[schema(value_type = String)]
    pub field_name: Option<String>,
    /// True if not given.
    pub ascending: Option<bool>,
    pub dataset_name: Option<String>,
    pub dataset_digest: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct LoggedModels {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub models: Vec<LoggedModel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_page_token: Option<String>,
}
