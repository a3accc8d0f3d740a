use std::fmt::Debug;
use std::time::Duration;

use trackline_journal::{Reader, Record};
use trackline_model::Exit;
use trackline_store::Store;

use crate::problems::Problems;
use crate::{Error, ErrorKind};

/// Records of one batch: enough to make its cost small, few enough to keep memory and waits small.
pub const BATCH: usize = 20_000;

/// Where the drain carries journals: the store of a folder, or a server.
pub trait Sink: Debug + Send + Sync {
    /// How many records it takes at once: after an error all of them are given again.
    fn batch(&self) -> usize {
        BATCH
    }

    /// Goes to where the sink needs the journal from.
    fn begin(&self, journal_id: &str, reader: &mut Reader) -> Result<(), Error>;

    /// Takes records, each of which then counts once, also if they are given again after an error. What makes no sense
    /// there is left out and noted.
    fn take(&self, batch: &Batch<'_>, problems: &Problems) -> Result<(), Error>;

    /// Counts the writer of a journal among those that go on with the runs in what was not taken of it yet.
    fn claim(&self, journal_id: &str, reader: &mut Reader) -> Result<(), Error>;

    /// The writer of a journal that was taken whole is gone since `time`, as `exit` says: so are the runs that only it
    /// had open.
    fn end_process(&self, journal_id: &str, time: i64, exit: &Exit) -> Result<(), Error>;

    /// The writer of a journal is this process, and it will say that it lives again within `lease`. Where a lock shows
    /// it, nothing needs to be said.
    fn hear_from(&self, _journal_id: &str, _lease: Duration) -> Result<(), Error> {
        Ok(())
    }

    /// The journal is removed: nothing of it will come again.
    fn forget(&self, journal_id: &str) -> Result<(), Error>;
}

/// Some records of a journal that stand one behind the other.
#[derive(Debug)]
pub struct Batch<'a> {
    pub journal_id: &'a str,
    /// Where the first of them begins.
    pub from: u64,
    /// Where the last of them ends.
    pub upto: u64,
    pub records: &'a [Record],
    pub reader: &'a Reader,
}

impl Sink for Store {
    fn begin(&self, journal_id: &str, reader: &mut Reader) -> Result<(), Error> {
        reader.seek(self.drained(journal_id)?);
        Ok(())
    }

    fn take(&self, batch: &Batch<'_>, problems: &Problems) -> Result<(), Error> {
        for skipped in self.apply(batch.journal_id, batch.upto, batch.records)?.skipped {
            problems.note(left_out(&skipped.owner, &skipped.reason));
        }
        Ok(())
    }

    fn claim(&self, journal_id: &str, reader: &mut Reader) -> Result<(), Error> {
        self.begin(journal_id, reader)?;
        let mut records = Vec::new();
        // The last frame of a living writer may be half written.
        while let Ok(Some(record)) = reader.next() {
            if !matches!(record, Record::Point { .. }) {
                records.push(record);
            }
        }
        Ok(Store::claim(self, journal_id, &records)?)
    }

    fn end_process(&self, journal_id: &str, time: i64, exit: &Exit) -> Result<(), Error> {
        Ok(Store::end_process(self, journal_id, time, exit)?)
    }

    fn forget(&self, journal_id: &str) -> Result<(), Error> {
        Ok(self.forget_journal(journal_id)?)
    }
}

/// Something that was logged makes no sense where it went.
pub fn left_out(owner: &str, reason: &str) -> Error {
    Error::new(ErrorKind::Store, format!("something logged for {owner} was not recorded: {reason}"))
}
