use trackline_model::limits::{KeyKind, MAX_TAG_LENGTH, truncated, validate_key};
use trackline_model::{Tag, USER_SOURCE};

use crate::runs::{self, Loader, RUN_NAME_TAG, RunKey};
use crate::sql::{Scope, Transaction, values};
use crate::{Error, Result, Store};

impl Store {
    /// Sets a tag of a run. The tag `mlflow.runName` renames the run.
    pub fn set_tag(&self, run_id: &str, tag: &Tag) -> Result<()> {
        validate_key(KeyKind::Tag, &tag.key)?;
        self.check_length("tag", &tag.key, &tag.value, MAX_TAG_LENGTH)?;
        self.write_in(
            |_| Scope::of([run_id]),
            |transaction| {
                let run = runs::find_active(transaction.reader(), run_id)?;
                set(transaction, run, std::slice::from_ref(tag), USER_SOURCE)
            },
        )
    }

    /// Takes a tag of a run away.
    ///
    /// # Errors
    /// `NotFound` if the run has no such tag.
    pub fn delete_tag(&self, run_id: &str, key: &str) -> Result<()> {
        self.write_in(
            |_| Scope::of([run_id]),
            |transaction| {
                let run = runs::find_active(transaction.reader(), run_id)?;
                if delete(transaction, run, key)? {
                    return Ok(());
                }
                Err(Error::not_found(format!("No tag with name: {key} in run with id {run_id}")))
            },
        )
    }
}

/// Sets tags; one from a hook does not replace one from the user.
pub(crate) fn set(transaction: &dyn Transaction, run: RunKey, tags: &[Tag], source: &str) -> Result<()> {
    // A run keeps its name rather than have none.
    let tags = || tags.iter().filter(|tag| tag.key != RUN_NAME_TAG || !tag.value.is_empty());
    let rows: Vec<_> = tags()
        .map(|tag| {
            let value = truncated(&tag.value, MAX_TAG_LENGTH);
            values![run.id, &tag.key, value, run.experiment, source].to_vec()
        })
        .collect();
    let changed = transaction.execute_each(
        "INSERT INTO tags (run, key, value, experiment, source) VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (run, key) DO UPDATE SET value = excluded.value, source = excluded.source \
         WHERE excluded.source = 'user' OR tags.source <> 'user'",
        &rows,
    )?;
    let named = tags().zip(changed).filter(|(tag, changed)| tag.key == RUN_NAME_TAG && *changed > 0);
    match named.last() {
        Some((tag, _)) => runs::rename(transaction, run, &tag.value),
        None => Ok(()),
    }
}

pub(crate) fn set_one(
    transaction: &dyn Transaction,
    run: RunKey,
    key: &str,
    value: &str,
    source: &str,
) -> Result<()> {
    set(transaction, run, &[Tag { key: key.to_owned(), value: value.to_owned() }], source)
}

/// Whether there was such a tag.
pub(crate) fn delete(transaction: &dyn Transaction, run: RunKey, key: &str) -> Result<bool> {
    let changed = transaction.execute("DELETE FROM tags WHERE run = ? AND key = ?", values![run.id, key])?;
    Ok(changed > 0)
}

pub(crate) const LOADER: Loader = Loader {
    query: "SELECT run, key, value FROM tags WHERE run {among} ORDER BY run, key",
    fill: |row, run| {
        run.data.tags.push(Tag { key: row.take_text(1)?, value: row.take_text(2)? });
        Ok(())
    },
};
