//! What the server has answered, for Prometheus.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::error::ApiError;

/// Seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Endpoint {
    method: String,
    /// As it stands in the API document; ids are not part of it, so that there are not as many series as runs.
    path: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    path: String,
    status: u16,
}

/// Counts of requests and how long they took.
#[derive(Debug, Clone)]
pub(crate) struct Counts {
    requests: Family<Answered, Counter>,
    seconds: Family<Endpoint, Histogram>,
    registry: Arc<Registry>,
}

impl Counts {
    pub(crate) fn new() -> Self {
        let requests = Family::default();
        let seconds = Family::<Endpoint, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        let mut registry = Registry::with_prefix("trackline");
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register(
            "http_request_duration_seconds",
            "From the head of a request to that of its answer",
            seconds.clone(),
        );
        Self { requests, seconds, registry: Arc::new(registry) }
    }

    fn count(&self, endpoint: Endpoint, status: u16, seconds: f64) {
        let Endpoint { method, path } = endpoint.clone();
        self.requests.get_or_create(&Answered { method, path, status }).inc();
        self.seconds.get_or_create(&endpoint).observe(seconds);
    }
}

/// Counts a request and its answer.
pub(crate) async fn count(State(counts): State<Counts>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let endpoint = Endpoint { method: request.method().to_string(), path };
    let started = Instant::now();
    let answer = next.run(request).await;
    counts.count(endpoint, answer.status().as_u16(), started.elapsed().as_secs_f64());
    answer
}

/// Everything counted, in the OpenMetrics text format.
pub(crate) async fn metrics(State(counts): State<Counts>) -> Result<Response, ApiError> {
    let mut text = String::new();
    encode(&mut text, &counts.registry).map_err(|error| ApiError::internal(error.to_string()))?;
    let format = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, format)], text).into_response())
}
