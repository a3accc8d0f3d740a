//! Up- and downloads past the server, where artifacts are in a bucket. Elsewhere clients send and fetch files whole.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::extract::State;
use trackline_store::{Artifact, Direct, Store};

use super::{Answer, blocking, done};
use crate::artifact_path::{below, checked};
use crate::error::{ApiError, ErrorCode};
use crate::wire::direct::{
    AbortUpload, CompleteUpload, CreateUpload, Link, PartCredential, UploadCreated, UploadedPart,
};
use crate::wire::{Args, Done, Json, Path, required_text};

/// How long a download may take to begin.
const LINK: Duration = Duration::from_secs(300);
/// How long all parts of an upload may take.
const UPLOAD: Duration = Duration::from_secs(12 * 3600);

const MOST_PARTS: i64 = 10_000;

/// Begins an upload in parts of a file in a folder.
#[utoipa::path(post, path = "/mpu/create/{*path}", tag = "artifacts", params(("path" = String, Path)),
    request_body = CreateUpload, responses((status = OK, body = UploadCreated)))]
pub(crate) async fn create_upload(
    State(store): State<Store>,
    Path(folder): Path<String>,
    Args(args): Args<CreateUpload>,
) -> Answer<UploadCreated> {
    file_in(&folder, args.path)?;
    let parts = args.num_parts.map_or(1, |parts| parts.0);
    let count = u32::try_from(parts).ok().filter(|_| (1..=MOST_PARTS).contains(&parts)).ok_or_else(|| {
        ApiError::invalid(format!(
            "Invalid value {parts} for parameter 'num_parts' supplied. It must be from 1 to {MOST_PARTS}."
        ))
    })?;
    let upload = blocking(move || Ok::<_, ApiError>(taking_parts(&store)?.begin(count, UPLOAD)?)).await?;
    let credential = |(place, url)| PartCredential { url, part_number: place + 1, headers: BTreeMap::new() };
    let credentials = upload.urls.into_iter().enumerate().map(credential).collect();
    Ok(Json(UploadCreated { upload_id: upload.id, credentials }))
}

/// Makes a file of the parts.
#[utoipa::path(post, path = "/mpu/complete/{*path}", tag = "artifacts", params(("path" = String, Path)),
    request_body = CompleteUpload, responses((status = OK, body = Done)))]
pub(crate) async fn complete_upload(
    State(store): State<Store>,
    Path(folder): Path<String>,
    Args(args): Args<CompleteUpload>,
) -> Answer<Done> {
    let path = file_in(&folder, args.path)?;
    let id = required_text("upload_id", args.upload_id)?;
    done(move || {
        let direct = taking_parts(&store)?;
        let blob = direct.finish(&id, in_order(args.parts)?)?;
        Ok::<_, ApiError>(store.put_artifact(&path, &blob)?)
    })
    .await
}

/// Gives an upload up.
#[utoipa::path(post, path = "/mpu/abort/{*path}", tag = "artifacts", params(("path" = String, Path)),
    request_body = AbortUpload, responses((status = OK, body = Done)))]
pub(crate) async fn abort_upload(
    State(store): State<Store>,
    Path(folder): Path<String>,
    Args(args): Args<AbortUpload>,
) -> Answer<Done> {
    checked(&folder)?;
    let id = required_text("upload_id", args.upload_id)?;
    done(move || Ok::<_, ApiError>(taking_parts(&store)?.abort(&id)?)).await
}

/// Where a file can be fetched without the server.
#[utoipa::path(get, path = "/presigned/{*path}", tag = "artifacts", params(("path" = String, Path)),
    responses((status = OK, body = Link)))]
pub(crate) async fn link(State(store): State<Store>, Path(path): Path<String>) -> Answer<Link> {
    let path = checked(&path)?.to_owned();
    let found = blocking(move || {
        let direct = store.blobs().direct().ok_or_else(|| unsupported("Multipart download"))?;
        let Some(Artifact::File { blob, .. }) = store.stat_artifact(&path)? else {
            return Err(ApiError::not_found(format!("No such artifact: '{path}'")));
        };
        let name = path.rsplit('/').next().unwrap_or_default();
        let url = direct.link(&blob.digest, name, LINK)?;
        Ok(Link { url, headers: BTreeMap::new(), file_size: blob.size })
    });
    found.await.map(Json)
}

/// The path of a file whose client knows it by another.
fn file_in(folder: &str, at_client: Option<String>) -> Result<String, ApiError> {
    let name = at_client.as_deref().and_then(|path| path.rsplit(['/', '\\']).next());
    below(checked(folder)?, &required_text("path", name.map(str::to_owned))?)
}

/// The tags of parts that are numbered without a gap.
fn in_order(parts: Vec<UploadedPart>) -> Result<Vec<String>, ApiError> {
    let mut tags = Vec::new();
    for part in parts {
        let number = part.part_number.map_or(0, |number| number.0);
        tags.push((number, part.etag.unwrap_or_default()));
    }
    tags.sort();
    if tags.is_empty() || !tags.iter().map(|(number, _)| *number).eq((1..).take(tags.len())) {
        return Err(ApiError::invalid("Invalid value for parameter 'parts': they are numbered from 1 on."));
    }
    Ok(tags.into_iter().map(|(_, tag)| tag).collect())
}

fn taking_parts(store: &Store) -> Result<&dyn Direct, ApiError> {
    store.blobs().direct().ok_or_else(|| unsupported("Multipart upload"))
}

/// Clients know these words, and then send and fetch the file through the server.
fn unsupported(what: &str) -> ApiError {
    let message = format!("{what} is not supported for the current artifact repository");
    ApiError::new(ErrorCode::NotImplemented, message)
}
