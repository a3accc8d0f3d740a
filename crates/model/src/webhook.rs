use serde::{Deserialize, Serialize};

use crate::Invalid;

/// Who wants to be told of what happens in the registry, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// A UUID.
    pub webhook_id: String,
    /// For people; several may have the same.
    pub name: String,
    /// Where messages are posted.
    pub url: String,
    /// What it is told of; at least one, each once.
    pub events: Vec<WebhookEvent>,
    /// For people.
    pub description: Option<String>,
    /// Whether it is told anything.
    pub status: WebhookStatus,
    /// When it was made.
    pub creation_timestamp: i64,
    /// When it last changed.
    pub last_updated_timestamp: i64,
}

/// Whether a webhook is told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WebhookStatus {
    /// It is.
    #[default]
    Active,
    /// It is not, for now.
    Disabled,
}

/// Something that happens to one kind of thing in the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookEvent {
    /// To what.
    pub entity: WebhookEntity,
    /// What happens.
    pub action: WebhookAction,
}

impl WebhookEvent {
    /// # Errors
    /// When this never happens to such a thing.
    pub fn new(entity: WebhookEntity, action: WebhookAction) -> Result<Self, Invalid> {
        let actions = entity.actions();
        if actions.contains(&action) {
            return Ok(Self { entity, action });
        }
        let valid: Vec<String> = actions.iter().map(|action| format!("{:?}", name(action))).collect();
        Err(Invalid::new(format!(
            "Invalid action '{}' for entity '{}'. Valid actions are: [{}]",
            name(&action),
            name(&entity),
            valid.join(", ").replace('"', "'")
        )))
    }
}

/// As MLflow writes it: `model_version.created`.
impl std::fmt::Display for WebhookEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", name(&self.entity), name(&self.action))
    }
}

/// The name of a member as it is written in messages.
fn name(member: &impl Serialize) -> String {
    let json = serde_json::to_value(member).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

/// What something can happen to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum WebhookEntity {
    RegisteredModel,
    ModelVersion,
    ModelVersionTag,
    ModelVersionAlias,
    Prompt,
    PromptVersion,
    PromptTag,
    PromptVersionTag,
    PromptAlias,
    /// Of MLflow's gateway; with Trackline nothing happens to one.
    BudgetPolicy,
}

impl WebhookEntity {
    fn actions(self) -> &'static [WebhookAction] {
        use WebhookAction::{Created, Deleted, Exceeded, Set};
        match self {
            Self::RegisteredModel | Self::ModelVersion | Self::Prompt | Self::PromptVersion => &[Created],
            Self::ModelVersionTag | Self::PromptTag | Self::PromptVersionTag => &[Deleted, Set],
            Self::ModelVersionAlias | Self::PromptAlias => &[Created, Deleted],
            Self::BudgetPolicy => &[Exceeded],
        }
    }
}

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum WebhookAction {
    Created,
    Updated,
    Deleted,
    Set,
    Exceeded,
}
