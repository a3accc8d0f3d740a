use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::format::{self, HEADER_LENGTH};
use crate::{Error, Record};

/// The one writer of a journal. It holds a lock on the file as long as it lives.
#[derive(Debug)]
pub struct Writer {
    file: File,
    path: PathBuf,
    end: u64,
    frames: Vec<u8>,
}

impl Writer {
    /// Creates the journal `id` in the folder `journals`.
    ///
    /// # Errors
    /// `Io` if the file exists, cannot be made, or the file system has no locks.
    pub fn create(journals: &Path, id: &str) -> Result<Self, Error> {
        let path = journals.join(format!("{id}.journal"));
        // Under its final name the file is locked from the first moment: who finds it unlocked may take it.
        let unready = journals.join(format!("{id}.new"));
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&unready)
            .map_err(Error::io(&unready))?;
        let ready = file
            .try_lock()
            .map_err(io::Error::from)
            .and_then(|()| file.write_all_at(&format::header(now()), 0))
            .and_then(|()| std::fs::rename(&unready, &path));
        if let Err(source) = ready {
            // Nothing more can be done about a file that cannot be removed; it is empty.
            let _ = std::fs::remove_file(&unready);
            return Err(Error::Io { path, source });
        }
        Ok(Self { file, path, end: HEADER_LENGTH, frames: Vec::new() })
    }

    /// Appends records with one write. When it returns they survive the process (not a power cut).
    ///
    /// # Errors
    /// `TooLong`, or `Io` as for a full disk. Nothing of the records is kept then, and everything before them is.
    pub fn append<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) -> Result<(), Error> {
        self.frames.clear();
        for record in records {
            if !format::encode(record, &mut self.frames) {
                return Err(Error::TooLong);
            }
        }
        if let Err(source) = self.file.write_all_at(&self.frames, self.end) {
            // What was written in part is beyond `end`; if it cannot be cut now the next append covers it, and a
            // reader takes it for a torn tail.
            let _ = self.file.set_len(self.end);
            return Err(Error::Io { path: self.path.clone(), source });
        }
        self.end += self.frames.len() as u64;
        Ok(())
    }

    /// The offset behind the last whole frame.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// For closing the descriptor in a forked child, where it would keep the lock alive.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Removes the journal, which must have been read to its end.
    ///
    /// # Errors
    /// `Io` when the file cannot be removed.
    pub fn remove(self) -> Result<(), Error> {
        // The lock goes after the name: nobody may find it unlocked.
        std::fs::remove_file(&self.path).map_err(Error::io(&self.path))
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
