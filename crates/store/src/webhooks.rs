//! Who is told of what happens in the registry. Telling them is the server's affair.

use trackline_model::limits::validate_webhook_name;
use trackline_model::{Webhook, WebhookEvent, WebhookStatus};
use uuid::Uuid;

use crate::sql::{Connection, Row, values};
use crate::store::now;
use crate::{Error, Page, Result, Store, page, rows};

/// The largest page.
const MAX_PAGE: u64 = 1000;

/// A webhook to be made.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NewWebhook {
    /// For people.
    pub name: String,
    /// Where messages are posted.
    pub url: String,
    /// What it is told of; at least one.
    pub events: Vec<WebhookEvent>,
    /// For people.
    pub description: Option<String>,
    /// What messages are signed with; never given back but for that.
    pub secret: Option<String>,
    /// Whether it is told anything.
    pub status: WebhookStatus,
}

/// What is to be different about a webhook; what is absent stays.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct WebhookChange {
    /// Its name.
    pub name: Option<String>,
    /// Where messages are posted.
    pub url: Option<String>,
    /// What it is told of; at least one.
    pub events: Option<Vec<WebhookEvent>>,
    /// Empty for none.
    pub description: Option<String>,
    /// Empty for none.
    pub secret: Option<String>,
    /// Whether it is told anything.
    pub status: Option<WebhookStatus>,
}

/// What is needed to tell a webhook something.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookTarget {
    /// Who is told.
    pub webhook: Webhook,
    /// What the message is signed with.
    pub secret: Option<String>,
}

impl Store {
    /// Makes a webhook.
    ///
    /// # Errors
    /// `Invalid` for a name that breaks the rules, or without events.
    pub fn create_webhook(&self, new: &NewWebhook) -> Result<Webhook> {
        validate_webhook_name(&new.name)?;
        let events = events_text(&new.events)?;
        let (id, status) = (Uuid::new_v4().to_string(), rows::name_of(&new.status)?);
        self.write(|transaction| {
            let time = now();
            transaction.execute(
                "INSERT INTO webhooks (webhook_id, name, url, events, description, secret, status, creation_time, \
                 last_update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values![
                    &id,
                    &new.name,
                    &new.url,
                    &events,
                    said(new.description.as_deref()),
                    said(new.secret.as_deref()),
                    &status,
                    time,
                    time
                ],
            )?;
            Ok(get(transaction.reader(), &id)?.webhook)
        })
    }

    /// The webhook with this id.
    pub fn get_webhook(&self, id: &str) -> Result<WebhookTarget> {
        self.read(|connection| get(connection, id))
    }

    /// All webhooks, a page at a time; the newest first.
    pub fn list_webhooks(&self, max_results: usize, page_token: Option<&str>) -> Result<Page<Webhook>> {
        page::check_max_results(max_results, MAX_PAGE)?;
        let offset = page::offset(page_token)?;
        let sql = format!("{SELECT} ORDER BY creation_time DESC, webhook_id LIMIT ? OFFSET ?");
        self.read(|connection| {
            let rows = connection.query(&sql, values![max_results as i64 + 1, offset as i64])?;
            let found = rows.iter().map(|row| Ok(from_row(row)?.webhook)).collect::<Result<_>>()?;
            Ok(page::cut(found, offset, max_results))
        })
    }

    /// The webhooks that are told of this event.
    pub fn webhooks_of(&self, event: WebhookEvent) -> Result<Vec<WebhookTarget>> {
        // They are few.
        let sql = format!("{SELECT} WHERE status = ? ORDER BY creation_time, webhook_id");
        let active = rows::name_of(&WebhookStatus::Active)?;
        let rows = self.read(|connection| connection.query(&sql, values![&active]))?;
        let mut found = rows.iter().map(from_row).collect::<Result<Vec<_>>>()?;
        found.retain(|target| target.webhook.events.contains(&event));
        Ok(found)
    }

    /// Changes a webhook.
    ///
    /// # Errors
    /// Those of [`Store::create_webhook`], `NotFound` if there is no such webhook.
    pub fn update_webhook(&self, id: &str, change: &WebhookChange) -> Result<Webhook> {
        change.name.as_deref().map_or(Ok(()), validate_webhook_name)?;
        let events = change.events.as_deref().map(events_text).transpose()?;
        let status = change.status.as_ref().map(rows::name_of).transpose()?;
        self.write(|transaction| {
            let before = get(transaction.reader(), id)?;
            let description = change.description.as_deref().or(before.webhook.description.as_deref());
            let secret = change.secret.as_deref().or(before.secret.as_deref());
            transaction.execute(
                "UPDATE webhooks SET name = COALESCE(?, name), url = COALESCE(?, url), events = COALESCE(?, events), \
                 status = COALESCE(?, status), description = ?, secret = ?, last_update_time = ? WHERE webhook_id = ?",
                values![
                    change.name.as_deref(),
                    change.url.as_deref(),
                    events.as_deref(),
                    status.as_deref(),
                    said(description),
                    said(secret),
                    now(),
                    id
                ],
            )?;
            Ok(get(transaction.reader(), id)?.webhook)
        })
    }

    /// Deletes a webhook, for good.
    pub fn delete_webhook(&self, id: &str) -> Result<()> {
        self.write(|transaction| {
            match transaction.execute("DELETE FROM webhooks WHERE webhook_id = ?", values![id])? {
                0 => Err(missing(id)),
                _ => Ok(()),
            }
        })
    }
}

const SELECT: &str = "SELECT webhook_id, name, url, events, description, secret, status, creation_time, \
                      last_update_time FROM webhooks";

fn get(connection: &dyn Connection, id: &str) -> Result<WebhookTarget> {
    let row = connection.first(&format!("{SELECT} WHERE webhook_id = ?"), values![id])?;
    from_row(&row.ok_or_else(|| missing(id))?)
}

fn from_row(row: &Row) -> Result<WebhookTarget> {
    let events = serde_json::from_str(&row.text(3)?)
        .map_err(|error| Error::corrupt(format!("The events of a webhook cannot be read: {error}.")))?;
    let webhook = Webhook {
        webhook_id: row.text(0)?,
        name: row.text(1)?,
        url: row.text(2)?,
        events,
        description: row.optional_text(4)?,
        status: rows::named(row.text(6)?)?,
        creation_timestamp: row.integer(7)?,
        last_updated_timestamp: row.integer(8)?,
    };
    Ok(WebhookTarget { webhook, secret: row.optional_text(5)? })
}

fn events_text(events: &[WebhookEvent]) -> Result<String> {
    let mut each: Vec<WebhookEvent> = Vec::new();
    for event in events {
        if !each.contains(event) {
            each.push(*event);
        }
    }
    if each.is_empty() {
        return Err(Error::invalid("Webhook events must be a non-empty list: say what it is to be told of."));
    }
    serde_json::to_string(&each).map_err(|error| Error::corrupt(error.to_string()))
}

fn said(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn missing(id: &str) -> Error {
    Error::not_found(format!("Webhook with ID {id} not found."))
}
