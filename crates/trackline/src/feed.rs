use trackline_journal::{Reader, Record};
use trackline_store::Store;

use crate::problems::Problems;
use crate::{Error, ErrorKind};

/// Records of one transaction: enough to make its cost small, few enough to keep memory and waits small.
const BATCH: usize = 20_000;

/// Carries a journal into the store.
#[derive(Debug)]
pub struct Feed {
    id: String,
    reader: Reader,
    /// Read, and not yet in the store.
    batch: Vec<Record>,
}

impl Feed {
    /// Begins behind what the store has.
    pub fn new(id: String, mut reader: Reader, store: &Store) -> Result<Self, Error> {
        reader.seek(store.drained(&id)?);
        Ok(Self { id, reader, batch: Vec::new() })
    }

    /// How far it has read.
    pub fn position(&self) -> u64 {
        self.reader.position()
    }

    /// Carries one batch; what makes no sense to the store is left out and noted. The offset up to which the store
    /// has everything, or none at the end of the journal (or at `limit`).
    ///
    /// # Errors
    /// Trouble with the journal or the store; the same batch is tried again by the next call.
    pub fn carry(&mut self, store: &Store, limit: u64, problems: &Problems) -> Result<Option<u64>, Error> {
        while self.batch.len() < BATCH && self.reader.position() < limit {
            match self.reader.next() {
                Ok(Some(record)) => self.batch.push(record),
                // What is before the damage goes first; then it is met again.
                Err(error) if self.batch.is_empty() => return Err(error.into()),
                Ok(None) | Err(_) => break,
            }
        }
        if self.batch.is_empty() {
            return Ok(None);
        }
        let end = self.reader.position();
        for skipped in store.apply(&self.id, end, &self.batch)?.skipped {
            let message =
                format!("something logged for {} was not recorded: {}", skipped.owner, skipped.reason);
            problems.note(Error::new(ErrorKind::Store, message));
        }
        self.batch.clear();
        Ok(Some(end))
    }
}
