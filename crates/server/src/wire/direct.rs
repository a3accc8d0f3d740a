//! Up- and downloads past the server, as MLflow's clients ask for them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list::objects;
use super::number::Int64;

#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateUpload {
    /// The file's path at the client; its last part is its name.
    #[schema(value_type = String)]
    pub path: Option<String>,
    /// 1 to 10,000.
    #[schema(value_type = Option<i64>)]
    pub num_parts: Option<Int64>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct UploadCreated {
    pub upload_id: String,
    pub credentials: Vec<PartCredential>,
}

/// Where a part is to be put.
#[derive(Serialize, ToSchema)]
pub(crate) struct PartCredential {
    pub url: String,
    pub part_number: usize,
    /// To be sent with it.
    pub headers: BTreeMap<String, String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct CompleteUpload {
    #[schema(value_type = String)]
    pub path: Option<String>,
    #[schema(value_type = String)]
    pub upload_id: Option<String>,
    #[serde(default, deserialize_with = "objects")]
    pub parts: Vec<UploadedPart>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct UploadedPart {
    #[schema(value_type = i64)]
    pub part_number: Option<Int64>,
    /// As the bucket answered; Azure gives none.
    pub etag: Option<String>,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct AbortUpload {
    #[schema(value_type = String)]
    pub upload_id: Option<String>,
}

/// Where a file can be fetched, for a few minutes.
#[derive(Serialize, ToSchema)]
pub(crate) struct Link {
    pub url: String,
    /// To be sent with the request.
    pub headers: BTreeMap<String, String>,
    /// Bytes.
    pub file_size: u64,
}
