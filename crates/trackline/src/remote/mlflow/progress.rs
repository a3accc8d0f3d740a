use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use trackline_journal::{Event, HEADER_LENGTH, Reader, Record};

use crate::Error;

/// How far a server, which cannot count it itself, has each journal: a small file each in the spool.
#[derive(Debug)]
pub struct Progress {
    pub folder: PathBuf,
}

impl Progress {
    /// The offset behind the last record that was sent.
    pub fn of(&self, journal_id: &str) -> Result<u64, Error> {
        match fs::read_to_string(self.folder.join(journal_id)) {
            Ok(text) => Ok(text.trim().parse().unwrap_or(HEADER_LENGTH)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(HEADER_LENGTH),
            Err(error) => Err(Error::io("read what was sent from the spool", &error)),
        }
    }

    /// In place of what stood there, at once.
    pub fn set(&self, journal_id: &str, offset: u64) -> Result<(), Error> {
        let new = self.folder.join(format!("{journal_id}.new"));
        fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&new, offset.to_string()))
            .and_then(|()| fs::rename(&new, self.folder.join(journal_id)))
            .map_err(|error| Error::io("note in the spool what was sent", &error))
    }

    pub fn forget(&self, journal_id: &str) {
        // What stays is a few bytes that nobody reads again.
        let _ = fs::remove_file(self.folder.join(journal_id));
    }
}

/// What the records of a journal so far mean for those that follow.
#[derive(Debug, Default, Clone)]
pub struct Context {
    /// Run and key by number.
    pub series: HashMap<u32, (String, String)>,
    /// Runs that the process of the journal has open.
    pub open: BTreeSet<String>,
}

impl Context {
    /// Of all that is before an offset.
    pub fn read(reader: &mut Reader, upto: u64) -> Result<Self, Error> {
        let mut context = Self::default();
        reader.seek(0);
        while reader.position() < upto {
            let Some(record) = reader.next()? else { break };
            context.note(&record);
        }
        Ok(context)
    }

    pub fn note(&mut self, record: &Record) {
        match record {
            Record::Series { number, run_id, key, .. } => {
                self.series.insert(*number, (run_id.clone(), key.clone()));
            }
            Record::Event(Event::RunOpened { run_id } | Event::RunResumed { run_id, .. }) => {
                self.open.insert(run_id.clone());
            }
            Record::Event(Event::RunEnded { run_id, .. }) => drop(self.open.remove(run_id)),
            _ => {}
        }
    }
}
