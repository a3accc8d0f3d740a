use trackline_model::ModelVersion;
use trackline_model::limits::validate_alias;

use super::{models, versions};
use crate::sql::{Connection, values};
use crate::store::now;
use crate::{Error, Result, Store};

/// Always the version with the highest number; it cannot be set.
const LATEST: &str = "latest";

impl Store {
    /// Lets an alias point to a version, whatever it pointed to before.
    pub fn set_alias(&self, name: &str, alias: &str, version: u64) -> Result<()> {
        validate_alias(alias)?;
        let version = versions::number(version)?;
        self.write(|transaction| {
            versions::get(transaction.reader(), name, version)?;
            transaction.execute(
                "INSERT INTO model_aliases (name, alias, version) VALUES (?, ?, ?) \
                 ON CONFLICT (name, alias) DO UPDATE SET version = excluded.version",
                values![name, alias, version],
            )?;
            models::touch(transaction, name, now())
        })
    }

    /// Takes an alias away. It is no error if the model has no such alias.
    pub fn delete_alias(&self, name: &str, alias: &str) -> Result<()> {
        self.write(|transaction| {
            models::check(transaction.reader(), name)?;
            let changed = transaction
                .execute("DELETE FROM model_aliases WHERE name = ? AND alias = ?", values![name, alias])?;
            if changed > 0 { models::touch(transaction, name, now()) } else { Ok(()) }
        })
    }

    /// The version that an alias points to; for `latest` the one with the highest number.
    ///
    /// # Errors
    /// `NotFound` if there is no such model, `Invalid` (as in MLflow) if it has no such alias.
    pub fn get_version_by_alias(&self, name: &str, alias: &str) -> Result<ModelVersion> {
        self.read(|connection| get(connection, name, alias))
    }
}

pub(super) fn get(connection: &dyn Connection, name: &str, alias: &str) -> Result<ModelVersion> {
    models::check(connection, name)?;
    if alias.eq_ignore_ascii_case(LATEST) {
        let newest = connection
            .first("SELECT MAX(version) FROM model_versions WHERE name = ?", values![name])?
            .map(|row| row.optional_integer(0))
            .transpose()?
            .flatten();
        return match newest {
            Some(version) => versions::get(connection, name, version),
            None => Err(Error::not_found(format!("Latest version not found for model {name}."))),
        };
    }
    let row = connection
        .first("SELECT version FROM model_aliases WHERE name = ? AND alias = ?", values![name, alias])?;
    match row {
        Some(row) => versions::get(connection, name, row.integer(0)?),
        None => Err(Error::invalid(format!("Registered model alias {alias} not found."))),
    }
}
