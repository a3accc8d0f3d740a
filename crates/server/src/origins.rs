//! Whose pages may use the server: its own, and those of the sites that it was told of.

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tower_http::cors::{AllowHeaders, AllowMethods, Any, CorsLayer};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::error::{ApiError, ErrorCode};

/// Other sites whose pages may read and write; without any, the server's own pages only.
#[derive(Debug, Clone)]
pub struct Origins {
    /// Keeps writes of other pages out.
    csrf: CsrfLayer<fn(ProtectionError) -> Response>,
    /// Tells browsers that pages may read the answers.
    cors: Option<CorsLayer>,
}

/// Not the address of a site.
#[derive(Debug, Clone, thiserror::Error)]
#[error(
    "'{0}' is no origin of a page: write it as browsers do, such as https://app.example.com, without a path; or *."
)]
pub struct InvalidOrigin(String);

impl Default for Origins {
    fn default() -> Self {
        Self { csrf: CsrfLayer::new().with_rejection_response(refuse), cors: None }
    }
}

impl Origins {
    /// The sites of these origins, such as `https://app.example.com`; browsers send the credentials that they keep for
    /// the server. `*` is every site: browsers then send none.
    ///
    /// # Errors
    /// What is no origin.
    pub fn new(origins: &[String]) -> Result<Self, InvalidOrigin> {
        let own = Self::default();
        let cors = CorsLayer::new().expose_headers([
            header::CONTENT_DISPOSITION,
            header::CONTENT_RANGE,
            header::ETAG,
        ]);
        if origins.iter().any(|origin| origin == "*") {
            let cors = cors.allow_origin(Any).allow_methods(Any).allow_headers(Any);
            return Ok(Self { csrf: own.csrf.with_insecure_bypass(|_, _| true), cors: Some(cors) });
        }
        let mut csrf = own.csrf;
        let mut named = Vec::new();
        for origin in origins {
            let invalid = || InvalidOrigin(origin.clone());
            if origin.contains('*') {
                return Err(invalid());
            }
            csrf = csrf.add_trusted_origin(origin).map_err(|_| invalid())?;
            named.push(HeaderValue::from_str(origin).map_err(|_| invalid())?);
        }
        let cors = (!named.is_empty()).then(|| {
            cors.allow_origin(named)
                .allow_methods(AllowMethods::mirror_request())
                .allow_headers(AllowHeaders::mirror_request())
                .allow_credentials(true)
        });
        Ok(Self { csrf, cors })
    }

    /// Around everything that asks for a token: browsers ask without one whether a page may ask.
    pub(crate) fn guard(self, router: Router) -> Router {
        let router = router.layer(self.csrf);
        match self.cors {
            Some(cors) => router.layer(cors),
            None => router,
        }
    }
}

/// The answer to a write that a browser sends for the page of another site.
fn refuse(error: ProtectionError) -> Response {
    let message = format!(
        "Cross-origin request blocked: {error}. If the page is yours, start the server with \
         --cors-allowed-origins and its origin."
    );
    ApiError::new(ErrorCode::PermissionDenied, message).into_response()
}
