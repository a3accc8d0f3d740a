//! Journals: what a process appended becomes rows, each record once.

mod claims;
mod events;
mod leases;
mod points;
mod received;
mod scope;
mod waiting;

use trackline_journal::{Event, Record};

use self::claims::Claims;
use self::points::Points;
pub use self::received::Received;
use crate::sql::{Connection, Transaction, values};
use crate::{Error, ErrorKind, Result, Store};

/// What became of records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// How many records were written into the database.
    pub applied: u64,
    /// How many wait for their run or logged model, which another journal may bring.
    pub waiting: u64,
    /// The records that make no sense in this store, and were passed over.
    pub skipped: Vec<Skipped>,
}

/// A record that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The run or logged model it belongs to, or the journal.
    pub owner: String,
    /// Why, in a sentence.
    pub reason: String,
}

impl Store {
    /// Writes the records of a journal from [`Store::drained`] up to the offset `upto`, in one
    /// transaction. If the journal is drained that far already, nothing happens.
    ///
    /// One drainer at a time works on a journal. A record never makes this fail; only the disk or the
    /// engine does, and then nothing is written and the same call can be made again.
    pub fn apply(&self, journal_id: &str, upto: u64, records: &[Record]) -> Result<Applied> {
        let upto = offset(upto)?;
        let scope = |connection: &dyn Connection| scope::of(connection, journal_id, records);
        self.write_in(scope, |transaction| {
            if drained(transaction.reader(), journal_id)?.is_some_and(|drained| drained >= upto) {
                return Ok(Applied::default());
            }
            set_drained(transaction, journal_id, upto)?;
            apply(transaction, journal_id, records)
        })
    }

    /// How far a journal has been written into the database, in bytes; 0 for one that is not known.
    pub fn drained(&self, journal_id: &str) -> Result<u64> {
        let drained = self.read(|connection| drained(connection, journal_id))?;
        Ok(drained.unwrap_or(0).unsigned_abs())
    }

    /// Forgets a journal whose file is deleted, and that its process goes on with runs, unless it is known how that went.
    pub fn forget_journal(&self, journal_id: &str) -> Result<()> {
        self.write(|transaction| {
            claims::withdraw(transaction, journal_id)?;
            transaction.execute("DELETE FROM journals WHERE id = ?", values![journal_id]).map(drop)
        })
    }
}

fn offset(offset: u64) -> Result<i64> {
    i64::try_from(offset).map_err(|_| Error::invalid(format!("A journal cannot be {offset} bytes long.")))
}

fn drained(connection: &dyn Connection, journal_id: &str) -> Result<Option<i64>> {
    let row = connection.first("SELECT drained FROM journals WHERE id = ?", values![journal_id])?;
    row.map(|row| row.integer(0)).transpose()
}

fn set_drained(transaction: &dyn Transaction, journal_id: &str, upto: i64) -> Result<()> {
    transaction
        .execute(
            "INSERT INTO journals (id, drained) VALUES (?, ?) \
             ON CONFLICT (id) DO UPDATE SET drained = excluded.drained",
            values![journal_id, upto],
        )
        .map(drop)
}

fn apply<'a>(
    transaction: &dyn Transaction,
    journal_id: &str,
    records: impl IntoIterator<Item = &'a Record>,
) -> Result<Applied> {
    let mut applied = Applied::default();
    let mut points = Points::new(journal_id);
    let mut claims = Claims::new(journal_id);
    for record in records {
        claims.note(record);
        let outcome = match record {
            Record::Event(event) => apply_event(transaction, event),
            Record::Series { number, run_id, key, source, confidence } => {
                points.define(transaction, *number, run_id, key, source, *confidence)
            }
            Record::Point { series, point } => points.add(transaction, *series, *point),
        };
        applied.count(journal_id, outcome)?;
    }
    // Points of a series are written together: a batch of them makes one chunk.
    points.write(transaction, &mut applied)?;
    claims.write(transaction)?;
    Ok(applied)
}

fn apply_event(transaction: &dyn Transaction, event: &Event) -> Result<Outcome> {
    let mut outcome = Outcome::Applied;
    transaction.attempt(&mut || {
        outcome = events::apply(transaction, event)?;
        Ok(())
    })?;
    Ok(outcome)
}

/// What became of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Applied,
    Waiting,
}

impl Applied {
    /// Counts an outcome. What is wrong with the record itself must not stop those behind it.
    fn count(&mut self, owner: &str, outcome: Result<Outcome>) -> Result<()> {
        match outcome {
            Ok(Outcome::Applied) => self.applied += 1,
            Ok(Outcome::Waiting) => self.waiting += 1,
            Err(error) if is_of_record(error.kind) => {
                self.skipped.push(Skipped { owner: owner.to_owned(), reason: error.message });
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn is_of_record(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Invalid | ErrorKind::NotFound | ErrorKind::AlreadyExists | ErrorKind::Conflict)
}
