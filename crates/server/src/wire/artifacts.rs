use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Serialize, ToSchema)]
pub(crate) struct FileInfo {
    path: String,
    is_dir: bool,
    /// Bytes; not for a folder, nor for an empty file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    file_size: Option<u64>,
}

impl From<trackline_model::FileInfo> for FileInfo {
    fn from(file: trackline_model::FileInfo) -> Self {
        Self { path: file.path, is_dir: file.is_dir, file_size: file.file_size.filter(|size| *size > 0) }
    }
}

/// Files and folders; with the root only where MLflow has it.
#[derive(Serialize, ToSchema)]
pub(crate) struct Files {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub root_uri: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub files: Vec<FileInfo>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FolderPath {
    /// The root if empty.
    pub path: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunPath {
    pub run_id: Option<String>,
    pub run_uuid: Option<String>,
    /// Relative to the run's artifacts.
    pub path: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ModelVersionPath {
    #[param(value_type = String)]
    pub name: Option<String>,
    #[param(value_type = String)]
    pub version: Option<String>,
    /// Relative to the version's files.
    #[param(value_type = String)]
    pub path: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LoggedModelFolder {
    /// Relative to the model's files; their root if empty.
    pub artifact_directory_path: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LoggedModelFile {
    /// Relative to the model's files.
    #[param(value_type = String)]
    pub artifact_file_path: Option<String>,
}
