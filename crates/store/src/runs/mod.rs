//! Runs: what identifies them, and how they stand.

mod load;

use trackline_model::limits::{
    KeyKind, MAX_RUN_NAME_LENGTH, MAX_TAG_LENGTH, truncated, validate_key, validate_run_id,
};
use trackline_model::{LifecycleStage, Run, RunInfo, RunStatus, Tag, USER_SOURCE};
use uuid::Uuid;

use crate::artifact_root::joined;
use crate::sql::{Connection, Row, Scope, Transaction, values};
use crate::store::now;
use crate::{Error, ErrorKind, NewRun, Result, Store, experiments, names, rows, tags};

pub(crate) use load::{Loader, info, load, load_many};

/// The tag that is kept in step with the name of a run.
pub(crate) const RUN_NAME_TAG: &str = "mlflow.runName";

impl Store {
    /// Makes a run.
    ///
    /// # Errors
    /// `Invalid` if the experiment is deleted, if a tag comes twice, or if name and name tag differ;
    /// `AlreadyExists` if the id is taken.
    pub fn create_run(&self, run: &NewRun) -> Result<Run> {
        let experiment_id = experiments::parse_id(&run.experiment_id)?;
        validate(run)?;
        for tag in &run.tags {
            self.check_length("tag", &tag.key, &tag.value, MAX_TAG_LENGTH)?;
        }
        self.write_in(
            |_| Scope::of([]),
            |transaction| {
                let experiment = experiments::get(transaction.reader(), experiment_id)?;
                experiments::check_active(&experiment)?;
                let id = insert(transaction, run, experiment_id, &experiment.artifact_location)?;
                load(transaction.reader(), id)
            },
        )
    }

    /// The run with this id, deleted or not.
    pub fn get_run(&self, run_id: &str) -> Result<Run> {
        self.read(|connection| {
            let key = find(connection, run_id)?;
            load(connection, key.id)
        })
    }

    /// Changes what is given.
    pub fn update_run(
        &self,
        run_id: &str,
        status: Option<RunStatus>,
        end_time: Option<i64>,
        run_name: Option<&str>,
    ) -> Result<RunInfo> {
        self.write_in(
            |_| Scope::of([run_id]),
            |transaction| {
                let key = find_active(transaction.reader(), run_id)?;
                update(transaction, key, status, end_time)?;
                if let Some(name) = run_name.filter(|name| !name.is_empty()) {
                    rename(transaction, key, name)?;
                    tags::set_one(transaction, key, RUN_NAME_TAG, name, USER_SOURCE)?;
                }
                info(transaction.reader(), key.id)
            },
        )
    }

    /// Deletes a run, softly.
    pub fn delete_run(&self, run_id: &str) -> Result<()> {
        self.write_in(
            |_| Scope::of([run_id]),
            |transaction| {
                let key = find(transaction.reader(), run_id)?;
                transaction
                    .execute("UPDATE runs SET deleted_time = ? WHERE id = ?", values![now(), key.id])
                    .map(drop)
            },
        )
    }

    /// Brings a deleted run back.
    pub fn restore_run(&self, run_id: &str) -> Result<()> {
        self.write_in(
            |_| Scope::of([run_id]),
            |transaction| {
                let key = find(transaction.reader(), run_id)?;
                transaction
                    .execute("UPDATE runs SET deleted_time = NULL WHERE id = ?", values![key.id])
                    .map(drop)
            },
        )
    }
}

/// How rows of other tables refer to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RunKey {
    pub id: i64,
    pub experiment: i64,
    pub stage: LifecycleStage,
}

impl RunKey {
    fn from_row(row: &Row) -> Result<Self> {
        let stage = rows::stage(row.optional_integer(2)?);
        Ok(Self { id: row.integer(0)?, experiment: row.integer(1)?, stage })
    }

    fn checked_active(self, run_id: &str) -> Result<Self> {
        match self.stage {
            LifecycleStage::Active => Ok(self),
            LifecycleStage::Deleted => Err(Error::invalid(format!(
                "The run {run_id} must be in the 'active' state. Current state is deleted. Restore it first."
            ))),
        }
    }
}

const FIND: &str = "SELECT id, experiment, deleted_time FROM runs WHERE run_id = ?";

pub(crate) fn find_optional(connection: &dyn Connection, run_id: &str) -> Result<Option<RunKey>> {
    connection.first(FIND, values![run_id])?.as_ref().map(RunKey::from_row).transpose()
}

pub(crate) fn find(connection: &dyn Connection, run_id: &str) -> Result<RunKey> {
    find_optional(connection, run_id)?.ok_or_else(|| missing(run_id))
}

/// A run that may be written to.
pub(crate) fn find_active(connection: &dyn Connection, run_id: &str) -> Result<RunKey> {
    find(connection, run_id)?.checked_active(run_id)
}

