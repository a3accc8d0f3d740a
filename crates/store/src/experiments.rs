use trackline_model::limits::{
    KeyKind, validate_experiment_name, validate_experiment_tag_value, validate_key,
};
use trackline_model::{DEFAULT_EXPERIMENT_NAME, Experiment, LifecycleStage, Tag};

use crate::sql::{Connection, Row, Transaction, values};
use crate::store::now;
use crate::{ArtifactRoot, Error, ErrorKind, Result, Store, rows, runs};

impl Store {
    /// Makes an experiment. Its artifacts are kept under `artifact_location`, by default a folder of
    /// this store or of the root that it was opened with.
    ///
    /// # Errors
    /// `AlreadyExists` if the name is taken, also by a deleted experiment; `Invalid`.
    pub fn create_experiment(
        &self,
        name: &str,
        artifact_location: Option<&str>,
        tags: &[Tag],
    ) -> Result<Experiment> {
        validate_experiment_name(name)?;
        tags.iter().try_for_each(validate_tag)?;
        runs::check_tags_once(tags)?;
        if artifact_location.is_some_and(|location| location.contains('#')) {
            return Err(Error::invalid(
                "Invalid artifact_location: a fragment, after '#', has no meaning there. Leave it out.",
            ));
        }
        self.write(|transaction| {
            let id = insert(transaction, name, artifact_location, self.root(), now())?;
            for tag in tags {
                set_tag(transaction, id, tag)?;
            }
            get(transaction.reader(), id)
        })
    }

    /// The experiment with this id, deleted or not.
    pub fn get_experiment(&self, experiment_id: &str) -> Result<Experiment> {
        let id = parse_id(experiment_id)?;
        self.read(|connection| get(connection, id))
    }

    /// The experiment with this name, deleted or not.
    pub fn get_experiment_by_name(&self, name: &str) -> Result<Experiment> {
        self.read(|connection| match find_by_name(connection, name)? {
            Some(id) => get(connection, id),
            None => Err(Error::not_found(format!("Could not find experiment with name '{name}'"))),
        })
    }

    /// Gives an experiment another name.
    pub fn rename_experiment(&self, experiment_id: &str, new_name: &str) -> Result<()> {
        let id = parse_id(experiment_id)?;
        validate_experiment_name(new_name)?;
        self.write(|transaction| {
            let experiment = get(transaction.reader(), id)?;
            if experiment.lifecycle_stage == LifecycleStage::Deleted {
                return Err(Error::new(
                    ErrorKind::Conflict,
                    format!(
                        "Cannot rename a non-active experiment. Restore the experiment {experiment_id} first."
                    ),
                ));
            }
            if let Some(other) = find_by_name(transaction.reader(), new_name)?
                && other != id
            {
                return Err(exists(new_name));
            }
            transaction.execute(
                "UPDATE experiments SET name = ?, last_update_time = ? WHERE id = ?",
                values![new_name, now(), id],
            )?;
            Ok(())
        })
    }

    /// Deletes an experiment and its runs, softly.
    ///
    /// # Errors
    /// `NotFound` if there is none, or it is deleted already.
    pub fn delete_experiment(&self, experiment_id: &str) -> Result<()> {
        self.change_stage(experiment_id, LifecycleStage::Active, Some(now()))
    }

    /// Brings a deleted experiment and its runs back.
    pub fn restore_experiment(&self, experiment_id: &str) -> Result<()> {
        self.change_stage(experiment_id, LifecycleStage::Deleted, None)
    }

    fn change_stage(&self, experiment_id: &str, from: LifecycleStage, deleted: Option<i64>) -> Result<()> {
        let id = parse_id(experiment_id)?;
        self.write(|transaction| {
            let experiment = get(transaction.reader(), id)?;
            if experiment.lifecycle_stage != from {
                return Err(missing(id));
            }
            transaction.execute(
                "UPDATE experiments SET deleted_time = ?, last_update_time = ? WHERE id = ?",
                values![deleted, now(), id],
            )?;
            transaction
                .execute("UPDATE runs SET deleted_time = ? WHERE experiment = ?", values![deleted, id])?;
            Ok(())
        })
    }

    /// Sets a tag of an experiment.
    pub fn set_experiment_tag(&self, experiment_id: &str, tag: &Tag) -> Result<()> {
        let id = parse_id(experiment_id)?;
        validate_tag(tag)?;
        self.write(|transaction| {
            check_active(&get(transaction.reader(), id)?)?;
            set_tag(transaction, id, tag)?;
            touch(transaction, id)
        })
    }

    /// Takes a tag of an experiment away.
    pub fn delete_experiment_tag(&self, experiment_id: &str, key: &str) -> Result<()> {
        let id = parse_id(experiment_id)?;
        self.write(|transaction| {
            check_active(&get(transaction.reader(), id)?)?;
            let changed = transaction
                .execute("DELETE FROM experiment_tags WHERE experiment = ? AND key = ?", values![id, key])?;
            if changed == 0 {
                return Err(Error::not_found(format!(
                    "No tag with name: {key} in experiment with id {experiment_id}"
                )));
            }
            touch(transaction, id)
        })
    }
}

fn validate_tag(tag: &Tag) -> Result<()> {
    validate_key(KeyKind::Tag, &tag.key)?;
    validate_experiment_tag_value(&tag.value)?;
    Ok(())
}

