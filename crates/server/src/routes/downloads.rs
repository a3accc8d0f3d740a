//! Files by the run, the version or the logged model they belong to, for saving.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use trackline_store::Store;

use super::blocking;
use crate::artifact_path::checked;
use crate::error::ApiError;
use crate::send_file::{Disposition, send_file};
use crate::wire::artifacts::{LoggedModelFile, ModelVersionPath, RunPath};
use crate::wire::model_versions::version_number;
use crate::wire::{Args, Path, required_text, run_id};

/// A file of a run.
#[utoipa::path(get, path = "/get-artifact", tag = "artifacts", params(RunPath),
    responses((status = OK, description = "The file", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn of_run(
    State(store): State<Store>,
    headers: HeaderMap,
    Args(args): Args<RunPath>,
) -> Result<Response, ApiError> {
    let id = run_id(args.run_id, args.run_uuid)?;
    let path = required_text("path", args.path)?;
    let path = checked(&path)?.to_owned();
    let reader = store.clone();
    let root = blocking(move || Ok::<_, ApiError>(reader.get_run(&id)?.info.artifact_uri)).await?;
    send_file(store, root, path, Disposition::Attachment, &headers).await
}

/// A file of a version of a registered model.
#[utoipa::path(get, path = "/model-versions/get-artifact", tag = "artifacts", params(ModelVersionPath),
    responses((status = OK, description = "The file", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn of_model_version(
    State(store): State<Store>,
    headers: HeaderMap,
    Args(args): Args<ModelVersionPath>,
) -> Result<Response, ApiError> {
    let name = required_text("name", args.name)?;
    let version = version_number(args.version)?;
    let path = required_text("path", args.path)?;
    let path = checked(&path)?.to_owned();
    let reader = store.clone();
    let root = blocking(move || reader.download_uri(&name, version)).await?;
    send_file(store, root, path, Disposition::Attachment, &headers).await
}

/// A file of a logged model.
#[utoipa::path(get, path = "/logged-models/{model_id}/artifacts/files", tag = "artifacts",
    params(("model_id" = String, Path), LoggedModelFile),
    responses((status = OK, description = "The file", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn of_logged_model(
    State(store): State<Store>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Args(args): Args<LoggedModelFile>,
) -> Result<Response, ApiError> {
    let path = required_text("artifact_file_path", args.artifact_file_path)?;
    let path = checked(&path)?.to_owned();
    let reader = store.clone();
    let root = blocking(move || Ok::<_, ApiError>(reader.get_logged_model(&id)?.artifact_uri)).await?;
    send_file(store, root, path, Disposition::Attachment, &headers).await
}
