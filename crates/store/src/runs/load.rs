use std::collections::HashMap;
use std::iter;

use trackline_model::{Run, RunData, RunInfo};

use crate::sql::{AMONG, Connection, Row, values};
use crate::{Error, Result, inputs, metrics, params, rows, tags};

const INFO: &str = "SELECT id, run_id, experiment, run_name, user_id, status, start_time, end_time, artifact_uri, \
                    deleted_time FROM runs WHERE id {among}";

fn run_from(row: &mut Row) -> Result<Run> {
    Ok(Run {
        info: info_from(row)?,
        data: RunData::default(),
        dataset_inputs: Vec::new(),
        model_inputs: Vec::new(),
        model_outputs: Vec::new(),
    })
}

fn info_from(row: &mut Row) -> Result<RunInfo> {
    Ok(RunInfo {
        run_id: row.take_text(1)?,
        experiment_id: row.integer(2)?.to_string(),
        run_name: row.take_text(3)?,
        user_id: row.take_text(4)?,
        status: rows::named(row.take_text(5)?)?,
        start_time: row.integer(6)?,
        end_time: row.optional_integer(7)?,
        artifact_uri: row.take_text(8)?,
        lifecycle_stage: rows::stage(row.optional_integer(9)?),
    })
}

pub(crate) fn info(connection: &dyn Connection, id: i64) -> Result<RunInfo> {
    let row = connection.first(&INFO.replace(AMONG, "= ?"), values![id])?;
    info_from(&mut row.ok_or_else(|| Error::not_found(format!("There is no run with number {id}")))?)
}

pub(crate) fn load(connection: &dyn Connection, id: i64) -> Result<Run> {
    load_many(connection, &[id])?
        .pop()
        .ok_or_else(|| Error::not_found(format!("There is no run with number {id}")))
}

/// How many runs are loaded by one query: engines bound the number of values.
const BATCH: usize = 500;

/// How something that belongs to runs is read for many of them.
#[derive(Clone, Copy)]
pub(crate) struct Loader {
    /// The query, of runs whose number is [`AMONG`] some. Its first column is the number of the run.
    pub query: &'static str,
    /// Puts a row that it answered into its run.
    pub fill: fn(&mut Row, &mut Run) -> Result<()>,
}

/// Whole runs, in the order of `ids`. Runs that are gone meanwhile are left out.
pub(crate) fn load_many(connection: &dyn Connection, ids: &[i64]) -> Result<Vec<Run>> {
    let loaders = [&[params::LOADER, tags::LOADER, metrics::LATEST] as &[Loader], &inputs::LOADERS].concat();
    let queries: Vec<&str> = iter::once(INFO).chain(loaders.iter().map(|loader| loader.query)).collect();
    let mut runs = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let mut loaded = HashMap::with_capacity(batch.len());
        connection.read_among(&queries, batch, &mut |place, row| {
            let id = row.integer(0)?;
            // Their infos come first.
            match (place.checked_sub(1).and_then(|place| loaders.get(place)), loaded.get_mut(&id)) {
                (Some(loader), Some(run)) => (loader.fill)(row, run)?,
                (Some(_), None) => {}
                (None, _) => drop(loaded.insert(id, run_from(row)?)),
            }
            Ok(())
        })?;
        runs.extend(batch.iter().filter_map(|id| loaded.remove(id)));
    }
    Ok(runs)
}
