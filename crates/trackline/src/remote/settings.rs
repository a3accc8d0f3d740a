//! What the environment says of servers.

use std::env;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ureq::Agent;
use ureq::config::Config;
use ureq::tls::TlsConfig;

use super::trust::trust;
use crate::Error;

const CONNECT: Duration = Duration::from_secs(10);
/// A busy server may think about an answer; one that says nothing at all for so long is none.
const ANSWER: Duration = Duration::from_secs(60);
/// Between two parts of a body, however long all of it takes.
const STALL: Duration = Duration::from_secs(30);
/// A process that was not heard of for so long is believed to be gone, unless `TRACKLINE_HEARTBEAT_TIMEOUT` says
/// otherwise.
const LEASE: Duration = Duration::from_secs(60);

/// Read where the program waits for it: another thread must not read what the program may be changing.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How calls are made: by which proxy, and to whom; or why there can be none.
    pub calls: Result<Config, Error>,
    /// The header `Authorization`: of `MLFLOW_TRACKING_USERNAME` and `_PASSWORD`, or of `MLFLOW_TRACKING_TOKEN`.
    pub authorization: Option<String>,
    /// So long a server believes that this process lives.
    pub lease: Duration,
}

impl Settings {
    /// For the server of this address.
    pub fn of(url: &str) -> Self {
        Self { calls: calls(url), authorization: authorization(), lease: lease() }
    }
}

/// # Errors
/// For certificates that cannot be read.
fn calls(url: &str) -> Result<Config, Error> {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .tls_config(if url.starts_with("https:") { trust()? } else { TlsConfig::default() })
        .allow_non_standard_methods(true) // MLflow takes DELETE with a body
        .user_agent(concat!("trackline/", env!("CARGO_PKG_VERSION")))
        .timeout_resolve(Some(CONNECT))
        .timeout_connect(Some(CONNECT))
        .timeout_recv_response(Some(ANSWER))
        .timeout_per_read(Some(ANSWER))
        .timeout_per_write(Some(STALL));
    Ok(config.build())
}

fn authorization() -> Option<String> {
    let credentials = [given("MLFLOW_TRACKING_USERNAME"), given("MLFLOW_TRACKING_PASSWORD")];
    if let [Some(user), Some(password)] = credentials {
        return Some(basic(format!("{user}:{password}").as_bytes()));
    }
    given("MLFLOW_TRACKING_TOKEN").map(|token| format!("Bearer {token}"))
}

/// The header for `user:password`.
pub fn basic(credentials: &[u8]) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

fn lease() -> Duration {
    let seconds = given("TRACKLINE_HEARTBEAT_TIMEOUT").and_then(|text| text.parse().ok());
    seconds.filter(|seconds| *seconds > 0).map_or(LEASE, Duration::from_secs)
}

fn given(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
