use std::time::Duration;

use axum::http::{StatusCode, Uri};
use ureq::config::Config;
use ureq::http::header;
use ureq::tls::TlsConfig;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::WebhookRules;
use super::message::Message;
use super::public::is_public;

/// The longest that a receiver can make us wait with `Retry-After`.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How much of an answer is read.
const MAX_ANSWER: u64 = 64 << 10;

/// Posts messages. Calls block.
#[derive(Debug, Clone)]
pub(super) struct Poster {
    agent: Agent,
}

/// What a receiver said.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: u16,
    pub body: String,
    retry_after: Option<Duration>,
}

impl Reply {
    pub fn is_good(&self) -> bool {
        self.status < 400
    }

    /// Whether the receiver may take it later, and when if it says so.
    pub(super) fn again(&self) -> Option<Option<Duration>> {
        matches!(self.status, 429 | 500 | 502..=504).then_some(self.retry_after)
    }
}

/// Why there was no answer.
#[derive(Debug)]
pub(crate) struct Undelivered {
    pub cause: String,
    /// The receiver may be reached later.
    pub again: bool,
}

impl Undelivered {
    pub fn finally(cause: String) -> Self {
        Self { cause, again: false }
    }

    pub fn nothing() -> Self {
        Self::finally("the webhook is told of no event".to_owned())
    }
}

impl Poster {
    pub fn new(rules: &WebhookRules) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // An answer may not send us elsewhere, nor a proxy reach what we may not.
            .max_redirects(0)
            .proxy(None)
            .tls_config(TlsConfig::builder().root_certs(rules.authorities.clone()).build())
            .user_agent(concat!("trackline/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(rules.timeout))
            .build();
        let resolver = PublicResolver { private: rules.private, names: DefaultResolver::default() };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver) }
    }

    pub fn post(&self, url: &str, message: &Message) -> Result<Reply, Undelivered> {
        let mut request = self
            .agent
            .post(url)
            .content_type("application/json")
            .header("X-MLflow-Delivery-Id", &message.id)
            .header("X-MLflow-Timestamp", &message.timestamp);
        if let Some(signature) = &message.signature {
            request = request.header("X-MLflow-Signature", signature);
        }
        let mut answer = request.send(&message.body).map_err(undelivered)?;
        let status = answer.status();
        let retry_after =
            answer.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let body = answer.body_mut().with_config().limit(MAX_ANSWER).lossy_utf8(true).read_to_string();
        Ok(Reply {
            status: StatusCode::as_u16(&status),
            // One that is too long, or breaks off, is as good as none: the status says what counts.
            body: body.unwrap_or_default(),
            retry_after: retry_after.map(|seconds| Duration::from_secs(seconds).min(LONGEST_WAIT)),
        })
    }
}

fn undelivered(error: Error) -> Undelivered {
    let again =
        matches!(error, Error::Io(_) | Error::Timeout(_) | Error::HostNotFound | Error::ConnectionFailed);
    Undelivered { cause: error.to_string(), again }
}

/// Looks names up, and refuses addresses that are not public. The connection goes to the address that was looked at:
/// whoever answers for a name cannot give another one in between.
#[derive(Debug)]
struct PublicResolver {
    private: bool,
    names: DefaultResolver,
}

impl Resolver for PublicResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        match found.iter().find(|address| !is_public(address.ip())) {
            Some(address) if !self.private => {
                let cause = format!("{} is not a public IP address", address.ip());
                Err(Error::Other(cause.into()))
            }
            _ => Ok(found),
        }
    }
}
