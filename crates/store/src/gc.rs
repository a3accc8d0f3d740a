use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use crate::artifacts::{self, ArtifactKey};
use crate::sql::{Row, Transaction, values};
use crate::store::now;
use crate::{ArtifactRoot, Result, Store};

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
    /// How many runs, models and traces had their files at a place that was not reached.
    pub left: u64,
}

impl Store {
    /// Removes for good what was deleted longer ago than `older_than`, and the blobs that nothing refers
    /// to any more, and the files below `root` that clients wrote for it. Blobs put within the last hour stay.
    pub fn gc(&self, older_than: Duration, root: Option<&ArtifactRoot>) -> Result<Removed> {
        let limit = now().saturating_sub(i64::try_from(older_than.as_millis()).unwrap_or(i64::MAX));
        let (mut removed, elsewhere) = self.write(|transaction| {
            let mut elsewhere = Vec::new();
            let runs = sweep(transaction, &RUNS, limit, &mut elsewhere)?;
            let models = sweep(transaction, &MODELS, limit, &mut elsewhere)?;
            sweep(transaction, &TRACES, limit, &mut elsewhere)?;
            let experiments = sweep(transaction, &EXPERIMENTS, limit, &mut elsewhere)?;
            transaction.execute(
                "DELETE FROM waiting_events WHERE time <= ?",
                values![limit.min(now().saturating_sub(WAITING))],
            )?;
            Ok((Removed { experiments, runs, models, ..Removed::default() }, elsewhere))
        })?;
        // After their rows, so that whatever is still there has its files.
        let mut failed = Ok(());
        for (id, uri) in elsewhere {
            match root.and_then(|root| root.remove(&uri, &id)) {
                // Nothing else names the others any more: they are removed before this is told.
                Some(done) => failed = failed.and(done),
                None => removed.left += 1,
            }
        }
        let before = SystemTime::now().checked_sub(GRACE).unwrap_or(SystemTime::UNIX_EPOCH);
        self.sweep_blobs(before, &mut removed)?;
        failed.map(|()| removed)
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

/// What is swept: a query with one value, the time before which it must have been deleted. It answers
/// ids and, where files go with them, URIs of artifacts.
struct Kind {
    find: &'static str,
    delete: &'static str,
}

const RUNS: Kind = Kind {
    find: "SELECT run_id, artifact_uri FROM runs WHERE deleted_time <= ? ORDER BY run_id",
    delete: "DELETE FROM runs WHERE run_id = ?",
};

/// An experiment takes its logged models along.
const MODELS: Kind = Kind {
    find: "SELECT m.model_id, m.artifact_uri FROM logged_models m \
           JOIN experiments e ON e.id = m.experiment \
           WHERE COALESCE(m.deleted_time, e.deleted_time) <= ? \
           AND (m.deleted_time IS NOT NULL OR NOT EXISTS (SELECT 1 FROM runs r WHERE r.experiment = e.id)) \
           ORDER BY m.model_id",
    delete: "DELETE FROM logged_models WHERE model_id = ?",
};

/// An experiment takes its traces along.
const TRACES: Kind = Kind {
    find: "SELECT t.trace_id, g.value FROM traces t JOIN experiments e ON e.id = t.experiment \
           LEFT JOIN trace_tags g ON g.trace_id = t.trace_id AND g.key = 'mlflow.artifactLocation' \
           WHERE e.deleted_time <= ? AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.experiment = e.id) \
           ORDER BY t.trace_id",
    delete: "DELETE FROM traces WHERE trace_id = ?",
};

/// A deleted experiment still takes runs that come late, and stays as long as it has one. Its folder
/// may be that of other experiments too, so files go with their runs and models alone.
const EXPERIMENTS: Kind = Kind {
    find: "SELECT e.id, NULL FROM experiments e WHERE e.deleted_time <= ? \
           AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.experiment = e.id) ORDER BY e.id",
    delete: "DELETE FROM experiments WHERE id = ?",
};

/// Removes what was deleted before `limit`; rows that belong to it go with it. Its id and URI come to those whose files are
/// elsewhere, if they are.
fn sweep(
    transaction: &dyn Transaction,
    kind: &Kind,
    limit: i64,
    elsewhere: &mut Vec<(String, String)>,
) -> Result<Vec<String>> {
    let rows = transaction.query(kind.find, values![limit])?;
    for row in &rows {
        if let Some(uri) = row.optional_text(1)? {
            match ArtifactKey::of_uri(&uri) {
                Some(root) => artifacts::delete(transaction, &root)?,
                None => elsewhere.push((id_of(row)?, uri)),
            }
        }
        transaction.execute(kind.delete, &[row.value(0).clone()])?;
    }
    rows.iter().map(id_of).collect()
}

fn id_of(row: &Row) -> Result<String> {
    match row.integer(0) {
        Ok(number) => Ok(number.to_string()),
        Err(_) => row.text(0),
    }
}
