//! A span around each request and an event at its end, for logs.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::response::Response;
use tracing::Span;

/// Whatever is said of a request names it. The query is left out, where clients may have put what is secret.
pub(crate) fn span(request: &Request<Body>) -> Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", id, method = %request.method(), path = request.uri().path())
}

/// Says how a request was answered: `ms` until the head of the answer, `bytes` of its body where that is known by then.
pub(crate) fn answered(answer: &Response, latency: Duration, _: &Span) {
    let ms = (latency.as_secs_f64() * 1e6).round() / 1e3;
    tracing::info!(
        status = answer.status().as_u16(),
        ms,
        bytes = answer.body().size_hint().exact(),
        "answered"
    );
}