/// Experiment ids are decimal numbers.
pub(crate) fn parse_id(experiment_id: &str) -> Result<i64> {
    experiment_id.parse().map_err(|_| {
        Error::invalid(format!(
            "Invalid experiment ID: '{experiment_id}'. An experiment ID is a whole number, such as 0."
        ))
    })
}

pub(crate) fn get(connection: &dyn Connection, id: i64) -> Result<Experiment> {
    find(connection, id)?.ok_or_else(|| missing(id))
}

pub(crate) const COLUMNS: &str = "id, name, artifact_location, creation_time, last_update_time, deleted_time";

pub(crate) fn find(connection: &dyn Connection, id: i64) -> Result<Option<Experiment>> {
    let sql = format!("SELECT {COLUMNS} FROM experiments WHERE id = ?");
    Ok(whole(connection, &connection.query(&sql, values![id])?)?.pop())
}

/// Whole experiments from their rows, in the same order.
pub(crate) fn whole(connection: &dyn Connection, rows: &[Row]) -> Result<Vec<Experiment>> {
    let tags = connection
        .query_of::<1>("SELECT key, value FROM experiment_tags WHERE experiment = ? ORDER BY key", rows)?;
    rows.iter().zip(tags).map(|(row, tags)| from_row(row, &tags)).collect()
}

fn from_row(row: &Row, tags: &[Row]) -> Result<Experiment> {
    Ok(Experiment {
        experiment_id: row.integer(0)?.to_string(),
        name: row.text(1)?,
        artifact_location: row.text(2)?,
        creation_time: row.integer(3)?,
        last_update_time: row.integer(4)?,
        lifecycle_stage: rows::stage(row.optional_integer(5)?),
        tags: rows::tags(tags)?,
    })
}

pub(crate) fn find_by_name(connection: &dyn Connection, name: &str) -> Result<Option<i64>> {
    let row = connection.first("SELECT id FROM experiments WHERE name = ?", values![name])?;
    row.map(|row| row.integer(0)).transpose()
}

/// Makes an experiment with the next number.
pub(crate) fn insert(
    transaction: &dyn Transaction,
    name: &str,
    artifact_location: Option<&str>,
    root: Option<&ArtifactRoot>,
    time: i64,
) -> Result<i64> {
    if find_by_name(transaction.reader(), name)?.is_some() {
        return Err(exists(name));
    }
    let id = next_id(transaction)?;
    insert_with_id(transaction, id, name, artifact_location, root, time)?;
    Ok(id)
}

/// Numbers of experiments that were swept away are not given again: artifacts elsewhere may have them.
fn next_id(transaction: &dyn Transaction) -> Result<i64> {
    let rows = transaction.query(
        "UPDATE meta SET number = number + 1 WHERE name = 'next_experiment' RETURNING number - 1",
        &[],
    )?;
    let row = rows.first().ok_or_else(|| Error::corrupt("The database does not count experiments."))?;
    row.integer(0)
}

/// The experiment that every store has from the beginning.
pub(crate) fn insert_default(transaction: &dyn Transaction, root: Option<&ArtifactRoot>) -> Result<()> {
    if find(transaction.reader(), 0)?.is_none() {
        insert_with_id(transaction, 0, DEFAULT_EXPERIMENT_NAME, None, root, now())?;
    }
    Ok(())
}

fn insert_with_id(
    transaction: &dyn Transaction,
    id: i64,
    name: &str,
    artifact_location: Option<&str>,
    root: Option<&ArtifactRoot>,
    time: i64,
) -> Result<()> {
    let location = match (artifact_location, root) {
        (Some(location), _) if !location.is_empty() => location.to_owned(),
        (_, Some(root)) => root.of_experiment(id),
        (_, None) => own_location(id),
    };
    transaction.execute(
        "INSERT INTO experiments (id, name, artifact_location, creation_time, last_update_time) \
         VALUES (?, ?, ?, ?, ?)",
        values![id, name, location, time, time],
    )?;
    Ok(())
}

/// Where an experiment has its artifacts in the store's own tree.
pub(crate) fn own_location(id: i64) -> String {
    format!("mlflow-artifacts:/{id}")
}

pub(crate) fn set_tag(transaction: &dyn Transaction, id: i64, tag: &Tag) -> Result<()> {
    transaction.execute(
        "INSERT INTO experiment_tags (experiment, key, value) VALUES (?, ?, ?) \
         ON CONFLICT (experiment, key) DO UPDATE SET value = excluded.value",
        values![id, &tag.key, &tag.value],
    )?;
    Ok(())
}

fn touch(transaction: &dyn Transaction, id: i64) -> Result<()> {
    transaction
        .execute("UPDATE experiments SET last_update_time = ? WHERE id = ?", values![now(), id])
        .map(drop)
}

pub(crate) fn check_active(experiment: &Experiment) -> Result<()> {
    match experiment.lifecycle_stage {
        LifecycleStage::Active => Ok(()),
        LifecycleStage::Deleted => Err(Error::invalid(format!(
            "The experiment {} must be in the 'active' state. Current state is deleted. Restore it first.",
            experiment.experiment_id
        ))),
    }
}

fn missing(id: i64) -> Error {
    Error::not_found(format!("No Experiment with id={id} exists"))
}

fn exists(name: &str) -> Error {
    Error::new(
        ErrorKind::AlreadyExists,
        format!(
            "Experiment(name={name}) already exists. Choose another name, or restore it if it is deleted."
        ),
    )
}
