//! The bytes of files that journals name by their digest: they are sent first, and only if they are not here.

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use trackline_store::Store;

use super::blocking;
use crate::error::ApiError;
use crate::receive_file::receive;
use crate::wire::Path;

/// Whether these bytes are here; they then stay for the next hour.
#[utoipa::path(head, path = "/blobs/{digest}", tag = "blobs", params(("digest" = String, Path)),
    responses((status = OK, description = "They are here")))]
pub(crate) async fn has(
    State(store): State<Store>,
    Path(digest): Path<String>,
) -> Result<StatusCode, ApiError> {
    let missing = format!("There is no blob {digest}.");
    let here = blocking(move || store.blobs().renew(&digest)).await?;
    if here { Ok(StatusCode::OK) } else { Err(ApiError::not_found(missing)) }
}

/// Keeps bytes, if their BLAKE3 digest is this one.
#[utoipa::path(put, path = "/blobs/{digest}", tag = "blobs", params(("digest" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = OK, description = "Kept")))]
pub(crate) async fn keep(
    State(store): State<Store>,
    Path(digest): Path<String>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    receive(format!("blob {digest}"), body, move |bytes| store.blobs().put_as(&digest, bytes)).await?;
    Ok(StatusCode::OK)
}
