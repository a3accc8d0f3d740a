//! A process that was forked may be drained before the one that started the run. Its events wait.

use trackline_journal::Event;

use super::{Outcome, events};
use crate::sql::{Transaction, values};
use crate::store::now;
use crate::{Error, Result};

/// Keeps an event until its run or logged model, the `owner`, comes.
pub(super) fn keep(transaction: &dyn Transaction, owner: &str, event: &Event) -> Result<Outcome> {
    let json = serde_json::to_string(event)
        .map_err(|error| Error::invalid(format!("An event cannot be written as JSON: {error}.")))?;
    let last = transaction
        .reader()
        .first("SELECT MAX(number) FROM waiting_events WHERE owner = ?", values![owner])?
        .map(|row| row.optional_integer(0))
        .transpose()?
        .flatten();
    transaction.execute(
        "INSERT INTO waiting_events (owner, number, time, event) VALUES (?, ?, ?, ?)",
        values![owner, last.map_or(0, |last| last + 1), now(), json],
    )?;
    Ok(Outcome::Waiting)
}

/// Applies what waited for this owner.
pub(super) fn release(transaction: &dyn Transaction, owner: &str) -> Result<()> {
    let rows = transaction
        .query("SELECT number, event FROM waiting_events WHERE owner = ? ORDER BY number", values![owner])?;
    for row in &rows {
        // What a newer program wrote stays for it.
        let Ok(event) = serde_json::from_str::<Event>(&row.text(1)?) else { continue };
        transaction.execute(
            "DELETE FROM waiting_events WHERE owner = ? AND number = ?",
            values![owner, row.integer(0)?],
        )?;
        match events::apply(transaction, &event) {
            Err(error) if !super::is_of_record(error.kind) => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
