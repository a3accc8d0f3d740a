//! Traces: what happened at requests to programs, with tags and assessments. Their spans are kept beside them, or are artifacts.

mod assessments;
mod load;
mod search;
mod spans;

use trackline_model::limits::{KeyKind, MAX_TAG_LENGTH, truncated, validate_key};
use trackline_model::{Experiment, Tag, Trace};

use crate::artifact_root::joined;
use crate::artifacts::{self, ArtifactKey};
use crate::sql::{Connection, Scope, Transaction, Value, values};
use crate::{Error, Result, Store, experiments, rows};

/// Where the files of a trace are.
const LOCATION_TAG: &str = "mlflow.artifactLocation";
/// The run that made a trace.
const RUN_KEY: &str = "mlflow.sourceRun";

/// The most characters of an id.
const MAX_ID: usize = 50;

/// Which traces of an experiment are to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OldTraces {
    /// Those with these ids.
    Ids(Vec<String>),
    /// Those that began at this time or before, the oldest first.
    Until {
        /// Milliseconds since the epoch.
        time: i64,
        /// How many at most.
        most: Option<i64>,
    },
}

impl Store {
    /// Keeps a trace; one with this id is changed, and stays in its experiment. Files go to the place that its tag
    /// `mlflow.artifactLocation` then names, whatever the client says there: they are deleted with the trace.
    /// Assessments that come with it are left to [`Store::create_assessment`].
    ///
    /// # Errors
    /// `Invalid` for an id, a key or an experiment that is deleted, `NotFound` without the experiment.
    pub fn put_trace(&self, trace: &Trace) -> Result<Trace> {
        check(trace)?;
        let experiment = experiments::parse_id(&trace.experiment_id)?;
        self.write_in(
            |_| Scope::of([trace.trace_id.as_str()]),
            |transaction| {
                let owner = experiments::get(transaction.reader(), experiment)?;
                experiments::check_active(&owner)?;
                write(transaction, &owner, trace)?;
                load::get(transaction.reader(), &trace.trace_id)
            },
        )
    }

    /// The trace with this id.
    pub fn get_trace(&self, trace_id: &str) -> Result<Trace> {
        self.read(|connection| load::get(connection, trace_id))
    }

    /// Sets a tag of a trace.
    ///
    /// # Errors
    /// `NotFound` without the trace, `Invalid` for a key or the place of its files.
    pub fn set_trace_tag(&self, trace_id: &str, tag: &Tag) -> Result<()> {
        validate_key(KeyKind::Tag, &tag.key)?;
        check_is_free(&tag.key)?;
        self.write_in(
            |_| Scope::of([trace_id]),
            |transaction| {
                check_is_there(transaction.reader(), trace_id)?;
                set(transaction, "trace_tags", trace_id, [tag])
            },
        )
    }

    /// Takes a tag of a trace away.
    ///
    /// # Errors
    /// `NotFound` if the trace has no such tag, `Invalid` for the place of its files.
    pub fn delete_trace_tag(&self, trace_id: &str, key: &str) -> Result<()> {
        check_is_free(key)?;
        let sql = "DELETE FROM trace_tags WHERE trace_id = ? AND key = ?";
        self.write_in(
            |_| Scope::of([trace_id]),
            |transaction| match transaction.execute(sql, values![trace_id, key])? {
                0 => Err(Error::not_found(format!(
                    "No trace tag with key '{key}' for trace with ID '{trace_id}'"
                ))),
                _ => Ok(()),
            },
        )
    }

    /// Makes traces belong to a run, too.
    ///
    /// # Errors
    /// `NotFound` if one of the traces is not there.
    pub fn link_traces(&self, trace_ids: &[String], run_id: &str) -> Result<()> {
        self.write_in(
            |_| Scope::of(trace_ids.iter().map(String::as_str)),
            |transaction| {
                for trace_id in trace_ids {
                    check_is_there(transaction.reader(), trace_id)?;
                    transaction.execute(
                        "INSERT INTO trace_runs (trace_id, run_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                        values![trace_id, run_id],
                    )?;
                }
                Ok(())
            },
        )
    }

