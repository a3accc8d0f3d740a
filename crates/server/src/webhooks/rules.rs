use std::net::ToSocketAddrs;
use std::time::Duration;

use axum::http::Uri;
use ureq::tls::RootCerts;

use super::public::is_public;
use crate::error::ApiError;

/// Where webhooks may be, and how patiently they are told.
#[derive(Debug, Clone)]
pub struct WebhookRules {
    /// Of their addresses: `https`, `http`.
    pub schemes: Vec<String>,
    /// They may be on this machine and in its networks, too.
    pub private: bool,
    /// How long one may take to answer.
    pub timeout: Duration,
    /// How often it is tried again when one cannot be reached or is in trouble.
    pub retries: u32,
    /// The authorities that they may have certificates of.
    pub authorities: RootCerts,
}

impl Default for WebhookRules {
    fn default() -> Self {
        let (schemes, timeout) = (vec!["https".to_owned()], Duration::from_secs(30));
        Self { schemes, private: false, timeout, retries: 3, authorities: RootCerts::WebPki }
    }
}

impl WebhookRules {
    /// Refuses the address of a webhook that would never be told anything. Blocks: names are looked up.
    pub(crate) fn check(&self, url: &str) -> Result<(), ApiError> {
        if url.trim().is_empty() {
            return Err(ApiError::invalid(format!(
                "Webhook URL cannot be empty or just whitespace: '{url}'."
            )));
        }
        let uri: Uri = url
            .parse()
            .map_err(|error| ApiError::invalid(format!("Invalid webhook URL '{url}': {error}.")))?;
        let scheme = uri.scheme_str().unwrap_or_default();
        if !self.schemes.iter().any(|allowed| allowed == scheme) {
            return Err(ApiError::invalid(format!(
                "Invalid webhook URL scheme: '{scheme}'. Allowed schemes are: {}.",
                self.schemes.join(", ")
            )));
        }
        let Some(host) = uri.host().filter(|host| !host.is_empty()) else {
            return Err(ApiError::invalid(format!("Webhook URL must include a hostname: '{url}'.")));
        };
        if self.private { Ok(()) } else { check_public(host) }
    }
}

fn check_public(host: &str) -> Result<(), ApiError> {
    let bare = host.trim_matches(['[', ']']);
    let found = (bare, 0).to_socket_addrs().map_err(|error| {
        ApiError::invalid(format!("Cannot resolve Webhook URL hostname '{bare}': {error}."))
    })?;
    match found.map(|address| address.ip()).find(|ip| !is_public(*ip)) {
        None => Ok(()),
        Some(ip) => Err(ApiError::invalid(format!(
            "Webhook URL must not resolve to a non-public IP address. '{bare}' resolves to {ip}. The server allows it \
             when it is started with --webhooks-to-private-addresses."
        ))),
    }
}
