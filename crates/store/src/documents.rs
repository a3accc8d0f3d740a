use crate::runs::{self, RunKey};
use crate::sql::{Transaction, values};
use crate::{Result, Store};

impl Store {
    /// The facts beside a run: kind and digest of the blob, by kind.
    pub fn documents(&self, run_id: &str) -> Result<Vec<(String, String)>> {
        self.read(|connection| {
            let run = runs::find(connection, run_id)?;
            let rows = connection
                .query("SELECT kind, digest FROM documents WHERE run = ? ORDER BY kind", values![run.id])?;
            rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
        })
    }
}

/// Takes the place of a document of the same kind.
pub(crate) fn set(transaction: &dyn Transaction, run: RunKey, kind: &str, digest: &str) -> Result<()> {
    transaction
        .execute(
            "INSERT INTO documents (run, kind, digest) VALUES (?, ?, ?) \
             ON CONFLICT (run, kind) DO UPDATE SET digest = excluded.digest",
            values![run.id, kind, digest],
        )
        .map(drop)
}
