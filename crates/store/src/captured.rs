use trackline_model::{Captured, CapturedKind};

use crate::artifacts::{self, ArtifactKey};
use crate::sql::{Row, values};
use crate::{Result, Store, runs};

/// Kind, and a query of key, source and confidence with one value: the run.
const KINDS: [(CapturedKind, &str); 4] = [
    (CapturedKind::Param, "SELECT key, source, confidence FROM params WHERE run = ? ORDER BY key"),
    (CapturedKind::Metric, "SELECT key, source, confidence FROM metrics WHERE run = ? ORDER BY key"),
    (CapturedKind::Tag, "SELECT key, source, NULL FROM tags WHERE run = ? ORDER BY key"),
    (
        CapturedKind::Dataset,
        "SELECT d.name, i.captured_by, NULL FROM dataset_inputs i JOIN datasets d ON d.id = i.dataset \
         WHERE i.run = ? ORDER BY d.name, d.digest",
    ),
];

impl Store {
    /// Where every item of a run came from: params, metrics, tags, datasets, models, artifacts; each by
    /// key. Paths of artifacts are relative to the run's root.
    pub fn captured(&self, run_id: &str) -> Result<Vec<Captured>> {
        self.read(|connection| {
            let run = runs::find(connection, run_id)?;
            let mut items = Vec::new();
            for (kind, sql) in KINDS {
                for row in connection.query(sql, values![run.id])? {
                    items.push(item(kind, &row)?);
                }
            }
            let models = connection.query(
                "SELECT name, source, NULL FROM logged_models WHERE source_run_id = ? ORDER BY name, model_id",
                values![run_id],
            )?;
            for row in &models {
                items.push(item(CapturedKind::Model, row)?);
            }
            let info = runs::info(connection, run.id)?;
            if let Some(root) = ArtifactKey::of_uri(&info.artifact_uri) {
                for (path, source) in artifacts::files_below(connection, &root)? {
                    items.push(Captured {
                        kind: CapturedKind::Artifact,
                        key: path,
                        source,
                        confidence: None,
                    });
                }
            }
            Ok(items)
        })
    }
}

fn item(kind: CapturedKind, row: &Row) -> Result<Captured> {
    Ok(Captured { kind, key: row.text(0)?, source: row.text(1)?, confidence: row.optional_real(2)? })
}
