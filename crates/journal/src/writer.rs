use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::format::{self, HEADER_LENGTH};
use crate::window::Window;
use crate::{Error, Frames, Record, size_limit};

/// How much space is reserved at once: little for a process that logs little, then twice as much each time.
const FIRST_EXTENT: u64 = 64 << 10;
const LARGEST_EXTENT: u64 = 1 << 20;
/// How much is written plainly where space could not be reserved before it is tried again.
const PLAIN: u64 = 64 << 10;

/// The one writer of a journal. It holds a lock on the file as long as it lives.
#[derive(Debug)]
pub struct Writer {
    file: File,
    path: PathBuf,
    end: u64,
    /// Reserved space behind `end`. None: what comes is written plainly.
    window: Option<Window>,
    extent: u64,
    /// Where space is reserved again.
    plain_until: u64,
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
        Ok(Self { file, path, end: HEADER_LENGTH, window: None, extent: FIRST_EXTENT, plain_until: 0 })
    }

    /// Appends records: all of them or, to whoever reads, none. When it returns they survive the process (not a power cut).
    ///
    /// # Errors
    /// As [`append_frames`](Self::append_frames), and `TooLong`.
    pub fn append<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) -> Result<(), Error> {
        let mut frames = Frames::default();
        records.into_iter().try_for_each(|record| frames.push(record))?;
        self.append_frames(&frames)
    }

    /// Appends records that are encoded already, as [`append`](Self::append).
    ///
    /// # Errors
    /// `Io` as for a full disk. Nothing of the records is kept then, and everything before them is.
    pub fn append_frames(&mut self, frames: &Frames) -> Result<(), Error> {
        let bytes = frames.bytes();
        match &mut self.window {
            Some(window) if window.holds(self.end, bytes.len()) => window.publish(self.end, bytes),
            _ => self.append_beyond(bytes).map_err(Error::io(&self.path))?,
        }
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// Makes room, or writes plainly where there is none.
    fn append_beyond(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.window = None;
        if self.end >= self.plain_until {
            match Window::reserve(&self.file, self.end, self.extent.max(bytes.len() as u64)) {
                Ok(mut window) => {
                    window.publish(self.end, bytes);
                    self.window = Some(window);
                    self.extent = (self.extent * 2).min(LARGEST_EXTENT);
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Unsupported => self.plain_until = u64::MAX,
                Err(_) => self.plain_until = self.end + PLAIN,
            }
            // A plain write may be cut off by a kill. It is known as torn by the end of the file, so that no reserved
            // space may follow.
            self.file.set_len(self.end)?;
        }
        size_limit::check(self.end + bytes.len() as u64)?;
        self.file.write_all_at(bytes, self.end).inspect_err(|_| {
            // What was written in part is beyond `end`; if it cannot be cut now the next append covers it, and a
            // reader takes it for a torn tail.
            let _ = self.file.set_len(self.end);
        })
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

    /// Gives reserved space back: nothing more will be appended soon. If it cannot, readers know zeros for the end.
    pub fn trim(&mut self) {
        if self.window.take().is_some() {
            let _ = self.file.set_len(self.end);
        }
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

impl Drop for Writer {
    fn drop(&mut self) {
        self.trim();
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
