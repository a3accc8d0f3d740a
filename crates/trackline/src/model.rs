use std::path::Path;

use trackline_model::{Invalid, LoggedModelStatus, Param, Tag};

/// What a logged model begins with.
#[derive(Debug, Clone, Default)]
pub struct NewModel {
    /// `model` unless said otherwise.
    pub name: Option<String>,
    /// `classifier`, `agent`, …; free text.
    pub model_type: Option<String>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Its tags.
    pub tags: Vec<Tag>,
}

/// A logged model to put files into.
#[derive(Debug, Clone)]
pub struct ModelHandle {
    model_id: String,
}

impl ModelHandle {
    /// `m-` and 32 hexadecimal digits.
    pub fn id(&self) -> &str {
        &self.model_id
    }

    /// As [`RunHandle::log_artifact`](crate::RunHandle::log_artifact), among the model's files.
    pub fn log_artifact(&self, _local: &Path, _to: Option<&str>) -> Result<(), Invalid> {
        Ok(())
    }

    /// As [`RunHandle::log_artifacts`](crate::RunHandle::log_artifacts), among the model's files.
    pub fn log_artifacts(&self, _folder: &Path, _to: Option<&str>) -> Result<(), Invalid> {
        Ok(())
    }

    /// Keeps bytes as a file of the model.
    pub fn log_bytes(&self, _bytes: &[u8], _path: &str) -> Result<(), Invalid> {
        Ok(())
    }

    /// Sets tags.
    pub fn set_tags(&self, _tags: Vec<Tag>) -> Result<(), Invalid> {
        Ok(())
    }

    /// Says that the model is whole, or has failed.
    pub fn finalize(&self, _status: LoggedModelStatus) {}
}
