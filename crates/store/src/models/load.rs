use std::collections::HashMap;

use trackline_model::{LoggedModel, Metric, ModelMetric, Param, Tag};

use crate::sql::{Connection, Row, Value, placeholders, values};
use crate::{Result, rows};

pub(super) const COLUMNS: &str = "m.model_id, m.experiment, m.name, m.creation_time, m.last_update_time, \
                                  m.artifact_uri, m.status, m.model_type, m.source_run_id, m.deleted_time";

/// How many models are loaded by one query.
const BATCH: usize = 500;

/// The model, if it is not deleted.
pub(super) fn get(connection: &dyn Connection, model_id: &str) -> Result<LoggedModel> {
    let sql =
        format!("SELECT {COLUMNS} FROM logged_models m WHERE m.model_id = ? AND m.deleted_time IS NULL");
    let rows = connection.query(&sql, values![model_id])?;
    whole(connection, &rows)?.pop().ok_or_else(|| super::missing(model_id))
}

/// Whole models from their rows, in the same order.
pub(super) fn whole(connection: &dyn Connection, rows: &[Row]) -> Result<Vec<LoggedModel>> {
    let mut models = Vec::with_capacity(rows.len());
    for batch in rows.chunks(BATCH) {
        let ids: Vec<Value> = batch.iter().map(|row| row.value(0).clone()).collect();
        let mut parts = load_parts(connection, &ids)?;
        for row in batch {
            let part = parts.remove(&row.text(0)?).unwrap_or_default();
            models.push(from_row(row, part)?);
        }
    }
    Ok(models)
}

#[derive(Default)]
struct Parts {
    params: Vec<Param>,
    tags: Vec<Tag>,
    metrics: Vec<ModelMetric>,
}

fn from_row(row: &Row, parts: Parts) -> Result<LoggedModel> {
    Ok(LoggedModel {
        model_id: row.text(0)?,
        experiment_id: row.integer(1)?.to_string(),
        name: row.text(2)?,
        creation_timestamp: row.integer(3)?,
        last_updated_timestamp: row.integer(4)?,
        artifact_uri: row.text(5)?,
        status: rows::named(row.text(6)?)?,
        model_type: row.optional_text(7)?,
        source_run_id: row.optional_text(8)?,
        lifecycle_stage: rows::stage(row.optional_integer(9)?),
        tags: parts.tags,
        params: parts.params,
        metrics: parts.metrics,
    })
}

fn load_parts(connection: &dyn Connection, ids: &[Value]) -> Result<HashMap<String, Parts>> {
    let mut parts: HashMap<String, Parts> = HashMap::new();
    let list = placeholders(ids.len());
    let of = |table: &str, columns: &str| {
        let sql = format!(
            "SELECT model_id, key, {columns} FROM {table} WHERE model_id IN ({list}) \
             ORDER BY model_id, key, {columns}"
        );
        connection.query(&sql, ids)
    };
    for row in of("logged_model_params", "value")? {
        let param = Param { key: row.text(1)?, value: row.text(2)? };
        parts.entry(row.text(0)?).or_default().params.push(param);
    }
    for row in of("logged_model_tags", "value")? {
        let tag = Tag { key: row.text(1)?, value: row.text(2)? };
        parts.entry(row.text(0)?).or_default().tags.push(tag);
    }
    for row in of("logged_model_metrics", "dataset_name, dataset_digest, step, time, value, run_id")? {
        parts
            .entry(row.text(0)?)
            .or_default()
            .metrics
            .push(ModelMetric { run_id: row.text(7)?, metric: metric(&row)? });
    }
    Ok(parts)
}

fn metric(row: &Row) -> Result<Metric> {
    let present = |text: String| (!text.is_empty()).then_some(text);
    Ok(Metric {
        key: row.text(1)?,
        value: row.real(6)?,
        timestamp: row.integer(5)?,
        step: row.integer(4)?,
        model_id: Some(row.text(0)?),
        dataset_name: present(row.text(2)?),
        dataset_digest: present(row.text(3)?),
    })
}
