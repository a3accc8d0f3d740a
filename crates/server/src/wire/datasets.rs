use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list::{list, objects};
use super::{KeyValue, tags};
use crate::error::ApiError;

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(expecting = "an object")]
pub(crate) struct Dataset {
    #[serde(default)]
    #[schema(required = true)]
    name: String,
    #[serde(default)]
    #[schema(required = true)]
    digest: String,
    #[serde(default)]
    #[schema(required = true)]
    source_type: String,
    #[serde(default)]
    #[schema(required = true)]
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    schema: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    profile: Option<String>,
}

/// A dataset that a run read, and what for: `mlflow.data.context`.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct DatasetInput {
    #[serde(default, deserialize_with = "objects", skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    tags: Vec<KeyValue>,
    #[schema(value_type = Dataset)]
    dataset: Option<Dataset>,
}

impl From<trackline_model::DatasetInput> for DatasetInput {
    fn from(input: trackline_model::DatasetInput) -> Self {
        let dataset = input.dataset;
        Self {
            tags: input.tags.into_iter().map(KeyValue::from).collect(),
            dataset: Some(Dataset {
                name: dataset.name,
                digest: dataset.digest,
                source_type: dataset.source_type,
                source: dataset.source,
                schema: dataset.schema,
                profile: dataset.profile,
            }),
        }
    }
}

impl DatasetInput {
    /// The input, or the error that names what is missing; `index` is its place in the request.
    pub(crate) fn checked(self, index: usize) -> Result<trackline_model::DatasetInput, ApiError> {
        let dataset = super::required(format_args!("datasets[{index}].dataset"), self.dataset)?;
        Ok(trackline_model::DatasetInput {
            tags: tags(&format!("datasets[{index}].tags"), self.tags)?,
            dataset: trackline_model::Dataset {
                name: super::required_text(
                    format_args!("datasets[{index}].dataset.name"),
                    Some(dataset.name),
                )?,
                digest: dataset.digest,
                source_type: dataset.source_type,
                source: dataset.source,
                schema: dataset.schema,
                profile: dataset.profile,
            },
        })
    }
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SearchDatasets {
    /// Up to 20.
    #[serde(default, deserialize_with = "list")]
    pub experiment_ids: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct DatasetSummary {
    pub experiment_id: String,
    pub name: String,
    pub digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub context: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct DatasetSummaries {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub dataset_summaries: Vec<DatasetSummary>,
}
