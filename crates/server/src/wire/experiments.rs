use serde::{Deserialize, Serialize};
use trackline_model::{LifecycleStage, ViewType};
use utoipa::{IntoParams, ToSchema};

use super::KeyValue;
use super::choice;
use super::list::{list, objects};
use super::number::Int64;

#[derive(Serialize, ToSchema)]
pub(crate) struct Experiment {
    experiment_id: String,
    name: String,
    artifact_location: String,
    #[schema(value_type = String, examples("active", "deleted"))]
    lifecycle_stage: LifecycleStage,
    last_update_time: i64,
    creation_time: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    tags: Vec<KeyValue>,
    /// Always `default`: clients of MLflow 3.17 look for it.
    workspace: &'static str,
}

impl From<trackline_model::Experiment> for Experiment {
    fn from(experiment: trackline_model::Experiment) -> Self {
        Self {
            experiment_id: experiment.experiment_id,
            name: experiment.name,
            artifact_location: experiment.artifact_location,
            lifecycle_stage: experiment.lifecycle_stage,
            last_update_time: experiment.last_update_time,
            creation_time: experiment.creation_time,
            tags: experiment.tags.into_iter().map(KeyValue::from).collect(),
            workspace: "default",
        }
    }
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateExperiment {
    #[schema(value_type = String)]
    pub name: Option<String>,
    pub artifact_location: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    pub tags: Vec<KeyValue>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ExperimentCreated {
    pub experiment_id: String,
}

#[derive(Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExperimentId {
    #[schema(value_type = String)]
    #[param(value_type = String)]
    pub experiment_id: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExperimentName {
    #[param(value_type = String)]
    pub experiment_name: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct OneExperiment {
    pub experiment: Experiment,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct UpdateExperiment {
    #[schema(value_type = String)]
    pub experiment_id: Option<String>,
    #[schema(value_type = String)]
    pub new_name: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SetExperimentTag {
    #[schema(value_type = String)]
    pub experiment_id: Option<String>,
    #[schema(value_type = String)]
    pub key: Option<String>,
    pub value: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct DeleteExperimentTag {
    #[schema(value_type = String)]
    pub experiment_id: Option<String>,
    #[schema(value_type = String)]
    pub key: Option<String>,
}

#[derive(Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchExperiments {
    /// 1 to 50000.
    #[schema(value_type = i64)]
    #[param(value_type = i64)]
    pub max_results: Option<Int64>,
    pub page_token: Option<String>,
    /// Such as `name LIKE 'churn%' AND tags.team = 'ads'`.
    pub filter: Option<String>,
    /// Such as `name ASC`.
    #[serde(default, deserialize_with = "list")]
    #[param(required = false)]
    pub order_by: Vec<String>,
    #[serde(default, deserialize_with = "choice::optional")]
    #[schema(schema_with = choice::schema::<ViewType>)]
    #[param(schema_with = choice::schema::<ViewType>)]
    pub view_type: Option<ViewType>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Experiments {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub experiments: Vec<Experiment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_page_token: Option<String>,
}
