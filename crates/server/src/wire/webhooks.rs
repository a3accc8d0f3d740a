use serde::{Deserialize, Serialize};
use trackline_model::{WebhookAction, WebhookEntity, WebhookStatus};
use utoipa::{IntoParams, ToSchema};

use super::choice::{self, Choice};
use super::list::objects;
use super::number::Int64;
use crate::error::ApiError;

impl Choice for WebhookStatus {
    const MEMBERS: &'static [(i64, &'static str, Self)] =
        &[(1, "ACTIVE", Self::Active), (2, "DISABLED", Self::Disabled)];
}

impl Choice for WebhookEntity {
    const MEMBERS: &'static [(i64, &'static str, Self)] = &[
        (1, "REGISTERED_MODEL", Self::RegisteredModel),
        (2, "MODEL_VERSION", Self::ModelVersion),
        (3, "MODEL_VERSION_TAG", Self::ModelVersionTag),
        (4, "MODEL_VERSION_ALIAS", Self::ModelVersionAlias),
        (5, "PROMPT", Self::Prompt),
        (6, "PROMPT_VERSION", Self::PromptVersion),
        (7, "PROMPT_TAG", Self::PromptTag),
        (8, "PROMPT_VERSION_TAG", Self::PromptVersionTag),
        (9, "PROMPT_ALIAS", Self::PromptAlias),
        (10, "BUDGET_POLICY", Self::BudgetPolicy),
    ];
}

impl Choice for WebhookAction {
    const MEMBERS: &'static [(i64, &'static str, Self)] = &[
        (1, "CREATED", Self::Created),
        (2, "UPDATED", Self::Updated),
        (3, "DELETED", Self::Deleted),
        (4, "SET", Self::Set),
        (5, "EXCEEDED", Self::Exceeded),
    ];
}

/// What a webhook is told of: what happens, and to what.
#[derive(Serialize, Deserialize, ToSchema)]
pub(crate) struct WebhookEvent {
    #[serde(default, deserialize_with = "choice::optional", serialize_with = "choice::by_name")]
    #[schema(schema_with = choice::schema::<WebhookEntity>, required = true)]
    entity: Option<WebhookEntity>,
    #[serde(default, deserialize_with = "choice::optional", serialize_with = "choice::by_name")]
    #[schema(schema_with = choice::schema::<WebhookAction>, required = true)]
    action: Option<WebhookAction>,
}

impl WebhookEvent {
    pub(crate) fn checked(self) -> Result<trackline_model::WebhookEvent, ApiError> {
        let (Some(entity), Some(action)) = (self.entity, self.action) else {
            return Err(ApiError::invalid(
                "An event of a webhook needs an entity and an action, such as MODEL_VERSION and CREATED.",
            ));
        };
        trackline_model::WebhookEvent::new(entity, action)
            .map_err(|invalid| ApiError::invalid(invalid.message))
    }
}

impl From<trackline_model::WebhookEvent> for WebhookEvent {
    fn from(event: trackline_model::WebhookEvent) -> Self {
        Self { entity: Some(event.entity), action: Some(event.action) }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Webhook {
    webhook_id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    description: Option<String>,
    url: String,
    events: Vec<WebhookEvent>,
    #[schema(schema_with = choice::schema::<WebhookStatus>)]
    status: WebhookStatus,
    creation_timestamp: i64,
    last_updated_timestamp: i64,
}

impl From<trackline_model::Webhook> for Webhook {
    fn from(webhook: trackline_model::Webhook) -> Self {
        Self {
            webhook_id: webhook.webhook_id,
            name: webhook.name,
            description: webhook.description,
            url: webhook.url,
            events: webhook.events.into_iter().map(WebhookEvent::from).collect(),
            status: webhook.status,
            creation_timestamp: webhook.creation_timestamp,
            last_updated_timestamp: webhook.last_updated_timestamp,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct OneWebhook {
    pub webhook: Webhook,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Webhooks {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub webhooks: Vec<Webhook>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_page_token: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateWebhook {
    #[schema(value_type = String)]
    pub name: Option<String>,
    pub description: Option<String>,
    #[schema(value_type = String)]
    pub url: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    #[schema(required = true)]
    pub events: Vec<WebhookEvent>,
    /// What messages are signed with; never given back.
    pub secret: Option<String>,
    #[serde(default, deserialize_with = "choice::optional")]
    #[schema(schema_with = choice::schema::<WebhookStatus>)]
    pub status: Option<WebhookStatus>,
}

/// What is absent stays.
#[derive(Deserialize, ToSchema)]
pub(crate) struct UpdateWebhook {
    pub name: Option<String>,
    pub description: Option<String>,
    pub url: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    pub events: Vec<WebhookEvent>,
    pub secret: Option<String>,
    #[serde(default, deserialize_with = "choice::optional")]
    #[schema(schema_with = choice::schema::<WebhookStatus>)]
    pub status: Option<WebhookStatus>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListWebhooks {
    /// 100 if not given.
    #[param(value_type = Option<i64>)]
    pub max_results: Option<Int64>,
    pub page_token: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct TestWebhook {
    /// The first that the webhook is told of if not given.
    pub event: Option<WebhookEvent>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookTestResult {
    pub success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub response_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub response_body: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error_message: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct WebhookTested {
    pub result: WebhookTestResult,
}
