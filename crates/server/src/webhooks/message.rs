use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::Serialize;
use sha2::Sha256;
use trackline_model::WebhookEvent;
use uuid::Uuid;

use super::data::Data;

/// What is posted to one webhook. Whoever gets it twice, because it was sent again, tells by the id.
pub(super) struct Message {
    pub id: String,
    /// Seconds since the epoch.
    pub timestamp: String,
    pub body: String,
    /// Made with the secret, if there is one.
    pub signature: Option<String>,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    event: WebhookEvent,
    timestamp: String,
    data: &'a Data,
}

impl Message {
    pub fn new(event: WebhookEvent, data: &Data, secret: Option<&str>) -> Self {
        let now = Timestamp::now();
        let body = Body { event, timestamp: now.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string(), data };
        let body = serde_json::to_string(&body).unwrap_or_default(); // texts and numbers are always JSON
        let (id, timestamp) = (Uuid::new_v4().to_string(), now.as_second().to_string());
        let signature = secret.and_then(|secret| sign(secret, &format!("{id}.{timestamp}.{body}")));
        Self { id, timestamp, body, signature }
    }
}

/// As in Standard Webhooks (standardwebhooks.com): the version, and HMAC-SHA256 in base64.
fn sign(secret: &str, content: &str) -> Option<String> {
    // A key of any length will do.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(content.as_bytes());
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_hmac_sha256() {
        // RFC 4231, test case 2.
        let signature = sign("Jefe", "what do ya want for nothing?").unwrap();
        assert_eq!(signature, "v1,W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    }
}
