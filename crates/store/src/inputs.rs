use trackline_model::limits::validate_dataset;
use trackline_model::{Dataset, DatasetInput, ModelOutput, Tag, USER_SOURCE};

use crate::runs::{self, Loader, RunKey};
use crate::sql::{Scope, Transaction, placeholders, values};
use crate::{Error, Result, Store, experiments};

/// A dataset that runs of an experiment read, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetSummary {
    /// The experiment.
    pub experiment_id: String,
    /// The dataset's name.
    pub name: String,
    /// Its digest.
    pub digest: String,
    /// The tag `mlflow.data.context` of the input, if it has one.
    pub context: Option<String>,
}

/// How many summaries are returned at most.
const SUMMARIES: i64 = 1000;

impl Store {
    /// Adds datasets and logged models to what a run read. What is there already stays as it is.
    pub fn log_inputs(&self, run_id: &str, datasets: &[DatasetInput], model_ids: &[String]) -> Result<()> {
        for input in datasets {
            validate_dataset(input)?;
        }
        self.write(|transaction| {
            let run = runs::find_active(transaction.reader(), run_id)?;
            for input in datasets {
                add_dataset(transaction, run, input, USER_SOURCE)?;
            }
            for model_id in model_ids {
                transaction.execute(
                    "INSERT INTO model_inputs (run, model_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    values![run.id, model_id],
                )?;
            }
            Ok(())
        })
    }

    /// Adds logged models to what a run made; of one that is there already, the step is replaced.
    pub fn log_outputs(&self, run_id: &str, outputs: &[ModelOutput]) -> Result<()> {
        self.write_in(
            |_| Scope::of([run_id]),
            |transaction| {
                let run = runs::find_active(transaction.reader(), run_id)?;
                for output in outputs {
                    add_output(transaction, run, output)?;
                }
                Ok(())
            },
        )
    }

    /// The datasets that runs of these experiments read: at most 1,000.
    pub fn search_datasets(&self, experiment_ids: &[String]) -> Result<Vec<DatasetSummary>> {
        let ids = experiment_ids.iter().map(|id| experiments::parse_id(id)).collect::<Result<Vec<_>>>()?;
        self.read(|connection| {
            let sql = format!(
                "SELECT DISTINCT d.experiment, d.name, d.digest, t.value FROM datasets d \
                 JOIN dataset_inputs i ON i.dataset = d.id LEFT JOIN dataset_input_tags t \
                 ON t.run = i.run AND t.dataset = i.dataset AND t.key = 'mlflow.data.context' \
                 WHERE d.experiment IN ({}) ORDER BY d.experiment, d.name, d.digest, t.value NULLS FIRST LIMIT ?",
                placeholders(ids.len())
            );
            let values: Vec<_> = ids.iter().copied().chain([SUMMARIES]).map(Into::into).collect();
            let rows = connection.query(&sql, &values)?;
            rows.iter()
                .map(|row| {
                    Ok(DatasetSummary {
                        experiment_id: row.integer(0)?.to_string(),
                        name: row.text(1)?,
                        digest: row.text(2)?,
                        context: row.optional_text(3)?,
                    })
                })
                .collect()
        })
    }
}

pub(crate) fn add_dataset(
    transaction: &dyn Transaction,
    run: RunKey,
    input: &DatasetInput,
    source: &str,
) -> Result<()> {
    let dataset = dataset_id(transaction, run.experiment, &input.dataset)?;
    let added = transaction.execute(
        "INSERT INTO dataset_inputs (run, dataset, captured_by) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        values![run.id, dataset, source],
    )?;
    if added == 0 {
        return Ok(());
    }
    for tag in &input.tags {
        transaction.execute(
            "INSERT INTO dataset_input_tags (run, dataset, key, value) VALUES (?, ?, ?, ?) \
             ON CONFLICT (run, dataset, key) DO UPDATE SET value = excluded.value",
            values![run.id, dataset, &tag.key, &tag.value],
        )?;
    }
    Ok(())
}

/// The number of a dataset, which is made if the experiment does not have it.
fn dataset_id(transaction: &dyn Transaction, experiment: i64, dataset: &Dataset) -> Result<i64> {
    transaction.execute(
        "INSERT INTO datasets (experiment, name, digest, source_type, source, schema, profile) \
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        values![
            experiment,
            &dataset.name,
            &dataset.digest,
            &dataset.source_type,
            &dataset.source,
            dataset.schema.as_ref(),
            dataset.profile.as_ref()
        ],
    )?;
    let row = transaction.reader().first(
        "SELECT id FROM datasets WHERE experiment = ? AND name = ? AND digest = ?",
        values![experiment, &dataset.name, &dataset.digest],
    )?;
    row.ok_or_else(|| Error::corrupt("A dataset is gone right after it was written."))?.integer(0)
}

pub(crate) fn add_output(transaction: &dyn Transaction, run: RunKey, output: &ModelOutput) -> Result<()> {
    transaction
        .execute(
            "INSERT INTO model_outputs (run, model_id, step) VALUES (?, ?, ?) \
             ON CONFLICT (run, model_id) DO UPDATE SET step = excluded.step",
            values![run.id, &output.model_id, output.step],
        )
        .map(drop)
}

pub(crate) const LOADERS: [Loader; 4] = [
    Loader {
        query: "SELECT i.run, d.name, d.digest, d.source_type, d.source, d.schema, d.profile \
                FROM dataset_inputs i JOIN datasets d ON d.id = i.dataset WHERE i.run {among} \
                ORDER BY i.run, d.name, d.digest",
        fill: |row, run| {
            let dataset = Dataset {
                name: row.take_text(1)?,
                digest: row.take_text(2)?,
                source_type: row.take_text(3)?,
                source: row.take_text(4)?,
                schema: row.optional_text(5)?,
                profile: row.optional_text(6)?,
            };
            run.dataset_inputs.push(DatasetInput { dataset, tags: Vec::new() });
            Ok(())
        },
    },
    Loader {
        query: "SELECT t.run, d.name, d.digest, t.key, t.value \
                FROM dataset_input_tags t JOIN datasets d ON d.id = t.dataset WHERE t.run {among} \
                ORDER BY t.run, t.dataset, t.key",
        fill: |row, run| {
            let (name, digest) = (row.take_text(1)?, row.take_text(2)?);
            let tag = Tag { key: row.take_text(3)?, value: row.take_text(4)? };
            let mut inputs = run.dataset_inputs.iter_mut();
            if let Some(input) =
                inputs.find(|input| input.dataset.name == name && input.dataset.digest == digest)
            {
                input.tags.push(tag);
            }
            Ok(())
        },
    },
    Loader {
        query: "SELECT run, model_id FROM model_inputs WHERE run {among} ORDER BY run, model_id",
        fill: |row, run| {
            run.model_inputs.push(row.take_text(1)?);
            Ok(())
        },
    },
    Loader {
        query: "SELECT run, model_id, step FROM model_outputs WHERE run {among} ORDER BY run, step, model_id",
        fill: |row, run| {
            run.model_outputs.push(ModelOutput { model_id: row.take_text(1)?, step: row.integer(2)? });
            Ok(())
        },
    },
];
