//! Which names the server may be called by.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::{ApiError, ErrorCode};

/// The names in `Host` that requests may carry, whatever the port.
///
/// A name that an attacker's DNS points at this machine is how a web page reaches a server on loopback. Such a
/// request carries the attacker's name; an address or `localhost` is never one.
#[derive(Debug, Clone)]
pub(crate) struct AllowedHosts(Arc<[String]>);

impl AllowedHosts {
    /// In `names` a `*` stands for any text: `*` is any name, `*.example.com` all names below one.
    pub(crate) fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().map(|name| without_port(&name).to_ascii_lowercase()).collect())
    }

    fn allow(&self, host: &str) -> bool {
        let name = without_port(host).to_ascii_lowercase();
        let is_address =
            name.parse::<IpAddr>().is_ok() || name.trim_matches(['[', ']']).parse::<Ipv6Addr>().is_ok();
        is_address || name == "localhost" || self.0.iter().any(|pattern| matches(pattern, &name))
    }
}

/// Whether the name is the pattern with some text in the place of each `*`.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return name == pattern };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(inner) = name.strip_prefix(start).and_then(|name| name.strip_suffix(end)) else { return false };
    middle.split('*').try_fold(inner, |inner, part| Some(inner.split_once(part)?.1)).is_some()
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

/// Refuses requests by a name that is not allowed; probes of load balancers pass.
pub(crate) async fn check_host(
    State(allowed): State<AllowedHosts>,
    request: Request,
    next: Next,
) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if matches!(request.uri().path(), "/health" | "/version") || allowed.allow(host) {
        return next.run(request).await;
    }
    let message = format!(
        "Invalid Host header '{host}' - possible DNS rebinding attack detected. If this name is yours, start the \
         server with --allowed-hosts {}.",
        without_port(host)
    );
    ApiError::new(ErrorCode::PermissionDenied, message).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_do_not_matter_and_names_must_be_known() {
        let names = ["Tracking.example.com:5000", "*.corp", "app-*.internal.com", "a*b*c.net"];
        let allowed = AllowedHosts::new(names.map(str::to_owned));
        for good in [
            "localhost:5000",
            "127.0.0.1:5000",
            "[::1]:5000",
            "10.0.0.7",
            "tracking.example.com",
            "a.corp:80",
            "app-7.internal.com",
            "a1b2c.net",
            "abc.net",
            "TRACKING.example.com:1",
        ] {
            assert!(allowed.allow(good), "{good}");
        }
        for bad in [
            "evil.example",
            "localhost.evil.example:5000",
            "",
            "corp.evil",
            "example.com",
            "app-7.internal.com.evil",
            "app.internal.com",
            "a1c.net",
        ] {
            assert!(!allowed.allow(bad), "{bad}");
        }
    }
}
