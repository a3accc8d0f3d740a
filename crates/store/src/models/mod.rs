//! Logged models: what a run makes, with files, params, tags and metrics of its own.

mod load;
mod search;

use trackline_model::limits::{KeyKind, validate_key, validate_logged_model_name};
use trackline_model::{LoggedModel, LoggedModelStatus, Metric, Param, Tag, USER_SOURCE};
use uuid::Uuid;

use crate::artifact_root::joined;
use crate::sql::{Connection, Scope, Transaction, storable, values};
use crate::store::now;
use crate::{Error, ErrorKind, Result, Store, experiments, names, rows, runs};

/// A logged model to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewLoggedModel {
    /// `m-` and 32 hexadecimal digits; a random one if absent.
    pub model_id: Option<String>,
    /// The experiment it belongs to.
    pub experiment_id: String,
    /// A random name if absent.
    pub name: Option<String>,
    /// Free text.
    pub model_type: Option<String>,
    /// The run that makes it.
    pub source_run_id: Option<String>,
    /// Its parameters; each key once.
    pub params: Vec<Param>,
    /// Its tags.
    pub tags: Vec<Tag>,
}

impl Store {
    /// Makes a logged model; its files follow, and then [`Store::finalize_logged_model`].
    pub fn create_logged_model(&self, model: &NewLoggedModel) -> Result<LoggedModel> {
        let experiment = experiments::parse_id(&model.experiment_id)?;
        if let Some(name) = model.name.as_deref().filter(|name| !name.is_empty()) {
            validate_logged_model_name(name)?;
        }
        validate_keys(&model.params, &model.tags)?;
        runs::check_tags_once(&model.tags)?;
        self.write_in(
            |_| Scope::of([]),
            |transaction| {
                let owner = experiments::get(transaction.reader(), experiment)?;
                experiments::check_active(&owner)?;
                let location = &owner.artifact_location;
                let model_id = insert(transaction, model, experiment, location, now(), USER_SOURCE)?;
                load::get(transaction.reader(), &model_id)
            },
        )
    }

    /// The logged model with this id.
    ///
    /// # Errors
    /// `NotFound` also for one that was deleted.
    pub fn get_logged_model(&self, model_id: &str) -> Result<LoggedModel> {
        self.read(|connection| load::get(connection, model_id))
    }

    /// Says that a logged model is whole, or has failed.
    pub fn finalize_logged_model(&self, model_id: &str, status: LoggedModelStatus) -> Result<LoggedModel> {
        self.write_in(
            |_| Scope::of([model_id]),
            |transaction| {
                check(transaction.reader(), model_id)?;
                finalize(transaction, model_id, status, now())?;
                load::get(transaction.reader(), model_id)
            },
        )
    }

    /// Deletes a logged model, softly.
    pub fn delete_logged_model(&self, model_id: &str) -> Result<()> {
        self.write_in(
            |_| Scope::of([model_id]),
            |transaction| {
                check(transaction.reader(), model_id)?;
                let time = now();
                transaction
                    .execute(
                        "UPDATE logged_models SET deleted_time = ?, last_update_time = ? WHERE model_id = ?",
                        values![time, time, model_id],
                    )
                    .map(drop)
            },
        )
    }

    /// Sets tags of a logged model.
    pub fn set_logged_model_tags(&self, model_id: &str, tags: &[Tag]) -> Result<LoggedModel> {
        validate_keys(&[], tags)?;
        self.write_in(
            |_| Scope::of([model_id]),
            |transaction| {
                check(transaction.reader(), model_id)?;
                set_tags(transaction, model_id, tags)?;
                load::get(transaction.reader(), model_id)
            },
        )
    }

    /// Takes a tag of a logged model away.
    pub fn delete_logged_model_tag(&self, model_id: &str, key: &str) -> Result<()> {
        self.write_in(
            |_| Scope::of([model_id]),
            |transaction| {
                check(transaction.reader(), model_id)?;
                let changed = transaction.execute(
                    "DELETE FROM logged_model_tags WHERE model_id = ? AND key = ?",
                    values![model_id, key],
                )?;
                if changed > 0 {
                    return Ok(());
                }
                Err(Error::not_found(format!(
                    "No tag with key '{key}' found for model with ID '{model_id}'."
                )))
            },
        )
    }

    /// Adds parameters to a logged model.
    ///
    /// # Errors
    /// `Invalid` if it has one of them already, with another value.
    pub fn log_logged_model_params(&self, model_id: &str, params: &[Param]) -> Result<()> {
        validate_keys(params, &[])?;
        self.write_in(
            |_| Scope::of([model_id]),
            |transaction| {
                check(transaction.reader(), model_id)?;
                add_params(transaction, model_id, params)
            },
        )
    }
}

