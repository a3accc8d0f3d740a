use trackline_model::{ModelVersion, ModelVersionStatus, Stage, Tag};

use super::source::{Resolved, resolve};
use super::{models, tags};
use crate::sql::{Connection, Row, Transaction, values};
use crate::store::now;
use crate::{Error, Result, Store, rows};

/// A version of a registered model to be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewModelVersion {
    /// The registered model.
    pub name: String,
    /// Where it comes from: `runs:/…`, `models:/m-…`, `models:/name/1` or an artifact URI.
    pub source: String,
    /// The run that made it; for a logged model, by default, the run that made that.
    pub run_id: Option<String>,
    /// A link to that run elsewhere.
    pub run_link: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// The logged model it is a version of.
    pub model_id: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
}

impl Store {
    /// Makes the next version of a registered model.
    ///
    /// # Errors
    /// `NotFound` if there is no such registered model; `Invalid` if the run or the logged model does not
    /// own the source.
    pub fn create_model_version(&self, version: &NewModelVersion) -> Result<ModelVersion> {
        version.tags.iter().try_for_each(tags::validate)?;
        self.write(|transaction| {
            models::check(transaction.reader(), &version.name)?;
            let resolved = resolve(transaction.reader(), version)?;
            let number = insert(transaction, version, &resolved)?;
            for tag in &version.tags {
                tags::set_on_version(transaction, &version.name, number, tag)?;
            }
            if let Some(model_id) = &resolved.model_id {
                tags::note_registration(transaction, model_id, &version.name, number)?;
            }
            get(transaction.reader(), &version.name, number)
        })
    }

    /// One version of a registered model.
    pub fn get_model_version(&self, name: &str, version: u64) -> Result<ModelVersion> {
        self.read(|connection| get(connection, name, number(version)?))
    }

    /// Replaces the description.
    pub fn update_model_version(
        &self,
        name: &str,
        version: u64,
        description: Option<&str>,
    ) -> Result<ModelVersion> {
        let version = number(version)?;
        self.write(|transaction| {
            get(transaction.reader(), name, version)?;
            transaction.execute(
                "UPDATE model_versions SET description = ?, last_update_time = ? \
                 WHERE name = ? AND version = ?",
                values![description, now(), name, version],
            )?;
            get(transaction.reader(), name, version)
        })
    }

    /// Deletes a version, with its tags and aliases, for good. Its number is not given again.
    pub fn delete_model_version(&self, name: &str, version: u64) -> Result<()> {
        let version = number(version)?;
        self.write(|transaction| {
            get(transaction.reader(), name, version)?;
            transaction.execute(
                "DELETE FROM model_versions WHERE name = ? AND version = ?",
                values![name, version],
            )?;
            models::touch(transaction, name, now())
        })
    }

    /// Where the files of a version are.
    pub fn download_uri(&self, name: &str, version: u64) -> Result<String> {
        self.get_model_version(name, version).map(|version| version.storage_location)
    }
}

/// As a column holds it.
pub(super) fn number(version: u64) -> Result<i64> {
    i64::try_from(version).map_err(|_| Error::invalid(format!("{version} is no number of a version.")))
}

pub(super) const COLUMNS: &str = "v.name, v.version, v.creation_time, v.last_update_time, v.stage, \
     v.description, v.source, v.storage_location, v.run_id, v.run_link, v.model_id, v.status";

pub(super) fn get(connection: &dyn Connection, name: &str, version: i64) -> Result<ModelVersion> {
    let sql = format!("SELECT {COLUMNS} FROM model_versions v WHERE v.name = ? AND v.version = ?");
    let found = whole(connection, &connection.query(&sql, values![name, version])?)?.pop();
    found.ok_or_else(|| Error::not_found(format!("Model Version (name={name}, version={version}) not found")))
}

/// Whole versions from their rows, in the same order.
pub(super) fn whole(connection: &dyn Connection, rows: &[Row]) -> Result<Vec<ModelVersion>> {
    let tags = connection.query_of::<2>(
        "SELECT key, value FROM model_version_tags WHERE name = ? AND version = ? ORDER BY key",
        rows,
    )?;
    let aliases = connection.query_of::<2>(
        "SELECT alias FROM model_aliases WHERE name = ? AND version = ? ORDER BY alias",
        rows,
    )?;
    let parts = tags.iter().zip(&aliases);
    rows.iter().zip(parts).map(|(row, (tags, aliases))| from_row(row, tags, aliases)).collect()
}

fn from_row(row: &Row, tags: &[Row], aliases: &[Row]) -> Result<ModelVersion> {
    Ok(ModelVersion {
        name: row.text(0)?,
        version: row.integer(1)?.unsigned_abs(),
        creation_timestamp: row.integer(2)?,
        last_updated_timestamp: row.integer(3)?,
        current_stage: rows::named(row.text(4)?)?,
        description: row.optional_text(5)?,
        source: row.text(6)?,
        storage_location: row.text(7)?,
        run_id: row.optional_text(8)?,
        run_link: row.optional_text(9)?,
        model_id: row.optional_text(10)?,
        status: rows::named(row.text(11)?)?,
        tags: rows::tags(tags)?,
        aliases: aliases.iter().map(|row| row.text(0)).collect::<Result<_>>()?,
    })
}

fn insert(transaction: &dyn Transaction, version: &NewModelVersion, resolved: &Resolved) -> Result<i64> {
    let time = now();
    let rows = transaction.query(
        "UPDATE registered_models SET last_version = last_version + 1, last_update_time = ? \
         WHERE name = ? RETURNING last_version",
        values![time, &version.name],
    )?;
    let row =
        rows.first().ok_or_else(|| Error::corrupt("A registered model is gone while it is written."))?;
    let number = row.integer(0)?;
    transaction.execute(
        "INSERT INTO model_versions (name, version, creation_time, last_update_time, stage, description, \
         source, storage_location, run_id, run_link, model_id, status) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values![
            &version.name,
            number,
            time,
            time,
            rows::name_of(&Stage::None)?,
            version.description.as_ref(),
            &version.source,
            &resolved.storage_location,
            resolved.run_id.as_ref(),
            version.run_link.as_ref(),
            resolved.model_id.as_ref(),
            rows::name_of(&ModelVersionStatus::Ready)?
        ],
    )?;
    Ok(number)
}
