//! Which processes, each known by its journal, have a run open or inherited it from one that had. A run whose processes
//! are all gone has ended with them. Workers that were given the run's id do not count: they may outlive it for long.

use std::collections::BTreeMap;

use trackline_journal::{Event, Record};
use trackline_model::{EXIT_REASON_TAG, EXIT_TAG, Exit, ExitKind, RunStatus};

use super::leases::{self, SILENT};
use crate::runs::{self, RunKey};
use crate::sql::{Connection, Scope, Transaction, values};
use crate::store::now;
use crate::{Result, Store, rows, tags};

/// Whose the tags are that say how a process went.
const SOURCE: &str = "trackline";

impl Store {
    /// Counts a living journal among those that go on with the runs in `records`, which are not yet written into the
    /// database.
    pub fn claim(&self, journal_id: &str, records: &[Record]) -> Result<()> {
        let mut claims = Claims::new(journal_id);
        records.iter().for_each(|record| claims.note(record));
        if claims.runs.is_empty() {
            return Ok(());
        }
        let scope =
            |_: &dyn Connection| Scope::of(claims.runs.keys().map(String::as_str).chain([journal_id]));
        self.write_in(scope, |transaction| claims.write(transaction))
    }

    /// The process of a journal, which is written into the database to its end, is gone since `time`: the runs that
    /// it had open, and that no living process goes on with, end with it as `KILLED`. A second time, nothing
    /// happens. What was believed because it fell silent is replaced by what is known now.
    pub fn end_process(&self, journal_id: &str, time: i64, exit: &Exit) -> Result<()> {
        let now = now();
        self.write(|transaction| {
            let silent = transaction.reader().first(
                "SELECT 1 FROM run_claims WHERE journal = ? AND exit_reason = ?",
                values![journal_id, SILENT],
            )?;
            if silent.is_some() {
                leases::take_back(transaction, journal_id)?;
            }
            // The clock of another machine may be ahead of ours.
            transaction.execute(
                "UPDATE run_claims SET gone_time = ?, exit = ?, exit_reason = ? \
                 WHERE journal = ? AND (gone_time IS NULL OR exit_reason = ?)",
                values![time.min(now), exit.kind.as_str(), &exit.reason, journal_id, SILENT],
            )?;
            claimed(transaction, journal_id)?.into_iter().try_for_each(|run| settle(transaction, run, now))
        })
    }
}

/// What the records of a batch claim, by run: whether the process has the run open.
pub(super) struct Claims<'a> {
    journal_id: &'a str,
    runs: BTreeMap<String, bool>,
}

impl<'a> Claims<'a> {
    pub fn new(journal_id: &'a str) -> Self {
        Self { journal_id, runs: BTreeMap::new() }
    }

    pub fn note(&mut self, record: &Record) {
        match record {
            Record::Event(Event::RunOpened { run_id } | Event::RunResumed { run_id, .. }) => {
                self.runs.insert(run_id.clone(), true);
            }
            Record::Event(Event::RunStarted { run_id, .. } | Event::RunJoined { run_id }) => {
                self.runs.entry(run_id.clone()).or_insert(false);
            }
            Record::Event(Event::RunEnded { run_id, .. }) => drop(self.runs.remove(run_id)),
            _ => {}
        }
    }

    /// Only of runs that are under way.
    pub fn write(&self, transaction: &dyn Transaction) -> Result<()> {
        let running = rows::name_of(&RunStatus::Running)?;
        for (run_id, owns) in &self.runs {
            transaction.execute(
                "INSERT INTO run_claims (run, journal, owns) \
                 SELECT id, ?, ? FROM runs WHERE run_id = ? AND status = ? \
                 ON CONFLICT (run, journal) DO UPDATE SET owns = excluded.owns \
                 WHERE excluded.owns > run_claims.owns",
                values![self.journal_id, i64::from(*owns), run_id, &running],
            )?;
        }
        Ok(())
    }
}

