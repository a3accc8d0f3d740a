//! What `mlflow-artifacts:` URIs point at, and listings by run and by model.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use trackline_store::Store;

use super::{Answer, blocking, done};
use crate::artifact_path::{TREE, checked};
use crate::error::ApiError;
use crate::receive_file::receive_file;
use crate::send_file::{Disposition, send_file};
use crate::wire::artifacts::{FileInfo, Files, FolderPath, LoggedModelFolder, RunPath};
use crate::wire::{Args, Done, Json, Path, Query, optional_text, required_text, run_id};

/// The largest file that a page may upload; clients have no such limit.
const MAX_PAGE_UPLOAD: usize = 10 << 20;

/// Stores a file; one that is there is replaced.
#[utoipa::path(put, path = "/artifacts/{*path}", tag = "artifacts", params(("path" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = OK, description = "Stored")))]
pub(crate) async fn upload(
    State(store): State<Store>,
    Path(path): Path<String>,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let path = required_text("path", Some(checked(&path)?.to_owned()))?;
    receive_file(store, path, body).await?;
    Ok(StatusCode::OK)
}

/// The bytes of a file, or a range of them.
#[utoipa::path(get, path = "/artifacts/{*path}", tag = "artifacts", params(("path" = String, Path)),
    responses((status = OK, description = "The file", body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn download(
    State(store): State<Store>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let path = checked(&path)?.to_owned();
    send_file(store, TREE.to_owned(), path, Disposition::Attachment, &headers).await
}

/// Deletes a file, or a folder with all that is in it; what is not there is no error.
#[utoipa::path(delete, path = "/artifacts/{*path}", tag = "artifacts", params(("path" = String, Path)),
    responses((status = OK, body = Done)))]
pub(crate) async fn delete(State(store): State<Store>, Path(path): Path<String>) -> Answer<Done> {
    let path = required_text("path", Some(checked(&path)?.to_owned()))?;
    done(move || store.delete_artifact(&path)).await
}

/// The names in a folder; nothing for a file, by which clients tell the two apart.
#[utoipa::path(get, path = "/artifacts", tag = "artifacts", params(FolderPath),
    responses((status = OK, body = Files)))]
pub(crate) async fn list(State(store): State<Store>, Args(args): Args<FolderPath>) -> Answer<Files> {
    let path = args.path.unwrap_or_default();
    let path = checked(&path)?.to_owned();
    let files = blocking(move || store.list_artifacts(&path)).await?;
    Ok(Json(Files { root_uri: None, files: files.into_iter().map(FileInfo::from).collect() }))
}

/// The content of a folder of a run, with paths relative to the run's root.
#[utoipa::path(get, path = "/artifacts/list", tag = "artifacts", params(RunPath),
    responses((status = OK, body = Files)))]
pub(crate) async fn list_of_run(State(store): State<Store>, Args(args): Args<RunPath>) -> Answer<Files> {
    let id = run_id(args.run_id, args.run_uuid)?;
    let path = args.path.unwrap_or_default();
    let found = blocking(move || {
        let root_uri = store.get_run(&id)?.info.artifact_uri;
        list_below(&store, root_uri, &path)
    });
    found.await.map(Json)
}

/// The content of a folder of a logged model, with paths relative to the model's root.
#[utoipa::path(get, path = "/logged-models/{model_id}/artifacts/directories", tag = "artifacts",
    params(("model_id" = String, Path), LoggedModelFolder), responses((status = OK, body = Files)))]
pub(crate) async fn list_of_logged_model(
    State(store): State<Store>,
    Path(id): Path<String>,
    Args(args): Args<LoggedModelFolder>,
) -> Answer<Files> {
    let path = args.artifact_directory_path.unwrap_or_default();
    let found = blocking(move || {
        let root_uri = store.get_logged_model(&id)?.artifact_uri;
        list_below(&store, root_uri, &path)
    });
    found.await.map(Json)
}

/// Stores a small file of a run, as MLflow's page does.
#[utoipa::path(post, path = "/upload-artifact", tag = "artifacts", params(RunPath),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = OK, body = Done)))]
pub(crate) async fn upload_to_run(
    State(store): State<Store>,
    Query(args): Query<RunPath>,
    body: Body,
) -> Answer<Done> {
    let must = |name: &str| ApiError::invalid(format!("Request must specify {name}."));
    let id = optional_text(args.run_id).or(optional_text(args.run_uuid)).ok_or_else(|| must("run_uuid"))?;
    let path = optional_text(args.path).ok_or_else(|| must("path"))?;
    let path = checked(&path)?.to_owned();
    let bytes = axum::body::to_bytes(body, MAX_PAGE_UPLOAD).await;
    let bytes = bytes.map_err(|_| ApiError::invalid("An uploaded artifact can have 10 MB at most."))?;
    if bytes.is_empty() {
        return Err(must("data"));
    }
    done(move || {
        let root = store.get_run(&id)?.info.artifact_uri;
        store.write_artifact(&root, &path, &bytes)
    })
    .await
}

/// Lists `path` below a root, with paths relative to the root.
pub(crate) fn list_below(store: &Store, root_uri: String, path: &str) -> Result<Files, ApiError> {
    let path = checked(path)?;
    let files = store.list_artifacts_of(&root_uri, path)?.into_iter().map(|mut file| {
        if !path.is_empty() {
            file.path = format!("{path}/{}", file.path);
        }
        FileInfo::from(file)
    });
    Ok(Files { files: files.collect(), root_uri: Some(root_uri) })
}
