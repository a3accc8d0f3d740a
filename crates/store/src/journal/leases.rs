//! A process on another machine cannot be found gone by a lock: it is believed to live as long as it says so in time.
//!
//! A claim with a lease has the end of the lease as its `gone_time`, which so lies in the future while the process
//! lives, and [`SILENT`] as its reason.

use std::time::Duration;

use trackline_model::{ExitKind, RunStatus};

use super::received::check_id;
use super::{claims, events};
use crate::sql::{Connection, Scope, Transaction, values};
use crate::{Result, Store, rows, runs};

/// Why a run ended whose process fell silent.
pub(super) const SILENT: &str =
    "Nothing was heard of its process any more: its machine, or the network between, is gone.";

impl Store {
    /// The process of a journal lives at `now` (milliseconds since the epoch), and will be heard of again within
    /// `lease`. The runs that it goes on with are under way, also if they were given up.
    ///
    /// # Errors
    /// `Invalid` for an id that is none.
    pub fn hear_from(&self, journal_id: &str, now: i64, lease: Duration) -> Result<()> {
        check_id(journal_id)?;
        let until = now.saturating_add(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX));
        let scope = |connection: &dyn Connection| {
            let claimed = claims::claimed_run_ids(connection, journal_id)?;
            Scope::of(claimed.iter().map(String::as_str).chain([journal_id]))
        };
        self.write_in(scope, |transaction| {
            transaction.execute(
                "UPDATE run_claims SET gone_time = ?, exit = ?, exit_reason = ? WHERE journal = ?",
                values![until, ExitKind::Lost.as_str(), SILENT, journal_id],
            )?;
            take_back(transaction, journal_id)
        })
    }

    /// Ends the runs whose processes should have been heard of before `now`; says how many. What should have been heard
    /// before `since`, as when nobody listened, is left out of account.
    pub fn end_silent(&self, now: i64, since: i64) -> Result<usize> {
        let running = rows::name_of(&RunStatus::Running)?;
        let silent = "SELECT DISTINCT run_claims.run FROM run_claims JOIN runs ON runs.id = run_claims.run \
                      WHERE run_claims.gone_time <= ? AND run_claims.gone_time > ? AND runs.status = ?";
        let found = self.read(|connection| connection.query(silent, values![now, since, &running]))?;
        if found.is_empty() {
            return Ok(0);
        }
        self.write(|transaction| {
            let found = transaction.query(silent, values![now, since, &running])?;
            found.iter().try_for_each(|row| claims::settle(transaction, row.integer(0)?, now))?;
            Ok(found.len())
        })
    }
}

/// What was given up of the runs that a journal goes on with is under way again.
pub(super) fn take_back(transaction: &dyn Transaction, journal_id: &str) -> Result<()> {
    for run_id in claims::claimed_run_ids(transaction.reader(), journal_id)? {
        let run = runs::find(transaction.reader(), &run_id)?;
        if claims::was_given_up(transaction, run)? {
            events::resume(transaction, run)?;
        }
    }
    Ok(())
}