/// The run has ended: what its processes do does not matter any more.
pub(super) fn release(transaction: &dyn Transaction, run: RunKey) -> Result<()> {
    transaction.execute("DELETE FROM run_claims WHERE run = ?", values![run.id]).map(drop)
}

/// The process of a journal has ended all its runs, and goes on with none any more.
pub(super) fn withdraw(transaction: &dyn Transaction, journal_id: &str) -> Result<()> {
    let runs = claimed(transaction, journal_id)?;
    transaction.execute(
        "DELETE FROM run_claims WHERE journal = ? AND (gone_time IS NULL OR exit_reason = ?)",
        values![journal_id, SILENT],
    )?;
    let now = now();
    runs.into_iter().try_for_each(|run| settle(transaction, run, now))
}

/// Whether the run ended because its processes were found gone.
pub(super) fn was_given_up(transaction: &dyn Transaction, run: RunKey) -> Result<bool> {
    let found = transaction.reader().first(
        "SELECT 1 FROM runs JOIN tags ON tags.run = runs.id \
         WHERE runs.id = ? AND runs.status = ? AND tags.key = ? AND tags.value IN (?, ?)",
        values![
            run.id,
            rows::name_of(&RunStatus::Killed)?,
            EXIT_TAG,
            ExitKind::Killed.as_str(),
            ExitKind::Lost.as_str()
        ],
    )?;
    Ok(found.is_some())
}

/// The ids of the runs that a journal goes on with.
pub(super) fn claimed_run_ids(connection: &dyn Connection, journal_id: &str) -> Result<Vec<String>> {
    let rows = connection.query(
        "SELECT runs.run_id FROM run_claims JOIN runs ON runs.id = run_claims.run WHERE run_claims.journal = ?",
        values![journal_id],
    )?;
    rows.iter().map(|row| row.text(0)).collect()
}

fn claimed(transaction: &dyn Transaction, journal_id: &str) -> Result<Vec<i64>> {
    let rows = transaction.query("SELECT run FROM run_claims WHERE journal = ?", values![journal_id])?;
    rows.iter().map(|row| row.integer(0)).collect()
}

/// Ends a run whose processes are all gone, as the last of those went that had it open. The claims stay: a child may
/// show only later that it has inherited the run. Who has a lease that ends after `now` lives.
pub(super) fn settle(transaction: &dyn Transaction, run: i64, now: i64) -> Result<()> {
    let claims = transaction.query(
        "SELECT owns, gone_time, exit, exit_reason FROM run_claims WHERE run = ? ORDER BY owns DESC, gone_time DESC",
        values![run],
    )?;
    let gone: Option<Vec<i64>> = claims
        .iter()
        .map(|claim| Ok(claim.optional_integer(1)?.filter(|time| *time <= now)))
        .collect::<Result<_>>()?;
    match (gone, claims.first()) {
        (Some(gone), Some(last)) if last.integer(0)? == 1 => {
            let end_time = gone.into_iter().max().unwrap_or_default();
            give_up(transaction, run, end_time, &last.text(2)?, &last.text(3)?)
        }
        _ => Ok(()),
    }
}

/// Ends a run, if it is under way.
fn give_up(transaction: &dyn Transaction, run: i64, end_time: i64, exit: &str, reason: &str) -> Result<()> {
    let ended = transaction.query(
        "UPDATE runs SET status = ?, end_time = CASE WHEN start_time > ? THEN start_time ELSE ? END \
         WHERE id = ? AND status = ? RETURNING run_id",
        values![
            rows::name_of(&RunStatus::Killed)?,
            end_time,
            end_time,
            run,
            rows::name_of(&RunStatus::Running)?
        ],
    )?;
    let Some(ended) = ended.first() else { return Ok(()) };
    let key = runs::find(transaction.reader(), &ended.text(0)?)?;
    tags::set_one(transaction, key, EXIT_TAG, exit, SOURCE)?;
    tags::set_one(transaction, key, EXIT_REASON_TAG, reason, SOURCE)
}
