use std::collections::BTreeMap;

use trackline_model::WebhookAction::{Created, Deleted, Exceeded, Set};
use trackline_model::{Tag, WebhookAction, WebhookEntity, WebhookEvent};
use trackline_store::{Result, Store};

use super::data::{Data, data};

/// MLflow keeps prompts as registered models with these tags.
const IS_PROMPT: &str = "mlflow.prompt.is_prompt";
const PROMPT_TYPE: &str = "_mlflow_prompt_type";
const PROMPT_TEXT: &str = "mlflow.prompt.text";

/// Something that has happened to the registered model `name`.
#[derive(Debug, Clone)]
pub(crate) struct Happening {
    pub name: String,
    pub what: What,
}

#[derive(Debug, Clone)]
pub(crate) enum What {
    ModelCreated { tags: Vec<Tag>, description: String },
    VersionCreated(NewVersion),
    ModelTagSet(Tag),
    ModelTagDeleted { key: String },
    VersionTagSet { version: String, tag: Tag },
    VersionTagDeleted { version: String, key: String },
    AliasSet { alias: String, version: String },
    AliasDeleted { alias: String },
}

#[derive(Debug, Clone)]
pub(crate) struct NewVersion {
    pub version: String,
    pub source: String,
    pub run_id: Option<String>,
    pub tags: Vec<Tag>,
    pub description: Option<String>,
}

impl Happening {
    pub fn new(name: impl Into<String>, what: What) -> Self {
        Self { name: name.into(), what }
    }

    /// Whether it has happened to a prompt.
    pub(super) fn is_prompt(&self, store: &Store) -> Result<bool> {
        Ok(match &self.what {
            What::ModelCreated { tags, .. } | What::VersionCreated(NewVersion { tags, .. }) => {
                says_prompt(tags)
            }
            _ => says_prompt(&store.get_registered_model(&self.name)?.tags),
        })
    }

    /// The event, and what is told of it; `None` for what no webhook is told of.
    pub(super) fn told(self, is_prompt: bool) -> Option<(WebhookEvent, Data)> {
        use WebhookEntity::*;
        let name = self.name;
        let (of_model, of_prompt, action, data) = match self.what {
            What::ModelCreated { tags, description } => {
                let data =
                    data!({ "name": name, "tags": plain(tags, is_prompt), "description": description });
                (RegisteredModel, Prompt, Created, data)
            }
            What::VersionCreated(new) => {
                (ModelVersion, PromptVersion, Created, of_version(name, new, is_prompt))
            }
            What::ModelTagSet(tag) if is_prompt => {
                (PromptTag, PromptTag, Set, data!({ "name": name, "key": tag.key, "value": tag.value }))
            }
            What::ModelTagDeleted { key } if is_prompt => {
                (PromptTag, PromptTag, Deleted, data!({ "name": name, "key": key }))
            }
            What::ModelTagSet(_) | What::ModelTagDeleted { .. } => return None,
            What::VersionTagSet { version, tag } => {
                let data = data!({ "name": name, "version": version, "key": tag.key, "value": tag.value });
                (ModelVersionTag, PromptVersionTag, Set, data)
            }
            What::VersionTagDeleted { version, key } => {
                let data = data!({ "name": name, "version": version, "key": key });
                (ModelVersionTag, PromptVersionTag, Deleted, data)
            }
            What::AliasSet { alias, version } => {
                let data = data!({ "name": name, "alias": alias, "version": version });
                (ModelVersionAlias, PromptAlias, Created, data)
            }
            What::AliasDeleted { alias } => {
                (ModelVersionAlias, PromptAlias, Deleted, data!({ "name": name, "alias": alias }))
            }
        };
        Some((WebhookEvent { entity: if is_prompt { of_prompt } else { of_model }, action }, data))
    }
}

fn of_version(name: String, new: NewVersion, is_prompt: bool) -> Data {
    let NewVersion { version, source, run_id, tags, description } = new;
    let mut tags = plain(tags, is_prompt);
    if is_prompt {
        let template = tags.remove(PROMPT_TEXT);
        return data!({
            "name": name, "version": version, "template": template, "tags": tags, "description": description
        });
    }
    data!({
        "name": name, "version": version, "source": source, "run_id": run_id, "tags": tags, "description": description
    })
}

/// The last of several tags with one key counts.
fn says_prompt(tags: &[Tag]) -> bool {
    let tag = tags.iter().rev().find(|tag| tag.key == IS_PROMPT);
    tag.is_some_and(|tag| tag.value.eq_ignore_ascii_case("true"))
}

/// Tags by key; of a prompt without those that only say that it is one.
fn plain(tags: Vec<Tag>, is_prompt: bool) -> BTreeMap<String, String> {
    let mut tags: BTreeMap<_, _> = tags.into_iter().map(|tag| (tag.key, tag.value)).collect();
    if is_prompt {
        tags.remove(IS_PROMPT);
        tags.remove(PROMPT_TYPE);
    }
    tags
}

/// What a test of a webhook tells.
pub(super) fn example(event: WebhookEvent) -> Data {
    use WebhookEntity::*;
    let is_prompt =
        matches!(event.entity, Prompt | PromptVersion | PromptTag | PromptVersionTag | PromptAlias);
    let kind = if is_prompt { "prompt" } else { "model" };
    let text = |text: &str| text.to_owned();
    let tag = || Tag { key: text("example_key"), value: text("example_value") };
    let (version, key, alias) = (text("1"), tag().key, text("example_alias"));
    let description = |what: &str| format!("An example {what}");
    let what = match (event.entity, event.action) {
        (BudgetPolicy, _) | (_, WebhookAction::Updated | Exceeded) => return exceeded_budget(),
        (RegisteredModel, _) => {
            What::ModelCreated { tags: vec![tag()], description: description("registered model") }
        }
        (Prompt, _) => What::ModelCreated { tags: vec![tag()], description: description("prompt") },
        (ModelVersion | PromptVersion, _) => {
            let template = Tag { key: text(PROMPT_TEXT), value: text("Hello {{name}}!") };
            What::VersionCreated(NewVersion {
                version,
                source: text("models:/123"),
                run_id: Some(text("abcd1234abcd5678")),
                tags: std::iter::once(tag()).chain(is_prompt.then_some(template)).collect(),
                description: Some(description(&format!("{kind} version"))),
            })
        }
        (PromptTag, Deleted) => What::ModelTagDeleted { key },
        (PromptTag, _) => What::ModelTagSet(tag()),
        (ModelVersionTag | PromptVersionTag, Deleted) => What::VersionTagDeleted { version, key },
        (ModelVersionTag | PromptVersionTag, _) => What::VersionTagSet { version, tag: tag() },
        (ModelVersionAlias | PromptAlias, Deleted) => What::AliasDeleted { alias },
        (ModelVersionAlias | PromptAlias, _) => What::AliasSet { alias, version },
    };
    let told = Happening::new(format!("example_{kind}"), what).told(is_prompt);
    told.map(|(_, data)| data).unwrap_or_default()
}

fn exceeded_budget() -> Data {
    data!({
        "budget_policy_id": "bp-abc123", "budget_unit": "USD", "budget_amount": 100.0, "current_spend": 105.5,
        "duration_unit": "MONTHS", "duration_value": 1, "target_scope": "ENDPOINT", "workspace": "default",
        "target_value": "ep-abc123", "window_start": 1_704_067_200_000_i64
    })
}
