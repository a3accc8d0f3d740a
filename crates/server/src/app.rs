//! The router with everything that holds for all endpoints.

use std::any::Any;

use axum::http::{HeaderValue, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use trackline_store::Store;
use utoipa::openapi::OpenApi;

use crate::access_log;
use crate::auth::{Tokens, check_token};
use crate::error::ApiError;
use crate::framing::Framing;
use crate::guard::{AllowedHosts, check_host};
use crate::model_sources::ModelSources;
use crate::origins::Origins;
use crate::prefix::Prefix;
use crate::prometheus::{self, Counts};
use crate::router::router;
use crate::webhooks::{WebhookRules, Webhooks};

/// Whose requests are answered.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// Names the server may be called by, beside addresses and `localhost`; see `Host` of HTTP.
    pub hosts: Vec<String>,
    /// Every request must carry one of these; none lets everybody in.
    pub tokens: Vec<String>,
    /// Other sites whose pages may use the server.
    pub origins: Origins,
}

/// How the server answers.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whose requests are answered.
    pub access: Access,
    /// Where webhooks may be.
    pub webhooks: WebhookRules,
    /// Whose pages may show it in a frame.
    pub framing: Framing,
    /// Which sources versions of models may have.
    pub model_sources: ModelSources,
    /// Where the server lies below its address.
    pub prefix: Prefix,
}

/// The whole server over an open store.
pub fn app(store: Store, settings: Settings) -> Router {
    let webhooks = Webhooks::new(store.clone(), settings.webhooks.clone());
    telling(store, settings, webhooks)
}

/// The whole server, and what it tells webhooks by.
pub(crate) fn telling(store: Store, settings: Settings, webhooks: Webhooks) -> Router {
    let Settings { access, framing, model_sources, prefix, .. } = settings;
    let (router, _) = router();
    let counts = Counts::new();
    let router = router
        .with_state(store)
        .layer(Extension(webhooks))
        .layer(Extension(model_sources))
        .layer(Extension(prefix.clone()))
        .route("/metrics", get(prometheus::metrics).with_state(counts.clone()))
        .layer(from_fn_with_state(counts, prometheus::count))
        .layer(from_fn_with_state(Tokens::new(access.tokens), check_token));
    let router = access.origins.guard(router);
    let router = router.layer(from_fn_with_state(AllowedHosts::new(access.hosts), check_host));
    framing
        .say(prefix.place(router))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .layer(CatchPanicLayer::custom(answer_panic))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(access_log::span)
                .on_request(())
                .on_response(access_log::answered)
                // A failure is logged where it becomes an answer, with its reason.
                .on_failure(()),
        )
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
}

/// The description of all endpoints, as OpenAPI 3.1.
pub fn openapi() -> OpenApi {
    router().1
}

#[allow(clippy::needless_pass_by_value)]
fn answer_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown");
    ApiError::internal(format!("The server failed at this request, and goes on: {text}.")).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Request, StatusCode};
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered() {
        async fn fail() -> &'static str {
            panic!("broken on purpose")
        }
        let app = Router::new().route("/", get(fail)).layer(CatchPanicLayer::custom(answer_panic));
        let answer = app.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(answer.into_body(), 1000).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["error_code"], "INTERNAL_ERROR");
        assert!(body["message"].as_str().unwrap().contains("broken on purpose"));
    }
}
