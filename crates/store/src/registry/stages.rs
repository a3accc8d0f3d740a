use trackline_model::{ModelVersion, Stage};

use super::{models, versions};
use crate::sql::{Connection, Row, values};
use crate::store::now;
use crate::{Error, Result, Store, rows};

impl Store {
    /// The newest version of each of these stages, or of every stage if none is named.
    pub fn latest_versions(&self, name: &str, stages: &[Stage]) -> Result<Vec<ModelVersion>> {
        self.read(|connection| {
            let mut versions = models::get(connection, name)?.latest_versions;
            if !stages.is_empty() {
                versions.retain(|version| stages.contains(&version.current_stage));
            }
            Ok(versions)
        })
    }

    /// Gives a version another stage; with `archive_existing`, the others of that stage are archived.
    ///
    /// # Errors
    /// `Invalid` if others are to be archived for a stage other than Staging and Production.
    pub fn transition_stage(
        &self,
        name: &str,
        version: u64,
        stage: Stage,
        archive_existing: bool,
    ) -> Result<ModelVersion> {
        let version = versions::number(version)?;
        if archive_existing && !matches!(stage, Stage::Staging | Stage::Production) {
            return Err(Error::invalid(format!(
                "Model version transition cannot archive existing model versions because '{}' is not an \
                 Active stage. Valid stages are ['Staging', 'Production']",
                rows::name_of(&stage)?
            )));
        }
        self.write(|transaction| {
            versions::get(transaction.reader(), name, version)?;
            let time = now();
            let stage = rows::name_of(&stage)?;
            if archive_existing {
                transaction.execute(
                    "UPDATE model_versions SET stage = ?, last_update_time = ? \
                     WHERE name = ? AND version <> ? AND stage = ?",
                    values![rows::name_of(&Stage::Archived)?, time, name, version, &stage],
                )?;
            }
            transaction.execute(
                "UPDATE model_versions SET stage = ?, last_update_time = ? WHERE name = ? AND version = ?",
                values![&stage, time, name, version],
            )?;
            models::touch(transaction, name, time)?;
            versions::get(transaction.reader(), name, version)
        })
    }
}

/// The newest version of each stage, in the order of their numbers, for each of these rows of registered models.
pub(super) fn latest(connection: &dyn Connection, models: &[Row]) -> Result<Vec<Vec<ModelVersion>>> {
    let sql = format!(
        "SELECT {} FROM model_versions v WHERE v.name = ? AND v.version IN \
         (SELECT MAX(version) FROM model_versions WHERE name = ? GROUP BY stage) ORDER BY v.version",
        versions::COLUMNS
    );
    let names: Vec<_> = models.iter().map(|row| vec![row.value(0).clone(); 2]).collect();
    let found = connection.query_each(&sql, &names)?;
    let counts: Vec<_> = found.iter().map(Vec::len).collect();
    let rows: Vec<_> = found.into_iter().flatten().collect();
    let mut versions = versions::whole(connection, &rows)?.into_iter();
    Ok(counts.into_iter().map(|count| versions.by_ref().take(count).collect()).collect())
}
