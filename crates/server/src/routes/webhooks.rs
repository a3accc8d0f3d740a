use axum::Extension;
use axum::extract::State;
use trackline_model::WebhookEvent;
use trackline_store::{NewWebhook, Store, WebhookChange};

use super::{Answer, blocking, done, max_results};
use crate::error::ApiError;
use crate::webhooks::Webhooks as Telling;
use crate::wire::webhooks::{
    CreateWebhook, ListWebhooks, OneWebhook, TestWebhook, UpdateWebhook, Webhook, WebhookTestResult,
    WebhookTested, Webhooks,
};
use crate::wire::{Args, Done, Json, Path, optional_text, required_text};

/// Makes a webhook.
#[utoipa::path(post, path = "/webhooks", tag = "webhooks", request_body = CreateWebhook,
    responses((status = OK, body = OneWebhook)))]
pub(crate) async fn create(
    State(store): State<Store>,
    Extension(telling): Extension<Telling>,
    Args(args): Args<CreateWebhook>,
) -> Answer<OneWebhook> {
    let new = NewWebhook {
        name: required_text("name", args.name)?,
        url: required_text("url", args.url)?,
        events: events(args.events)?,
        description: args.description,
        secret: args.secret,
        status: args.status.unwrap_or_default(),
    };
    let webhook = blocking(move || {
        telling.rules().check(&new.url)?;
        store.create_webhook(&new).map_err(ApiError::from)
    });
    Ok(Json(OneWebhook { webhook: webhook.await?.into() }))
}

/// All webhooks, the newest first.
#[utoipa::path(get, path = "/webhooks", tag = "webhooks", params(ListWebhooks),
    responses((status = OK, body = Webhooks)))]
pub(crate) async fn list(State(store): State<Store>, Args(args): Args<ListWebhooks>) -> Answer<Webhooks> {
    let (most, token) = (max_results(args.max_results, 100, 1000)?, optional_text(args.page_token));
    let page = blocking(move || store.list_webhooks(most, token.as_deref())).await?;
    let webhooks = page.items.into_iter().map(Webhook::from).collect();
    Ok(Json(Webhooks { webhooks, next_page_token: page.next_page_token }))
}

/// One webhook.
#[utoipa::path(get, path = "/webhooks/{webhook_id}", tag = "webhooks", params(("webhook_id" = String, Path)),
    responses((status = OK, body = OneWebhook)))]
pub(crate) async fn get(State(store): State<Store>, Path(id): Path<String>) -> Answer<OneWebhook> {
    let target = blocking(move || store.get_webhook(&id)).await?;
    Ok(Json(OneWebhook { webhook: target.webhook.into() }))
}

/// Changes a webhook.
#[utoipa::path(patch, path = "/webhooks/{webhook_id}", tag = "webhooks", params(("webhook_id" = String, Path)),
    request_body = UpdateWebhook, responses((status = OK, body = OneWebhook)))]
pub(crate) async fn update(
    State(store): State<Store>,
    Extension(telling): Extension<Telling>,
    Path(id): Path<String>,
    Args(args): Args<UpdateWebhook>,
) -> Answer<OneWebhook> {
    let events = events(args.events)?;
    let change = WebhookChange {
        name: optional_text(args.name),
        url: optional_text(args.url),
        events: (!events.is_empty()).then_some(events),
        description: args.description,
        secret: args.secret,
        status: args.status,
    };
    let webhook = blocking(move || {
        change.url.as_deref().map_or(Ok(()), |url| telling.rules().check(url))?;
        store.update_webhook(&id, &change).map_err(ApiError::from)
    });
    Ok(Json(OneWebhook { webhook: webhook.await?.into() }))
}

/// Deletes a webhook.
#[utoipa::path(delete, path = "/webhooks/{webhook_id}", tag = "webhooks", params(("webhook_id" = String, Path)),
    responses((status = OK, body = Done)))]
pub(crate) async fn delete(State(store): State<Store>, Path(id): Path<String>) -> Answer<Done> {
    done(move || store.delete_webhook(&id)).await
}

/// Sends an example, and says what came back.
#[utoipa::path(post, path = "/webhooks/{webhook_id}/test", tag = "webhooks", params(("webhook_id" = String, Path)),
    request_body = TestWebhook, responses((status = OK, body = WebhookTested)))]
pub(crate) async fn test(
    State(store): State<Store>,
    Extension(telling): Extension<Telling>,
    Path(id): Path<String>,
    Args(args): Args<TestWebhook>,
) -> Answer<WebhookTested> {
    let event = args.event.map(|event| event.checked()).transpose()?;
    let target = blocking(move || store.get_webhook(&id)).await?;
    let result = match telling.test(target, event).await {
        Ok(reply) => WebhookTestResult {
            success: reply.is_good(),
            response_status: Some(reply.status),
            response_body: optional_text(Some(reply.body)),
            error_message: None,
        },
        Err(failure) => WebhookTestResult {
            success: false,
            response_status: None,
            response_body: None,
            error_message: Some(format!("Failed to test webhook: {}", failure.cause)),
        },
    };
    Ok(Json(WebhookTested { result }))
}

fn events(given: Vec<crate::wire::webhooks::WebhookEvent>) -> Result<Vec<WebhookEvent>, ApiError> {
    given.into_iter().map(|event| event.checked()).collect()
}
