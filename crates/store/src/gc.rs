use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use crate::artifacts::{self, ArtifactKey};
use crate::sql::{Row, Transaction, values};
use crate::store::now;
use crate::{Result, Store};

/// A blob is put first and referred to a moment later; so long it is left alone.
const GRACE: Duration = Duration::from_secs(3600);

/// How long an event waits for its run, in milliseconds.
const WAITING: i64 = 30 * 24 * 3600 * 1000;

/// What a sweep removed for good.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// Ids of experiments.
    pub experiments: Vec<String>,
    /// Ids of runs.
    pub runs: Vec<String>,
    /// Ids of logged models.
    pub models: Vec<String>,
    /// How many blobs.
    pub blobs: u64,
    /// How many bytes these had.
    pub bytes: u64,
}

impl Store {
    /// Removes for good what was deleted longer ago than `older_than`, and the blobs that nothing refers
    /// to any more. Blobs put within the last hour stay.
    pub fn gc(&self, older_than: Duration) -> Result<Removed> {
        let limit = now().saturating_sub(i64::try_from(older_than.as_millis()).unwrap_or(i64::MAX));
        let mut removed = self.write(|transaction| {
            let models = sweep(transaction, MODELS, limit)?;
            let runs = sweep(transaction, RUNS, limit)?;
            let experiments = sweep(transaction, EXPERIMENTS, limit)?;
            transaction.execute(
                "DELETE FROM waiting_events WHERE time <= ?",
                values![limit.min(now().saturating_sub(WAITING))],
            )?;
            Ok(Removed { experiments, runs, models, blobs: 0, bytes: 0 })
        })?;
        let before = SystemTime::now().checked_sub(GRACE).unwrap_or(SystemTime::UNIX_EPOCH);
        self.sweep_blobs(before, &mut removed)?;
        Ok(removed)
    }

    fn sweep_blobs(&self, before: SystemTime, removed: &mut Removed) -> Result<()> {
        self.blobs().sweep_unfinished(before)?;
        let mut old = Vec::new();
        self.blobs().each(&mut |blob, modified| {
            if modified < before {
                old.push(blob);
            }
            Ok(())
        })?;
        // What refers to a blob is read after the blobs: one that is put meanwhile is not in the list.
        let used = self.used_blobs()?;
        for blob in old.iter().filter(|blob| !used.contains(&blob.digest)) {
            if self.blobs().delete(&blob.digest, before)? {
                removed.blobs += 1;
                removed.bytes += blob.size;
            }
        }
        Ok(())
    }

    fn used_blobs(&self) -> Result<HashSet<String>> {
        self.read(|connection| {
            let sql = "SELECT digest FROM artifacts WHERE digest IS NOT NULL \
                       UNION SELECT digest FROM documents";
            connection.query(sql, &[])?.iter().map(|row| row.text(0)).collect()
        })
    }
}

/// A table with its id and the artifacts that go with a row.
struct Kind {
    table: &'static str,
    id: &'static str,
    artifacts: &'static str,
}

const RUNS: Kind = Kind { table: "runs", id: "run_id", artifacts: "artifact_uri" };
const MODELS: Kind = Kind { table: "logged_models", id: "model_id", artifacts: "artifact_uri" };
const EXPERIMENTS: Kind = Kind { table: "experiments", id: "id", artifacts: "artifact_location" };

/// Removes rows that were deleted before `limit`; rows that belong to them go with them.
fn sweep(transaction: &dyn Transaction, kind: Kind, limit: i64) -> Result<Vec<String>> {
    let Kind { table, id, artifacts } = kind;
    let rows = transaction.query(
        &format!("SELECT {id}, {artifacts} FROM {table} WHERE deleted_time <= ? ORDER BY {id}"),
        values![limit],
    )?;
    for row in &rows {
        if let Some(key) = ArtifactKey::of_uri(&row.text(1)?) {
            artifacts::delete(transaction, &key)?;
        }
        transaction.execute(&format!("DELETE FROM {table} WHERE {id} = ?"), &[row.value(0).clone()])?;
    }
    rows.iter().map(id_of).collect()
}

fn id_of(row: &Row) -> Result<String> {
    match row.integer(0) {
        Ok(number) => Ok(number.to_string()),
        Err(_) => row.text(0),
    }
}
