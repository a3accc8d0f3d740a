use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;
use trackline_model::ModelVersion;

use super::NewModelVersion;
use super::versions;
use crate::artifact_root::{joined, local_path};
use crate::artifacts::{self, ArtifactKey};
use crate::sql::{Connection, values};
use crate::{Error, Result, models, runs};

/// What the source of a version stands for.
pub(super) struct Resolved {
    /// Where the files are.
    pub storage_location: String,
    pub run_id: Option<String>,
    pub model_id: Option<String>,
}

/// The tag of versions that hold a prompt and have no files.
const PROMPT_TAG: &str = "mlflow.prompt.is_prompt";

/// Finds the files of a version, and checks that the run or the logged model that it names owns them.
pub(super) fn resolve(connection: &dyn Connection, version: &NewModelVersion) -> Result<Resolved> {
    let source = version.source.as_str();
    let prompt = version.tags.iter().any(|tag| tag.key == PROMPT_TAG && tag.value == "true");
    if prompt {
        return Ok(as_given(version, source.to_owned()));
    }
    let plain = decoded(source);
    let climbs = local_path(source).is_none() && plain.split(['/', '\\']).any(|part| part == "..");
    if climbs || plain.contains('\0') {
        return Err(Error::invalid(format!(
            "Invalid model version source: '{source}'. A source must not hold '..', nor a zero byte."
        )));
    }
    let (scheme, path) = source.split_once(':').unwrap_or(("file", source));
    match scheme {
        "runs" => from_run(connection, version, path),
        "models" => from_model(connection, version, path),
        "file" | "mlflow-artifacts" | "http" | "https" => from_artifacts(connection, version),
        _ => Ok(as_given(version, source.to_owned())),
    }
}

/// Without percent signs, however often they were put in: a store may take them out as often.
fn decoded(source: &str) -> String {
    let mut text = source.to_owned();
    loop {
        let next = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if next == text {
            return text;
        }
        text = next;
    }
}

fn as_given(version: &NewModelVersion, storage_location: String) -> Resolved {
    Resolved { storage_location, run_id: version.run_id.clone(), model_id: version.model_id.clone() }
}

/// `runs:/<run_id>/<path>`. The run may be another server's, whose models this registry keeps: the source then says to
/// clients where the files are.
fn from_run(connection: &dyn Connection, version: &NewModelVersion, path: &str) -> Result<Resolved> {
    let (run_id, path) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
    if version.model_id.is_some() || version.run_id.as_deref() != Some(run_id) {
        return Err(not_owned(&version.source, "run_id"));
    }
    let Some(run) = runs::find_optional(connection, run_id)? else {
        return Ok(as_given(version, version.source.clone()));
    };
    let root = runs::info(connection, run.id)?.artifact_uri;
    let has_files = match ArtifactKey::of_uri(&root) {
        Some(root) => artifacts::exists(connection, &root.join(path)?)?,
        // Whatever clients keep elsewhere under this name, a logged model is what is meant.
        None => false,
    };
    match model_of_run(connection, run_id, path)? {
        Some(uri) if !has_files => Ok(as_given(version, uri)),
        _ => Ok(as_given(version, joined(&root, path))),
    }
}

/// Where the newest logged model of this name that a run made is: it lies beside the run's artifacts.
fn model_of_run(connection: &dyn Connection, run_id: &str, name: &str) -> Result<Option<String>> {
    let row = connection.first(
        "SELECT artifact_uri FROM logged_models WHERE source_run_id = ? AND name = ? \
         AND deleted_time IS NULL ORDER BY creation_time DESC, model_id LIMIT 1",
        values![run_id, name],
    )?;
    row.map(|row| row.text(0)).transpose()
}

/// `models:/m-…`, or a version of a registered model: `models:/name/1`, `models:/name@alias`.
fn from_model(connection: &dyn Connection, version: &NewModelVersion, path: &str) -> Result<Resolved> {
    let path = path.trim_start_matches('/');
    if !path.contains(['/', '@']) {
        if version.model_id.as_deref() != Some(path) {
            return Err(not_owned(&version.source, "model_id"));
        }
        let model = models::get(connection, path)?;
        return Ok(Resolved {
            storage_location: model.artifact_uri,
            run_id: version.run_id.clone().or(model.source_run_id),
            model_id: version.model_id.clone(),
        });
    }
    let other = registered(connection, &version.source, path)?;
    let differs = |given: &Option<String>, owner: &Option<String>| given.is_some() && given != owner;
    if differs(&version.run_id, &other.run_id) || differs(&version.model_id, &other.model_id) {
        return Err(Error::invalid(format!(
            "Invalid model version source: '{}'. The run_id and model_id request parameters must match \
             the referenced model version.",
            version.source
        )));
    }
    Ok(Resolved { storage_location: other.storage_location, run_id: other.run_id, model_id: other.model_id })
}

fn registered(connection: &dyn Connection, source: &str, path: &str) -> Result<ModelVersion> {
    if let Some((name, alias)) = path.rsplit_once('@') {
        return super::aliases::get(connection, name, alias);
    }
    let number = path.rsplit_once('/').and_then(|(name, number)| Some((name, number.parse().ok()?)));
    let (name, number) = number.ok_or_else(|| {
        Error::invalid(format!(
            "Invalid model version source: '{source}'. Write models:/<model id>, models:/<name>/<version> \
             or models:/<name>@<alias>."
        ))
    })?;
    versions::get(connection, name, number)
}

/// A folder of the artifact tree, or of a root that clients reach by their file system: the named run or model must own
/// it.
fn from_artifacts(connection: &dyn Connection, version: &NewModelVersion) -> Result<Resolved> {
    let (root, owner, run_id) = match (&version.model_id, &version.run_id) {
        (Some(model_id), run_id) => {
            let model = models::get(connection, model_id)?;
            (model.artifact_uri, "model_id", run_id.clone().or(model.source_run_id))
        }
        (None, Some(run_id)) => {
            let run = runs::find(connection, run_id)?;
            (runs::info(connection, run.id)?.artifact_uri, "run_id", Some(run_id.clone()))
        }
        (None, None) => return Err(not_owned(&version.source, "run_id")),
    };
    // A path in the file system begins with a slash, one in the tree does not.
    let place = |uri: &str| match local_path(uri) {
        Some(path) => path.is_absolute().then(|| resolved(&path)),
        None => Some(ArtifactKey::of_uri(uri)?.path().into()),
    };
    let inside = matches!((place(&version.source), place(&root)), (Some(source), Some(root)) if source.starts_with(&root));
    if !inside {
        return Err(not_owned(&version.source, owner));
    }
    Ok(Resolved { storage_location: version.source.clone(), run_id, model_id: version.model_id.clone() })
}

/// The path without `.` and `..`.
fn resolved(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut path, part| {
        match part {
            Component::ParentDir => drop(path.pop()),
            part => path.push(part),
        }
        path
    })
}

fn not_owned(source: &str, field: &str) -> Error {
    if local_path(source).is_some() {
        return Error::invalid(format!(
            "Invalid model version source: '{source}'. To use a local path as a model version source, the \
             {field} request parameter has to be specified, and the path must lie in the artifact directory of what it \
             names. Or give runs:/<run id>/<path>, models:/<model id> or an artifact URI."
        ));
    }
    Error::invalid(format!(
        "Invalid model version source: '{source}'. The {field} request parameter must identify the \
         resource that contains the source."
    ))
}
