//! Whose pages may show ours, and the files that it shows, in a frame.

use axum::Router;
use axum::http::{HeaderValue, header};
use tower_http::set_header::SetResponseHeaderLayer;

/// Who may frame answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Framing {
    /// The server's own page.
    #[default]
    OwnPage,
    /// Every page.
    EveryPage,
}

impl Framing {
    /// Says so of every answer, in the words of old browsers and of new ones; a second policy takes nothing from the first.
    pub(crate) fn say(self, router: Router) -> Router {
        if self == Self::EveryPage {
            return router;
        }
        let (old, new) = ("SAMEORIGIN", "frame-ancestors 'self'");
        router
            .layer(SetResponseHeaderLayer::overriding(header::X_FRAME_OPTIONS, HeaderValue::from_static(old)))
            .layer(SetResponseHeaderLayer::appending(
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static(new),
            ))
    }
}