fn validate_keys(params: &[Param], tags: &[Tag]) -> Result<()> {
    for param in params {
        validate_key(KeyKind::Param, &param.key)?;
    }
    for tag in tags {
        validate_key(KeyKind::Tag, &tag.key)?;
    }
    Ok(())
}

/// A deleted model is as good as none.
pub(crate) fn check(connection: &dyn Connection, model_id: &str) -> Result<()> {
    let row = connection.first(
        "SELECT 1 FROM logged_models WHERE model_id = ? AND deleted_time IS NULL",
        values![model_id],
    )?;
    row.map(drop).ok_or_else(|| missing(model_id))
}

fn missing(model_id: &str) -> Error {
    Error::not_found(format!("Logged model with ID '{model_id}' not found."))
}

pub(crate) fn get(connection: &dyn Connection, model_id: &str) -> Result<LoggedModel> {
    load::get(connection, model_id)
}

/// Makes a model, if the id that is given is free; returns the id.
pub(crate) fn insert(
    transaction: &dyn Transaction,
    model: &NewLoggedModel,
    experiment: i64,
    artifact_location: &str,
    time: i64,
    source: &str,
) -> Result<String> {
    let model_id = model.model_id.clone().unwrap_or_else(|| format!("m-{}", Uuid::new_v4().simple()));
    let artifact_uri = joined(artifact_location, &format!("models/{model_id}/artifacts"));
    let name = model.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(names::random);
    let added = transaction.execute(
        "INSERT INTO logged_models (model_id, experiment, name, creation_time, last_update_time, \
         artifact_uri, status, model_type, source_run_id, source) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        values![
            &model_id,
            experiment,
            name,
            time,
            time,
            artifact_uri,
            rows::name_of(&LoggedModelStatus::Pending)?,
            model.model_type.as_ref(),
            model.source_run_id.as_ref(),
            source
        ],
    )?;
    if added == 0 {
        return Err(Error::new(
            ErrorKind::AlreadyExists,
            format!("Logged model with ID '{model_id}' already exists."),
        ));
    }
    add_params(transaction, &model_id, &model.params)?;
    set_tags(transaction, &model_id, &model.tags)?;
    Ok(model_id)
}

pub(crate) fn finalize(
    transaction: &dyn Transaction,
    model_id: &str,
    status: LoggedModelStatus,
    time: i64,
) -> Result<()> {
    transaction
        .execute(
            "UPDATE logged_models SET status = ?, last_update_time = ? WHERE model_id = ?",
            values![rows::name_of(&status)?, time, model_id],
        )
        .map(drop)
}

pub(crate) fn set_tags(transaction: &dyn Transaction, model_id: &str, tags: &[Tag]) -> Result<()> {
    for tag in tags {
        transaction.execute(
            "INSERT INTO logged_model_tags (model_id, key, value) VALUES (?, ?, ?) \
             ON CONFLICT (model_id, key) DO UPDATE SET value = excluded.value",
            values![model_id, &tag.key, &tag.value],
        )?;
    }
    Ok(())
}

fn add_params(transaction: &dyn Transaction, model_id: &str, params: &[Param]) -> Result<()> {
    for param in params {
        let rows = transaction.query(
            "INSERT INTO logged_model_params (model_id, key, value) VALUES (?, ?, ?) \
             ON CONFLICT (model_id, key) DO UPDATE SET key = excluded.key RETURNING value",
            values![model_id, &param.key, &param.value],
        )?;
        let stands = rows.first().map(|row| row.text(0)).transpose()?.unwrap_or_default();
        if stands != storable(&param.value) {
            return Err(Error::invalid(format!(
                "The param '{}' of the logged model '{model_id}' is '{stands}' and cannot become '{}'.",
                param.key, param.value
            )));
        }
    }
    Ok(())
}

/// Keeps a metric of a model, unless there is a later one of the same dataset.
pub(crate) fn log_metric(
    transaction: &dyn Transaction,
    model_id: &str,
    run_id: &str,
    metric: &Metric,
) -> Result<()> {
    check(transaction.reader(), model_id)?;
    transaction
        .execute(
            "INSERT INTO logged_model_metrics \
             (model_id, key, dataset_name, dataset_digest, run_id, step, time, value) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT (model_id, key, dataset_name, dataset_digest) DO UPDATE SET \
             run_id = excluded.run_id, step = excluded.step, time = excluded.time, value = excluded.value \
             WHERE excluded.time > logged_model_metrics.time \
             OR (excluded.time = logged_model_metrics.time AND excluded.step >= logged_model_metrics.step)",
            values![
                model_id,
                &metric.key,
                metric.dataset_name.as_deref().unwrap_or_default(),
                metric.dataset_digest.as_deref().unwrap_or_default(),
                run_id,
                metric.step,
                metric.timestamp,
                metric.value
            ],
        )
        .map(drop)
}
