use std::collections::HashMap;

use trackline_model::{Run, RunData, RunInfo};

use crate::sql::{Connection, Row, Value, placeholders, values};
use crate::{Error, Result, inputs, metrics, params, rows, tags};

const COLUMNS: &str = "id, run_id, experiment, run_name, user_id, status, start_time, end_time, \
                       artifact_uri, deleted_time";

fn info_from(row: &Row) -> Result<RunInfo> {
    Ok(RunInfo {
        run_id: row.text(1)?,
        experiment_id: row.integer(2)?.to_string(),
        run_name: row.text(3)?,
        user_id: row.text(4)?,
        status: rows::named(row.text(5)?)?,
        start_time: row.integer(6)?,
        end_time: row.optional_integer(7)?,
        artifact_uri: row.text(8)?,
        lifecycle_stage: rows::stage(row.optional_integer(9)?),
    })
}

pub(crate) fn info(connection: &dyn Connection, id: i64) -> Result<RunInfo> {
    let sql = format!("SELECT {COLUMNS} FROM runs WHERE id = ?");
    let row = connection.first(&sql, values![id])?;
    info_from(&row.ok_or_else(|| Error::not_found(format!("There is no run with number {id}")))?)
}

pub(crate) fn load(connection: &dyn Connection, id: i64) -> Result<Run> {
    load_many(connection, &[id])?
        .pop()
        .ok_or_else(|| Error::not_found(format!("There is no run with number {id}")))
}

/// How many runs are loaded by one query: engines bound the number of values.
const BATCH: usize = 500;

/// Whole runs, in the order of `ids`. Runs that are gone meanwhile are left out.
pub(crate) fn load_many(connection: &dyn Connection, ids: &[i64]) -> Result<Vec<Run>> {
    let mut runs = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let list = RunList::new(batch);
        let mut loaded = load_infos(connection, &list)?;
        params::load(connection, &list, &mut loaded)?;
        tags::load(connection, &list, &mut loaded)?;
        metrics::load_latest(connection, &list, &mut loaded)?;
        inputs::load(connection, &list, &mut loaded)?;
        runs.extend(batch.iter().filter_map(|id| loaded.remove(id)));
    }
    Ok(runs)
}

/// Runs that are loaded together, by their numbers.
pub(crate) type Loaded = HashMap<i64, Run>;

/// The numbers of runs as the values of an `IN (…)`.
pub(crate) struct RunList {
    pub placeholders: String,
    pub values: Vec<Value>,
}

impl RunList {
    fn new(ids: &[i64]) -> Self {
        Self { placeholders: placeholders(ids.len()), values: ids.iter().map(|id| (*id).into()).collect() }
    }
}

fn load_infos(connection: &dyn Connection, list: &RunList) -> Result<Loaded> {
    let sql = format!("SELECT {COLUMNS} FROM runs WHERE id IN ({})", list.placeholders);
    let rows = connection.query(&sql, &list.values)?;
    rows.iter()
        .map(|row| {
            let run = Run {
                info: info_from(row)?,
                data: RunData::default(),
                dataset_inputs: Vec::new(),
                model_inputs: Vec::new(),
                model_outputs: Vec::new(),
            };
            Ok((row.integer(0)?, run))
        })
        .collect()
}
