use std::collections::HashMap;

use trackline_model::{Assessment, Tag, Trace};

use crate::sql::{Connection, Row, Value, placeholders, values};
use crate::{Result, rows};

pub(super) const COLUMNS: &str = "t.trace_id, t.experiment, t.request_time, t.duration, t.state, \
                                  t.client_request_id, t.request_preview, t.response_preview";

/// How many traces are loaded by one query.
const BATCH: usize = 500;

pub(super) fn get(connection: &dyn Connection, trace_id: &str) -> Result<Trace> {
    find(connection, trace_id)?.ok_or_else(|| super::missing(trace_id))
}

pub(super) fn find(connection: &dyn Connection, trace_id: &str) -> Result<Option<Trace>> {
    all(connection, values![trace_id]).map(|mut found| found.pop())
}

/// Those that are there, in any order.
pub(super) fn all(connection: &dyn Connection, ids: &[Value]) -> Result<Vec<Trace>> {
    let sql = format!("SELECT {COLUMNS} FROM traces t WHERE t.trace_id IN ({})", placeholders(ids.len()));
    whole(connection, &connection.query(&sql, ids)?)
}

/// Whole traces from their rows, in the same order.
pub(super) fn whole(connection: &dyn Connection, rows: &[Row]) -> Result<Vec<Trace>> {
    let mut traces = Vec::with_capacity(rows.len());
    for batch in rows.chunks(BATCH) {
        let ids: Vec<Value> = batch.iter().map(|row| row.value(0).clone()).collect();
        let mut tags = tags(connection, "trace_tags", &ids)?;
        let mut metadata = self::tags(connection, "trace_metadata", &ids)?;
        let mut assessments = assessments(connection, &ids)?;
        for row in batch {
            let trace_id = row.text(0)?;
            traces.push(Trace {
                experiment_id: row.integer(1)?.to_string(),
                request_time: row.integer(2)?,
                duration: row.optional_integer(3)?,
                state: rows::named(row.text(4)?)?,
                client_request_id: row.optional_text(5)?,
                request_preview: row.optional_text(6)?,
                response_preview: row.optional_text(7)?,
                metadata: metadata.remove(&trace_id).unwrap_or_default(),
                tags: tags.remove(&trace_id).unwrap_or_default(),
                assessments: assessments.remove(&trace_id).unwrap_or_default(),
                trace_id,
            });
        }
    }
    Ok(traces)
}

fn tags(connection: &dyn Connection, table: &str, ids: &[Value]) -> Result<HashMap<String, Vec<Tag>>> {
    let sql = format!(
        "SELECT trace_id, key, value FROM {table} WHERE trace_id IN ({}) ORDER BY trace_id, key",
        placeholders(ids.len())
    );
    let mut found: HashMap<String, Vec<Tag>> = HashMap::new();
    for row in connection.query(&sql, ids)? {
        found.entry(row.text(0)?).or_default().push(Tag { key: row.text(1)?, value: row.text(2)? });
    }
    Ok(found)
}

fn assessments(connection: &dyn Connection, ids: &[Value]) -> Result<HashMap<String, Vec<Assessment>>> {
    let sql = format!(
        "SELECT trace_id, assessment_id, content FROM trace_assessments WHERE trace_id IN ({}) \
         ORDER BY trace_id, number",
        placeholders(ids.len())
    );
    let mut found: HashMap<String, Vec<Assessment>> = HashMap::new();
    for row in connection.query(&sql, ids)? {
        let assessment = Assessment { assessment_id: row.text(1)?, content: row.text(2)? };
        found.entry(row.text(0)?).or_default().push(assessment);
    }
    Ok(found)
}
