//! The page: the files of `ui/dist`, put into the program when it is built.

use std::borrow::Cow;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use rust_embed::RustEmbed;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::prefix::Prefix;

/// Absent when the program was built before the page was.
#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
#[allow_missing = true]
struct Dist;

/// Nothing comes from other hosts, no script stands in the HTML.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; \
     base-uri 'self'; form-action 'none'",
);

const INDEX: &str = "index.html";

/// The build tool puts a hash of the content into the names of the files in this folder.
const HASHED_FOLDER: &str = "assets/";

pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(root))
        .route("/{*path}", get(below))
        .layer(SetResponseHeaderLayer::overriding(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(CompressionLayer::new())
}

async fn root(Extension(prefix): Extension<Prefix>, headers: HeaderMap) -> Response {
    view(&prefix, &headers)
}

/// A file of the page; any other path is a view of the page, which reads it from its address. One with two slashes at its
/// beginning is sent to the path that it means.
async fn below(
    Extension(prefix): Extension<Prefix>,
    Path(path): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if path.starts_with('/') {
        let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
        // Browsers take `/\` for `//`, which would be another host.
        let meant = uri.path().trim_start_matches(['/', '\\']);
        return Redirect::permanent(&format!("{}{meant}{query}", prefix.root())).into_response();
    }
    match Dist::get(&path) {
        Some(file) if path != INDEX => {
            let hash = file.metadata.sha256_hash();
            send(&path, file.metadata.mimetype(), file.data, &hash, &headers)
        }
        None if path.starts_with(HASHED_FOLDER) => StatusCode::NOT_FOUND.into_response(),
        _ => view(&prefix, &headers),
    }
}

fn view(prefix: &Prefix, request: &HeaderMap) -> Response {
    let Some(file) = Dist::get(INDEX) else {
        return Html(include_str!("page_not_built.html")).into_response();
    };
    let html = based(&String::from_utf8_lossy(&file.data), prefix);
    let hash = blake3::hash(html.as_bytes());
    send(INDEX, "text/html", html.into_bytes().into(), hash.as_bytes(), request)
}

/// The page, whose own addresses all count from here.
fn based(html: &str, prefix: &Prefix) -> String {
    html.replacen(r#"<base href="/" />"#, &format!(r#"<base href="{}" />"#, prefix.root()), 1)
}

fn send(path: &str, kind: &str, bytes: Cow<'static, [u8]>, hash: &[u8; 32], request: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", hex(&hash[..16]));
    if request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let caching =
        if path.starts_with(HASHED_FOLDER) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CACHE_CONTROL, caching.to_owned()),
        (header::ETAG, etag),
    ];
    (headers, bytes).into_response()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_told_where_it_lies() {
        let page = include_str!("../../../ui/index.html");
        assert_eq!(based(page, &Prefix::default()), page);
        let below = based(page, &"/mlflow".parse().unwrap());
        assert!(below.contains(r#"<base href="/mlflow/" />"#), "{below}");
    }
}
