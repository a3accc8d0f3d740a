use std::collections::HashMap;

use trackline_model::limits::{MAX_PARAM_LENGTH, truncated};
use trackline_model::{Param, USER_SOURCE};

use crate::origin::Origin;
use crate::runs::{self, Loader, RunKey};
use crate::sql::{Connection, Transaction, storable, values};
use crate::{Error, Result, Store};

/// One value that a param once had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamChange {
    /// The param.
    pub key: String,
    /// What it was set to.
    pub value: String,
    /// When.
    pub time: i64,
    /// `user` or the hook.
    pub source: String,
}

impl Store {
    /// Every value of the params of a run that were given more than one, by key, in the order in which
    /// the values came.
    pub fn param_history(&self, run_id: &str) -> Result<Vec<ParamChange>> {
        self.read(|connection| {
            let run = runs::find(connection, run_id)?;
            let rows = connection.query(
                "SELECT key, value, time, source FROM param_history WHERE run = ? ORDER BY key, number",
                values![run.id],
            )?;
            rows.iter()
                .map(|row| {
                    Ok(ParamChange {
                        key: row.text(0)?,
                        value: row.text(1)?,
                        time: row.integer(2)?,
                        source: row.text(3)?,
                    })
                })
                .collect()
        })
    }
}

/// MLflow's rule: a param that was logged may be logged again, but not with another value.
pub(crate) fn check_unchanged(
    connection: &dyn Connection,
    run_id: &str,
    run: RunKey,
    params: &[Param],
) -> Result<()> {
    if params.is_empty() {
        return Ok(());
    }
    let rows = connection
        .query("SELECT key, value FROM params WHERE run = ? AND source = ?", values![run.id, USER_SOURCE])?;
    let mut logged = HashMap::new();
    for row in &rows {
        logged.insert(row.text(0)?, row.text(1)?);
    }
    for param in params {
        if let Some(old) = logged.get(&param.key)
            && *old != kept(&param.value)
        {
            return Err(Error::invalid(format!(
                "Changing param values is not allowed. Param with key='{}' was already logged with \
                 value='{old}' for run ID='{run_id}'. Attempted logging new value '{}'.",
                param.key, param.value
            )));
        }
    }
    Ok(())
}

/// Writes values. The last one shows, but one from a hook never hides one from the user; when there are several, all
/// are kept.
pub(crate) fn set(
    transaction: &dyn Transaction,
    run: RunKey,
    params: &[Param],
    origin: Origin<'_>,
) -> Result<()> {
    let rows: Vec<_> = params
        .iter()
        .map(|param| {
            let (value, time) = (kept(&param.value), origin.time);
            let row =
                values![run.id, &param.key, value, run.experiment, time, origin.source, origin.confidence];
            row.to_vec()
        })
        .collect();
    let inserted = transaction.execute_each(
        "INSERT INTO params (run, key, value, experiment, time, source, confidence) \
         VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, key) DO NOTHING",
        &rows,
    )?;
    let again = params.iter().zip(inserted).filter(|(_, inserted)| *inserted == 0);
    again.map(|(param, _)| param).try_for_each(|param| set_again(transaction, run, param, origin))
}

/// What is kept of a value.
fn kept(value: &str) -> String {
    storable(truncated(value, MAX_PARAM_LENGTH)).into_owned()
}

/// Writes a value of a param that the run has.
fn set_again(transaction: &dyn Transaction, run: RunKey, param: &Param, origin: Origin<'_>) -> Result<()> {
    let value = kept(&param.value);
    let row = transaction.reader().first(
        "SELECT value, time, source, confidence FROM params WHERE run = ? AND key = ?",
        values![run.id, &param.key],
    )?;
    let Some(row) = row else { return Ok(()) };
    let (old_value, old_time, old_source) = (row.text(0)?, row.integer(1)?, row.text(2)?);
    if old_value != value {
        remember(transaction, run, &param.key, &old_value, old_time, &old_source)?;
        remember(transaction, run, &param.key, &value, origin.time, origin.source)?;
    }
    let is_less_sure = origin.confidence.unwrap_or(1.0) < row.optional_real(3)?.unwrap_or(1.0);
    if origin.source != USER_SOURCE && (old_source == USER_SOURCE || is_less_sure) {
        return Ok(());
    }
    transaction
        .execute(
            "UPDATE params SET value = ?, time = ?, source = ?, confidence = ? WHERE run = ? AND key = ?",
            values![value, origin.time, origin.source, origin.confidence, run.id, &param.key],
        )
        .map(drop)
}

/// Adds a value to the history, unless the same one came at the same time.
fn remember(
    transaction: &dyn Transaction,
    run: RunKey,
    key: &str,
    value: &str,
    time: i64,
    source: &str,
) -> Result<()> {
    let known = transaction.query(
        "SELECT value, time, source FROM param_history WHERE run = ? AND key = ?",
        values![run.id, key],
    )?;
    let same = [value.into(), time.into(), source.into()];
    if known.iter().any(|row| row.0 == same) {
        return Ok(());
    }
    transaction
        .execute(
            "INSERT INTO param_history (run, key, number, value, time, source) VALUES (?, ?, ?, ?, ?, ?)",
            values![run.id, key, known.len() as i64, value, time, source],
        )
        .map(drop)
}

pub(crate) const LOADER: Loader = Loader {
    query: "SELECT run, key, value FROM params WHERE run {among} ORDER BY run, key",
    fill: |row, run| {
        run.data.params.push(Param { key: row.take_text(1)?, value: row.take_text(2)? });
        Ok(())
    },
};
