use std::collections::HashMap;

use trackline_model::{Run, RunData, RunInfo};

use crate::sql::{AMONG, Connection, Row, values};
use crate::{Error, Result, inputs, metrics, params, rows, tags};

const INFOS: Loader = Loader {
    queries: &[INFO],
    fill: |answers, runs| {
        for row in answers.iter_mut().flatten() {
            let run = Run {
                info: info_from(row)?,
                data: RunData::default(),
                dataset_inputs: Vec::new(),
                model_inputs: Vec::new(),
                model_outputs: Vec::new(),
            };
            runs.insert(row.integer(0)?, run);
        }
        Ok(())
    },
};

const INFO: &str = "SELECT id, run_id, experiment, run_name, user_id, status, start_time, end_time, artifact_uri, \
                    deleted_time FROM runs WHERE id {among}";

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

/// Runs that are loaded together, by their numbers.
pub(crate) type Loaded = HashMap<i64, Run>;

/// How something that belongs to runs is read for many of them.
pub(crate) struct Loader {
    /// The queries, of runs whose number is [`AMONG`] some.
    pub queries: &'static [&'static str],
    /// Puts what each query answered into the runs.
    pub fill: fn(&mut [Vec<Row>], &mut Loaded) -> Result<()>,
}

const LOADERS: [&Loader; 5] = [&INFOS, &params::LOADER, &tags::LOADER, &metrics::LATEST, &inputs::LOADER];

/// Whole runs, in the order of `ids`. Runs that are gone meanwhile are left out.
pub(crate) fn load_many(connection: &dyn Connection, ids: &[i64]) -> Result<Vec<Run>> {
    let mut runs = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let queries: Vec<&str> = LOADERS.iter().flat_map(|loader| loader.queries).copied().collect();
        let mut answers = connection.query_among(&queries, batch)?;
        let mut loaded = Loaded::with_capacity(batch.len());
        let mut rest = answers.as_mut_slice();
        for loader in LOADERS {
            let (own, others) = rest.split_at_mut_checked(loader.queries.len()).unwrap_or_default();
            (loader.fill)(own, &mut loaded)?;
            rest = others;
        }
        runs.extend(batch.iter().filter_map(|id| loaded.remove(id)));
    }
    Ok(runs)
}
