use trackline_journal::{Reader, Record};

use crate::Error;
use crate::problems::Problems;
use crate::sink::{Batch, Sink};

/// Bytes of one batch, unless its last record is longer: proxies before a server often refuse more than 1 MiB.
const BATCH_BYTES: u64 = 768 << 10;

/// Carries a journal into a sink.
#[derive(Debug)]
pub struct Feed {
    id: String,
    reader: Reader,
    /// Read, and not yet in the sink.
    batch: Vec<Record>,
    /// Where the batch begins.
    from: u64,
}

impl Feed {
    /// Begins behind what the sink has.
    pub fn new(id: String, mut reader: Reader, sink: &dyn Sink) -> Result<Self, Error> {
        sink.begin(&id, &mut reader)?;
        let from = reader.position();
        Ok(Self { id, reader, batch: Vec::new(), from })
    }

    /// Something was appended to the journal just now.
    pub fn mark_written(&self) {
        self.reader.mark_written();
    }

    /// How far it has read.
    pub fn position(&self) -> u64 {
        self.reader.position()
    }

    /// Carries one batch; what makes no sense to the sink is left out and noted. The offset up to which the sink
    /// has everything, or none at the end of the journal (or at `limit`).
    ///
    /// # Errors
    /// Trouble with the journal or the sink; the same batch is tried again by the next call.
    pub fn carry(&mut self, sink: &dyn Sink, limit: u64, problems: &Problems) -> Result<Option<u64>, Error> {
        let most = sink.batch();
        while self.batch.len() < most && self.reader.position() < limit.min(self.from + BATCH_BYTES) {
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
        let upto = self.reader.position();
        let batch =
            Batch { journal_id: &self.id, from: self.from, upto, records: &self.batch, reader: &self.reader };
        sink.take(&batch, problems)?;
        self.batch.clear();
        self.from = upto;
        Ok(Some(upto))
    }
}
