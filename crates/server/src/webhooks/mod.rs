//! Tells webhooks what happens in the registry: signed, again and again until it is taken, and only on the public
//! Internet unless the server was told otherwise.

mod data;
mod happening;
mod message;
mod post;
mod public;
mod rules;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::Semaphore;
use trackline_model::WebhookEvent;
use trackline_store::{Store, WebhookTarget};

pub(crate) use happening::{Happening, NewVersion, What};
use message::Message;
pub(crate) use post::Reply;
use post::{Poster, Undelivered};
pub use rules::WebhookRules;

use crate::routes::blocking;

/// So many happenings wait to be told; what happens while they do is not told.
const WAITING: u32 = 1000;
/// So many messages are under way at a time.
const SENDING: usize = 10;

/// What tells webhooks. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Webhooks {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    poster: Poster,
    rules: WebhookRules,
    waiting: Arc<Semaphore>,
    sending: Semaphore,
}

impl Webhooks {
    pub(crate) fn new(store: Store, rules: WebhookRules) -> Self {
        let poster = Poster::new(&rules);
        let waiting = Arc::new(Semaphore::new(WAITING as usize));
        let sending = Semaphore::new(SENDING);
        Self { inner: Arc::new(Inner { store, poster, rules, waiting, sending }) }
    }

    pub(crate) fn rules(&self) -> &WebhookRules {
        &self.inner.rules
    }

    /// Tells whoever wants to know, in the background.
    pub(crate) fn tell(&self, happening: Happening) {
        let Ok(place) = self.inner.waiting.clone().try_acquire_owned() else {
            tracing::warn!(waiting = WAITING, "webhooks are not told of a change: too many messages wait");
            return;
        };
        let inner = self.inner.clone();
        tokio::spawn(async move {
            inner.deliver(happening).await;
            drop(place);
        });
    }

    /// Sends an example of an event, by default the first that the webhook is told of.
    pub(crate) async fn test(
        &self,
        target: WebhookTarget,
        event: Option<WebhookEvent>,
    ) -> Result<Reply, Undelivered> {
        let Some(event) = event.or_else(|| target.webhook.events.first().copied()) else {
            return Err(Undelivered::nothing());
        };
        let message = Message::new(event, &happening::example(event), target.secret.as_deref());
        self.inner.post(&target, Arc::new(message)).await
    }

    /// Waits until nothing waits to be told any more.
    pub(crate) async fn idle(&self) {
        drop(self.inner.waiting.acquire_many(WAITING).await);
    }
}

impl Inner {
    async fn deliver(self: &Arc<Self>, happening: Happening) {
        let store = self.store.clone();
        let found = blocking(move || {
            let is_prompt = happening.is_prompt(&store)?;
            let Some((event, data)) = happening.told(is_prompt) else { return Ok(None) };
            store.webhooks_of(event).map(|targets| Some((event, data, targets)))
        });
        match found.await {
            Ok(None) => {}
            Ok(Some((event, data, targets))) => {
                let each = targets.iter().map(|target| {
                    let message = Message::new(event, &data, target.secret.as_deref());
                    self.insist(event, target, Arc::new(message))
                });
                join_all(each).await;
            }
            // The error is logged where it becomes an answer; this one becomes none.
            Err(error) => tracing::error!(cause = error.message(), "webhooks are not told of a change"),
        }
    }

    /// Posts until it is taken, or refused for good, or was tried often enough.
    async fn insist(&self, event: WebhookEvent, target: &WebhookTarget, message: Arc<Message>) {
        let mut attempt = 0;
        loop {
            let outcome = self.post(target, message.clone()).await;
            let (again, cause) = match outcome {
                Ok(reply) if reply.is_good() => return,
                Ok(reply) => (reply.again(), format!("it answered with the status {}", reply.status)),
                Err(failure) => (failure.again.then_some(None), failure.cause),
            };
            match again {
                Some(wait) if attempt < self.rules.retries => {
                    tokio::time::sleep(wait.unwrap_or_else(|| backoff(attempt))).await;
                    attempt += 1;
                }
                _ => {
                    // Not the address: it may hold what only its owner should know.
                    let (id, event) = (&target.webhook.webhook_id, event.to_string());
                    tracing::error!(
                        webhook_id = id,
                        event,
                        cause,
                        attempts = attempt + 1,
                        "a webhook was not told"
                    );
                    return;
                }
            }
        }
    }

    async fn post(&self, target: &WebhookTarget, message: Arc<Message>) -> Result<Reply, Undelivered> {
        let _turn = self.sending.acquire().await;
        let (poster, url) = (self.poster.clone(), target.webhook.url.clone());
        let posted = blocking(move || Ok::<_, trackline_store::Error>(poster.post(&url, &message))).await;
        posted.unwrap_or_else(|error| Err(Undelivered::finally(error.message().to_owned())))
    }
}

/// Twice as long each time: 1, 2, 4 seconds.
fn backoff(attempt: u32) -> Duration {
    Duration::from_secs(1 << attempt.min(6))
}
