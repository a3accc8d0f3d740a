use trackline_model::{WebhookAction, WebhookEntity, WebhookEvent, WebhookStatus};
use trackline_store::{ErrorKind, NewWebhook, WebhookChange};

use crate::support::{fails, open};

fn event(entity: WebhookEntity, action: WebhookAction) -> WebhookEvent {
    WebhookEvent::new(entity, action).unwrap()
}

fn versions() -> WebhookEvent {
    event(WebhookEntity::ModelVersion, WebhookAction::Created)
}

fn new(name: &str) -> NewWebhook {
    NewWebhook {
        name: name.into(),
        url: "https://example.com/hook".into(),
        events: vec![versions(), event(WebhookEntity::PromptTag, WebhookAction::Set), versions()],
        description: Some("tells the team".into()),
        secret: Some("s3cret".into()),
        status: WebhookStatus::Active,
    }
}

#[test]
fn a_webhook_is_made_changed_and_deleted() {
    let store = open();
    let made = store.create_webhook(&new("deploy")).unwrap();
    assert_eq!((made.name.as_str(), made.url.as_str()), ("deploy", "https://example.com/hook"));
    assert_eq!(made.events.len(), 2, "each counts once");
    let id = made.webhook_id.clone();
    let found = store.get_webhook(&id).unwrap();
    assert_eq!((found.webhook, found.secret.as_deref()), (made, Some("s3cret")));

    let change =
        WebhookChange { name: Some("tell".into()), description: Some(String::new()), ..Default::default() };
    let changed = store.update_webhook(&id, &change).unwrap();
    assert_eq!((changed.name.as_str(), changed.description), ("tell", None));
    assert_eq!(changed.url, "https://example.com/hook");
    assert_eq!(store.get_webhook(&id).unwrap().secret.as_deref(), Some("s3cret"));
    store.update_webhook(&id, &WebhookChange { secret: Some(String::new()), ..Default::default() }).unwrap();
    assert_eq!(store.get_webhook(&id).unwrap().secret, None);

    store.delete_webhook(&id).unwrap();
    for gone in [store.delete_webhook(&id), store.update_webhook(&id, &change).map(drop)] {
        fails(gone, ErrorKind::NotFound);
    }
    assert!(store.list_webhooks(100, None).unwrap().items.is_empty());
}

#[test]
fn those_are_found_that_are_told_of_an_event() {
    let store = open();
    let id = store.create_webhook(&new("a")).unwrap().webhook_id;
    let told = |event| store.webhooks_of(event).unwrap().len();
    assert_eq!(told(versions()), 1);
    assert_eq!(told(event(WebhookEntity::Prompt, WebhookAction::Created)), 0);
    let off = WebhookChange { status: Some(WebhookStatus::Disabled), ..Default::default() };
    store.update_webhook(&id, &off).unwrap();
    assert_eq!(told(versions()), 0);
}

#[test]
fn they_are_listed_by_pages() {
    let store = open();
    let mut made: Vec<String> =
        ["a", "b", "c"].map(|name| store.create_webhook(&new(name)).unwrap().webhook_id).to_vec();
    let first = store.list_webhooks(2, None).unwrap();
    let rest = store.list_webhooks(2, first.next_page_token.as_deref()).unwrap();
    assert_eq!((first.items.len(), rest.items.len(), rest.next_page_token), (2, 1, None));
    let mut listed: Vec<String> =
        first.items.into_iter().chain(rest.items).map(|webhook| webhook.webhook_id).collect();
    listed.sort();
    made.sort();
    assert_eq!(listed, made);
    fails(store.list_webhooks(1001, None), ErrorKind::Invalid);
}

#[test]
fn what_makes_no_sense_is_refused() {
    let store = open();
    for name in ["", "-a", "a-", "a b", "é", &"a".repeat(64)] {
        fails(store.create_webhook(&new(name)), ErrorKind::Invalid);
    }
    fails(store.create_webhook(&NewWebhook { events: Vec::new(), ..new("a") }), ErrorKind::Invalid);
    let error = WebhookEvent::new(WebhookEntity::ModelVersionTag, WebhookAction::Created).unwrap_err();
    assert_eq!(
        error.message,
        "Invalid action 'created' for entity 'model_version_tag'. Valid actions are: ['deleted', 'set']"
    );
}