/// Runs that all may be written to, in the order of their ids.
pub(crate) fn find_each_active<'a>(
    connection: &dyn Connection,
    run_ids: impl Iterator<Item = &'a str> + Clone,
) -> Result<Vec<RunKey>> {
    let ids: Vec<_> = run_ids.clone().map(|run_id| values![run_id].to_vec()).collect();
    let found = connection.query_each(FIND, &ids)?;
    let found = run_ids.zip(&found);
    found
        .map(|(run_id, rows)| {
            let row = rows.first().ok_or_else(|| missing(run_id))?;
            RunKey::from_row(row)?.checked_active(run_id)
        })
        .collect()
}

fn missing(run_id: &str) -> Error {
    Error::not_found(format!("Run with id={run_id} not found"))
}

/// Makes a run in this experiment and sets its tags, its name among them.
pub(crate) fn insert(
    transaction: &dyn Transaction,
    run: &NewRun,
    experiment: i64,
    artifact_location: &str,
) -> Result<i64> {
    let run_id = run.run_id.clone().unwrap_or_else(|| Uuid::new_v4().simple().to_string());
    if find_optional(transaction.reader(), &run_id)?.is_some() {
        return Err(Error::new(ErrorKind::AlreadyExists, format!("Run with id={run_id} already exists")));
    }
    let run_name = chosen_name(run)?;
    let artifact_uri = joined(artifact_location, &format!("{run_id}/artifacts"));
    let inserted = transaction.query(
        "INSERT INTO runs (run_id, experiment, run_name, user_id, status, start_time, artifact_uri) \
         VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        values![
            &run_id,
            experiment,
            truncated(&run_name, MAX_RUN_NAME_LENGTH),
            &run.user_id,
            rows::name_of(&RunStatus::Running)?,
            run.start_time,
            artifact_uri
        ],
    )?;
    let row = inserted.first().ok_or_else(|| Error::corrupt("The database gave no number to a run."))?;
    let key = RunKey { id: row.integer(0)?, experiment, stage: LifecycleStage::Active };
    tags::set(transaction, key, &run.tags, USER_SOURCE)?;
    tags::set_one(transaction, key, RUN_NAME_TAG, &run_name, USER_SOURCE)?;
    Ok(key.id)
}

fn chosen_name(run: &NewRun) -> Result<String> {
    let tag = run.tags.iter().find(|tag| tag.key == RUN_NAME_TAG).map(|tag| tag.value.as_str());
    let given = run.run_name.as_deref().filter(|name| !name.is_empty());
    match (given, tag.filter(|name| !name.is_empty())) {
        (Some(name), Some(tag)) if name != tag => Err(Error::invalid(format!(
            "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values \
             (run_name='{name}', mlflow.runName='{tag}'). Give one of them."
        ))),
        (Some(name), _) | (None, Some(name)) => Ok(name.to_owned()),
        (None, None) => Ok(names::random()),
    }
}

fn validate(run: &NewRun) -> Result<()> {
    if let Some(run_id) = &run.run_id {
        validate_run_id(run_id)?;
    }
    for tag in &run.tags {
        validate_key(KeyKind::Tag, &tag.key)?;
    }
    check_tags_once(&run.tags)
}

/// # Errors
/// `Invalid` if two tags have the same key: which one is meant is not known.
pub(crate) fn check_tags_once(tags: &[Tag]) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    match tags.iter().find(|tag| !seen.insert(&tag.key)) {
        Some(tag) => {
            Err(Error::invalid(format!("The tag '{}' is given twice. Give each key once.", tag.key)))
        }
        None => Ok(()),
    }
}

pub(crate) fn update(
    transaction: &dyn Transaction,
    key: RunKey,
    status: Option<RunStatus>,
    end_time: Option<i64>,
) -> Result<()> {
    let status = status.map(|status| rows::name_of(&status)).transpose()?;
    transaction
        .execute(
            "UPDATE runs SET status = COALESCE(?, status), end_time = COALESCE(?, end_time) WHERE id = ?",
            values![status, end_time, key.id],
        )
        .map(drop)
}

/// Puts a run into another experiment, with all that repeats it. Its datasets and files stay where they are.
pub(crate) fn move_to(transaction: &dyn Transaction, key: RunKey, experiment: i64) -> Result<()> {
    transaction.execute("UPDATE runs SET experiment = ? WHERE id = ?", values![experiment, key.id])?;
    for table in ["params", "tags", "metrics"] {
        let sql = format!("UPDATE {table} SET experiment = ? WHERE run = ?");
        transaction.execute(&sql, values![experiment, key.id])?;
    }
    Ok(())
}

/// Changes the name in the row; the tag is up to the caller.
pub(crate) fn rename(transaction: &dyn Transaction, key: RunKey, name: &str) -> Result<()> {
    let name = truncated(name, MAX_RUN_NAME_LENGTH);
    transaction.execute("UPDATE runs SET run_name = ? WHERE id = ?", values![name, key.id]).map(drop)
}
