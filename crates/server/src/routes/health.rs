use axum::extract::State;
use serde::Serialize;
use trackline_store::Store;
use utoipa::ToSchema;

use crate::wire::Json;

/// The version of MLflow whose protocol is spoken; clients choose their calls by it.
const MLFLOW_VERSION: &str = "3.17.2";

/// Says that the server runs.
#[utoipa::path(get, path = "/health", tag = "server", responses((status = OK, body = String)))]
pub(crate) async fn health() -> &'static str {
    "OK"
}

/// The version of MLflow whose protocol is spoken.
#[utoipa::path(get, path = "/version", tag = "server", responses((status = OK, body = String)))]
pub(crate) async fn version() -> &'static str {
    MLFLOW_VERSION
}

/// What a client asks before its first up- or download.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServerInfo {
    store_type: &'static str,
    workspaces_enabled: bool,
    trace_archival_enabled: bool,
    multipart_uploads_enabled: bool,
    multipart_downloads_enabled: bool,
    presigned_upload_run_id_supported: bool,
    presigned_upload_model_id_supported: bool,
}

/// What this server can do.
#[utoipa::path(get, path = "/server-info", tag = "server", responses((status = OK, body = ServerInfo)))]
pub(crate) async fn server_info(State(store): State<Store>) -> Json<ServerInfo> {
    // Clients that are told so go to the bucket, and fail if they do not reach it.
    let direct = store.blobs().direct().filter(|direct| direct.is_public());
    Json(ServerInfo {
        store_type: "SqlStore",
        workspaces_enabled: false,
        trace_archival_enabled: false,
        multipart_uploads_enabled: direct.is_some(),
        multipart_downloads_enabled: direct.is_some(),
        presigned_upload_run_id_supported: false,
        presigned_upload_model_id_supported: false,
    })
}
