use serde::{Deserialize, Serialize};

/// A file or folder in an artifact tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileInfo {
    /// Relative to the folder or root that was listed, as the call says; parts joined by `/`.
    pub path: String,
    /// Whether it is a folder.
    pub is_dir: bool,
    /// Bytes; absent for a folder.
    pub file_size: Option<u64>,
}
