use trackline_model::limits::validate_registered_model_name;
use trackline_model::{Alias, ModelVersion, RegisteredModel, Tag};

use super::{stages, tags};
use crate::sql::{Connection, Row, Transaction, values};
use crate::store::now;
use crate::{Error, ErrorKind, Result, Store, rows};

impl Store {
    /// Makes a registered model without versions.
    ///
    /// # Errors
    /// `AlreadyExists` if the name is taken.
    pub fn create_registered_model(
        &self,
        name: &str,
        description: Option<&str>,
        tags: &[Tag],
    ) -> Result<RegisteredModel> {
        validate_registered_model_name(name)?;
        tags.iter().try_for_each(tags::validate)?;
        self.write(|transaction| {
            let time = now();
            let added = transaction.execute(
                "INSERT INTO registered_models (name, creation_time, last_update_time, description, \
                 last_version) VALUES (?, ?, ?, ?, 0) ON CONFLICT DO NOTHING",
                values![name, time, time, description],
            )?;
            if added == 0 {
                return Err(exists(name));
            }
            for tag in tags {
                tags::set_on_model(transaction, name, tag)?;
            }
            get(transaction.reader(), name)
        })
    }

    /// The registered model with this name.
    pub fn get_registered_model(&self, name: &str) -> Result<RegisteredModel> {
        self.read(|connection| get(connection, name))
    }

    /// Replaces the description.
    pub fn update_registered_model(&self, name: &str, description: Option<&str>) -> Result<RegisteredModel> {
        self.write(|transaction| {
            check(transaction.reader(), name)?;
            transaction.execute(
                "UPDATE registered_models SET description = ?, last_update_time = ? WHERE name = ?",
                values![description, now(), name],
            )?;
            get(transaction.reader(), name)
        })
    }

    /// Gives a registered model, and with it its versions, another name.
    pub fn rename_registered_model(&self, name: &str, new_name: &str) -> Result<RegisteredModel> {
        validate_registered_model_name(new_name)?;
        self.write(|transaction| {
            check(transaction.reader(), name)?;
            if name != new_name && check(transaction.reader(), new_name).is_ok() {
                return Err(exists(new_name));
            }
            let time = now();
            transaction.execute(
                "UPDATE registered_models SET name = ?, last_update_time = ? WHERE name = ?",
                values![new_name, time, name],
            )?;
            transaction.execute(
                "UPDATE model_versions SET last_update_time = ? WHERE name = ?",
                values![time, new_name],
            )?;
            get(transaction.reader(), new_name)
        })
    }

    /// Deletes a registered model with all its versions, for good.
    pub fn delete_registered_model(&self, name: &str) -> Result<()> {
        self.write(|transaction| {
            check(transaction.reader(), name)?;
            transaction.execute("DELETE FROM registered_models WHERE name = ?", values![name]).map(drop)
        })
    }
}

pub(super) const COLUMNS: &str = "m.name, m.creation_time, m.last_update_time, m.description";

pub(super) fn check(connection: &dyn Connection, name: &str) -> Result<()> {
    let row = connection.first("SELECT 1 FROM registered_models WHERE name = ?", values![name])?;
    row.map(drop).ok_or_else(|| missing(name))
}

pub(super) fn get(connection: &dyn Connection, name: &str) -> Result<RegisteredModel> {
    let sql = format!("SELECT {COLUMNS} FROM registered_models m WHERE m.name = ?");
    whole(connection, &connection.query(&sql, values![name])?)?.pop().ok_or_else(|| missing(name))
}

/// Whole models from their rows, in the same order.
pub(super) fn whole(connection: &dyn Connection, rows: &[Row]) -> Result<Vec<RegisteredModel>> {
    let tags = connection
        .query_of::<1>("SELECT key, value FROM registered_model_tags WHERE name = ? ORDER BY key", rows)?;
    let aliases = connection
        .query_of::<1>("SELECT alias, version FROM model_aliases WHERE name = ? ORDER BY alias", rows)?;
    let latest = stages::latest(connection, rows)?;
    let parts = tags.iter().zip(&aliases).zip(latest);
    rows.iter()
        .zip(parts)
        .map(|(row, ((tags, aliases), latest))| from_row(row, tags, aliases, latest))
        .collect()
}

fn from_row(
    row: &Row,
    tags: &[Row],
    aliases: &[Row],
    latest_versions: Vec<ModelVersion>,
) -> Result<RegisteredModel> {
    Ok(RegisteredModel {
        name: row.text(0)?,
        creation_timestamp: row.integer(1)?,
        last_updated_timestamp: row.integer(2)?,
        description: row.optional_text(3)?,
        latest_versions,
        tags: rows::tags(tags)?,
        aliases: aliases
            .iter()
            .map(|row| Ok(Alias { alias: row.text(0)?, version: row.integer(1)?.unsigned_abs() }))
            .collect::<Result<_>>()?,
    })
}

pub(super) fn touch(transaction: &dyn Transaction, name: &str, time: i64) -> Result<()> {
    transaction
        .execute("UPDATE registered_models SET last_update_time = ? WHERE name = ?", values![time, name])
        .map(drop)
}

fn missing(name: &str) -> Error {
    Error::not_found(format!("Registered Model with name={name} not found"))
}

fn exists(name: &str) -> Error {
    Error::new(ErrorKind::AlreadyExists, format!("Registered Model (name={name}) already exists."))
}