    /// Deletes traces of an experiment for good, with their files in the store, and says how many.
    pub fn delete_traces(&self, experiment_id: &str, old: &OldTraces) -> Result<u64> {
        let experiment = experiments::parse_id(experiment_id)?;
        self.write(|transaction| {
            let found = match old {
                OldTraces::Ids(ids) => ids.clone(),
                OldTraces::Until { time, most } => {
                    let sql = "SELECT trace_id FROM traces WHERE experiment = ? AND request_time <= ? \
                               ORDER BY request_time, trace_id LIMIT ?";
                    let most = most.unwrap_or(i64::MAX);
                    let rows = transaction.query(sql, values![experiment, *time, most])?;
                    rows.iter().map(|row| row.text(0)).collect::<Result<_>>()?
                }
            };
            let mut deleted = 0;
            for trace_id in found {
                delete_files(transaction, experiment, &trace_id)?;
                let sql = "DELETE FROM traces WHERE trace_id = ? AND experiment = ?";
                deleted += transaction.execute(sql, values![&trace_id, experiment])? as u64;
            }
            Ok(deleted)
        })
    }
}

/// What can be wrong with a trace by itself.
fn check(trace: &Trace) -> Result<()> {
    check_id(&trace.trace_id)?;
    trace.tags.iter().chain(&trace.metadata).try_for_each(|tag| Ok(validate_key(KeyKind::Tag, &tag.key)?))
}

/// A trace that is not there yet comes to the owner.
fn write(transaction: &dyn Transaction, owner: &Experiment, trace: &Trace) -> Result<()> {
    let id = &trace.trace_id;
    transaction.execute(
        "INSERT INTO traces (trace_id, experiment, request_time, duration, state, client_request_id, \
         request_preview, response_preview) VALUES (?, ?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (trace_id) DO UPDATE SET request_time = excluded.request_time, \
         duration = excluded.duration, state = excluded.state, \
         client_request_id = excluded.client_request_id, request_preview = excluded.request_preview, \
         response_preview = excluded.response_preview",
        values![
            id,
            experiments::parse_id(&owner.experiment_id)?,
            trace.request_time,
            trace.duration,
            rows::name_of(&trace.state)?,
            trace.client_request_id.as_deref(),
            trace.request_preview.as_deref(),
            trace.response_preview.as_deref()
        ],
    )?;
    let place = joined(&owner.artifact_location, &format!("traces/{id}/artifacts"));
    transaction.execute(
        "INSERT INTO trace_tags (trace_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        values![id, LOCATION_TAG, place],
    )?;
    let others = trace.tags.iter().filter(|tag| tag.key != LOCATION_TAG);
    set(transaction, "trace_tags", id, others)?;
    set(transaction, "trace_metadata", id, &trace.metadata)
}

fn delete_files(transaction: &dyn Transaction, experiment: i64, trace_id: &str) -> Result<()> {
    let sql = "SELECT g.value FROM traces t JOIN trace_tags g ON g.trace_id = t.trace_id AND g.key = ? \
               WHERE t.trace_id = ? AND t.experiment = ?";
    for row in transaction.query(sql, values![LOCATION_TAG, trace_id, experiment])? {
        if let Some(root) = ArtifactKey::of_uri(&row.text(0)?) {
            artifacts::delete(transaction, &root)?;
        }
    }
    Ok(())
}

fn set<'a>(
    transaction: &dyn Transaction,
    table: &str,
    trace_id: &str,
    tags: impl IntoIterator<Item = &'a Tag>,
) -> Result<()> {
    let rows: Vec<Vec<Value>> = tags
        .into_iter()
        .map(|tag| values![trace_id, &tag.key, truncated(&tag.value, MAX_TAG_LENGTH)].to_vec())
        .collect();
    let sql = format!(
        "INSERT INTO {table} (trace_id, key, value) VALUES (?, ?, ?) \
         ON CONFLICT (trace_id, key) DO UPDATE SET value = excluded.value"
    );
    transaction.execute_each(&sql, &rows).map(drop)
}

/// Ids are parts of paths.
fn check_id(trace_id: &str) -> Result<()> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if !trace_id.is_empty() && trace_id.len() <= MAX_ID && trace_id.chars().all(plain) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "'{trace_id}' cannot be the id of a trace: give up to {MAX_ID} letters, digits, '-' and '_'."
    )))
}

/// Whether clients may change the tag of this key.
fn check_is_free(key: &str) -> Result<()> {
    if key == LOCATION_TAG {
        return Err(Error::invalid(format!(
            "The tag {LOCATION_TAG} says where the files of a trace are. Leave it as it is."
        )));
    }
    Ok(())
}

fn check_is_there(connection: &dyn Connection, trace_id: &str) -> Result<()> {
    let sql = "SELECT 1 FROM traces WHERE trace_id = ?";
    connection.first(sql, values![trace_id])?.map(drop).ok_or_else(|| missing(trace_id))
}

fn missing(trace_id: &str) -> Error {
    Error::not_found(format!("Trace with ID '{trace_id}' not found."))
}
