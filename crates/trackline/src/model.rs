use std::path::Path;

use trackline_journal::{ArtifactOwner, Event};
use trackline_model::limits::{
    KeyKind, MAX_PARAM_LENGTH, truncated, validate_key, validate_logged_model_name,
};
use trackline_model::{Invalid, LoggedModelStatus, Param, Tag};
use uuid::Uuid;

use crate::artifact::Files;
use crate::run::checked_tags;
use crate::{RunHandle, clock};

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
    run: RunHandle,
    model_id: String,
}

impl ModelHandle {
    pub(crate) fn of(run: &RunHandle, model_id: String) -> Self {
        Self { run: run.clone(), model_id }
    }

    pub(crate) fn create(run: &RunHandle, model: NewModel) -> Result<Self, Invalid> {
        let name = model.name.unwrap_or_else(|| "model".to_owned());
        validate_logged_model_name(&name)?;
        let mut params = model.params;
        for param in &mut params {
            validate_key(KeyKind::Param, &param.key)?;
            param.value.truncate(truncated(&param.value, MAX_PARAM_LENGTH).len());
        }
        let model_id = format!("m-{}", Uuid::new_v4().simple());
        run.append(Event::ModelCreated {
            model_id: model_id.clone(),
            name,
            run_id: run.id().to_owned(),
            model_type: model.model_type,
            params,
            tags: checked_tags(model.tags)?,
            time: clock::now(),
            source: run.source.name.to_string(),
        });
        Ok(Self::of(run, model_id))
    }

    /// `m-` and 32 hexadecimal digits.
    pub fn id(&self) -> &str {
        &self.model_id
    }

    /// As [`RunHandle::log_artifact`], among the model's files.
    ///
    /// # Errors
    /// As there.
    pub fn log_artifact(&self, local: &Path, to: Option<&str>) -> Result<(), Invalid> {
        let _timed = self.run.timed();
        self.files().keep(local, to)
    }

    /// As [`RunHandle::log_artifacts`], among the model's files.
    ///
    /// # Errors
    /// As there.
    pub fn log_artifacts(&self, folder: &Path, to: Option<&str>) -> Result<(), Invalid> {
        let _timed = self.run.timed();
        self.files().keep_contents(folder, to)
    }

    /// Keeps bytes as a file of the model.
    ///
    /// # Errors
    /// For a path that leads out of the model's files.
    pub fn log_bytes(&self, bytes: &[u8], path: &str) -> Result<(), Invalid> {
        let _timed = self.run.timed();
        self.files().keep_bytes(bytes, path)
    }

    /// Sets tags.
    ///
    /// # Errors
    /// For a key that breaks a rule; then nothing is set.
    pub fn set_tags(&self, tags: Vec<Tag>) -> Result<(), Invalid> {
        let _timed = self.run.timed();
        self.run.append(Event::ModelTags { model_id: self.model_id.clone(), tags: checked_tags(tags)? });
        Ok(())
    }

    /// Says that the model is whole, or has failed.
    pub fn finalize(&self, status: LoggedModelStatus) {
        let _timed = self.run.timed();
        let model_id = self.model_id.clone();
        self.run.append(Event::ModelFinalized { model_id, status, time: clock::now() });
    }

    fn files(&self) -> Files<'_> {
        Files { run: &self.run, owner: ArtifactOwner::Model(self.model_id.clone()) }
    }
}
