//! Who may use the server: whoever knows one of its tokens.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::error::{ApiError, ErrorCode};

/// The digests of the tokens: comparing these takes the same time whatever was sent.
#[derive(Debug, Clone)]
pub(crate) struct Tokens(Arc<[blake3::Hash]>);

impl Tokens {
    pub(crate) fn new(tokens: impl IntoIterator<Item = String>) -> Self {
        Self(tokens.into_iter().map(|token| blake3::hash(token.as_bytes())).collect())
    }

    /// Stock MLflow clients send `Bearer TOKEN`, or `Basic` with any user name and the token as password; so do browsers.
    fn allow(&self, headers: &HeaderMap) -> bool {
        self.0.is_empty() || sent(headers).is_some_and(|sent| self.0.contains(&blake3::hash(&sent)))
    }
}

/// The token in `Authorization` (RFC 6750, RFC 7617).
fn sent(headers: &HeaderMap) -> Option<Vec<u8>> {
    let (scheme, credentials) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let credentials = credentials.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(credentials.as_bytes().to_vec());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(credentials).ok()?;
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    Some(decoded[colon + 1..].to_vec())
}

/// Refuses requests without a token; probes of load balancers pass.
pub(crate) async fn check_token(State(tokens): State<Tokens>, request: Request, next: Next) -> Response {
    if matches!(request.uri().path(), "/health" | "/version") || tokens.allow(request.headers()) {
        return next.run(request).await;
    }
    let message = "This server asks for a token: set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME (any) and \
                   MLFLOW_TRACKING_PASSWORD (the token).";
    let mut refusal = ApiError::new(ErrorCode::Unauthenticated, message).into_response();
    // A browser then asks for a name and a password.
    let challenge = HeaderValue::from_static("Basic realm=\"Trackline\", charset=\"UTF-8\"");
    refusal.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    refusal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(authorization: &str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_str(authorization).unwrap())])
    }

    #[test]
    fn a_token_comes_as_bearer_or_as_password() {
        let tokens = Tokens::new(["s3cret:1".to_owned(), "other".to_owned()]);
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        for good in ["Bearer s3cret:1", "bearer  other", &basic("ann:s3cret:1"), &basic(":other")] {
            assert!(tokens.allow(&with(good)), "{good}");
        }
        for bad in [
            "Bearer s3cret",
            "Bearer",
            "Basic s3cret:1",
            &basic("s3cret:1:x"),
            &basic("other"),
            "Digest other",
        ] {
            assert!(!tokens.allow(&with(bad)), "{bad}");
        }
        assert!(!tokens.allow(&HeaderMap::new()));
    }

    #[test]
    fn without_tokens_everybody_may() {
        assert!(Tokens::new([]).allow(&HeaderMap::new()));
    }
}
