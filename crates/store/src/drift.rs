use trackline_model::{Dataset, Drift};

use crate::runs;
use crate::sql::{Connection, values};
use crate::{Result, Store};

/// How a dataset of a run differs from that of the run before it.
#[derive(Debug, Clone, PartialEq)]
pub struct DatasetDrift {
    /// The dataset's name.
    pub name: String,
    /// Its digest.
    pub digest: String,
    /// What the run read it for: the tag `mlflow.data.context`.
    pub context: Option<String>,
    /// The run before.
    pub previous_run_id: String,
    /// Its name.
    pub previous_run_name: String,
    /// How they differ.
    pub drift: Drift,
}

const CONTEXT: &str = "'mlflow.data.context'";

impl Store {
    /// How the datasets of a run differ from those of the same name and context in the latest earlier run of the
    /// experiment that has them; by name. Datasets without such a run are left out.
    pub fn drift(&self, run_id: &str) -> Result<Vec<DatasetDrift>> {
        self.read(|connection| {
            let run = runs::find(connection, run_id)?;
            let started = runs::info(connection, run.id)?.start_time;
            let sql = format!(
                "SELECT d.name, d.digest, d.schema, d.profile, t.value FROM dataset_inputs i \
                 JOIN datasets d ON d.id = i.dataset LEFT JOIN dataset_input_tags t \
                 ON t.run = i.run AND t.dataset = i.dataset AND t.key = {CONTEXT} \
                 WHERE i.run = ? ORDER BY d.name, d.digest"
            );
            let mut found = Vec::new();
            for row in connection.query(&sql, values![run.id])? {
                let now = dataset(row.text(0)?, row.text(1)?, row.optional_text(2)?, row.optional_text(3)?);
                let context = row.optional_text(4)?;
                let place = (run.experiment, started, run.id);
                if let Some((previous_run_id, previous_run_name, before)) =
                    previous(connection, place, &now.name, context.as_deref())?
                {
                    let drift = Drift::between(&now, &before);
                    let (name, digest) = (now.name, now.digest);
                    found.push(DatasetDrift {
                        name,
                        digest,
                        context,
                        previous_run_id,
                        previous_run_name,
                        drift,
                    });
                }
            }
            Ok(found)
        })
    }
}

fn previous(
    connection: &dyn Connection,
    (experiment, started, run): (i64, i64, i64),
    name: &str,
    context: Option<&str>,
) -> Result<Option<(String, String, Dataset)>> {
    let sql = format!(
        "SELECT r.run_id, r.run_name, d.digest, d.schema, d.profile FROM datasets d \
         JOIN dataset_inputs i ON i.dataset = d.id JOIN runs r ON r.id = i.run \
         LEFT JOIN dataset_input_tags t ON t.run = i.run AND t.dataset = i.dataset AND t.key = {CONTEXT} \
         WHERE d.experiment = ? AND d.name = ? AND COALESCE(t.value, '') = ? AND r.deleted_time IS NULL \
         AND (r.start_time < ? OR (r.start_time = ? AND r.id < ?)) \
         ORDER BY r.start_time DESC, r.id DESC, d.digest LIMIT 1"
    );
    let context = context.unwrap_or_default();
    let row = connection.first(&sql, values![experiment, name, context, started, started, run])?;
    row.map(|row| {
        let found = dataset(name.to_owned(), row.text(2)?, row.optional_text(3)?, row.optional_text(4)?);
        Ok((row.text(0)?, row.text(1)?, found))
    })
    .transpose()
}

fn dataset(name: String, digest: String, schema: Option<String>, profile: Option<String>) -> Dataset {
    Dataset { name, digest, source_type: String::new(), source: String::new(), schema, profile }
}
