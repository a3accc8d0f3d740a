use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::format::{self, Frame, HEADER_LENGTH, Header};
use crate::{Error, Record};

const CHUNK: usize = 256 << 10;

/// Reads a journal from any frame on, and goes on when the file has grown. While the writer lives, nothing
/// beyond its [`end`](crate::Writer::end) should be asked for: a frame there may be half written.
#[derive(Debug)]
pub struct Reader {
    file: File,
    path: PathBuf,
    /// Where the next frame begins.
    position: u64,
    /// Bytes of the file from `position - used` on.
    buffer: Vec<u8>,
    used: usize,
    torn: bool,
}

impl Reader {
    /// Opens a journal at its first frame.
    ///
    /// # Errors
    /// `NotAJournal`, `NewerVersion` or `Io`.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::of(File::open(path).map_err(Error::io(path))?, path)
    }

    pub(crate) fn of(file: File, path: &Path) -> Result<Self, Error> {
        let mut header = [0; HEADER_LENGTH as usize];
        let path = path.to_owned();
        if file.metadata().map_err(Error::io(&path))?.len() < HEADER_LENGTH {
            return Err(Error::NotAJournal { path });
        }
        file.read_exact_at(&mut header, 0).map_err(Error::io(&path))?;
        match format::read_header(&header) {
            Header::Ours => {
                Ok(Self { file, path, position: HEADER_LENGTH, buffer: Vec::new(), used: 0, torn: false })
            }
            Header::Newer(version) => Err(Error::NewerVersion { path, version }),
            Header::Foreign => Err(Error::NotAJournal { path }),
        }
    }

    /// Where the next frame begins.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Where a frame begins of which only a part is there, if that is what stopped the last [`next`](Self::next).
    pub fn torn_at(&self) -> Option<u64> {
        self.torn.then_some(self.position)
    }

    /// Goes to a position that [`position`](Self::position) once gave.
    pub fn seek(&mut self, position: u64) {
        self.position = position.max(HEADER_LENGTH);
        self.buffer.clear();
        self.used = 0;
    }

    /// The bytes of the frames from `from` up to `upto`, both positions that [`position`](Self::position) gave.
    ///
    /// # Errors
    /// `Io`.
    pub fn frames(&self, from: u64, upto: u64) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; usize::try_from(upto.saturating_sub(from)).unwrap_or_default()];
        self.file.read_exact_at(&mut bytes, from).map_err(Error::io(&self.path))?;
        Ok(bytes)
    }

    /// Makes this the time of the file's last change: the kernel notes that only now and then for what is stored in
    /// mapped memory.
    pub fn mark_written(&self) {
        // Where it is not allowed, the time is what the kernel says.
        let _ = self.file.set_modified(SystemTime::now());
    }

    /// The next record; none where the file, or what is written of it, ends, or its last frame is torn.
    ///
    /// # Errors
    /// `Damaged` for a frame that was changed after it was written, `Io`.
    #[allow(clippy::should_implement_trait)] // the end is not final, as an iterator's is
    pub fn next(&mut self) -> Result<Option<Record>, Error> {
        // The buffer may end here, or have been filled while the writer wrote: only what was read from the
        // file in this call counts as missing or damaged.
        let mut asked = None;
        let mut read = 0;
        self.torn = false;
        loop {
            let wanted = match format::decode(&self.buffer[self.used..]) {
                Frame::Whole(record, length) => {
                    self.used += length;
                    self.position += length as u64;
                    return Ok(Some(record));
                }
                Frame::Nothing if asked.is_some() => return Ok(None),
                Frame::Part(length) if asked >= Some(length) => {
                    self.torn = true;
                    return Ok(None);
                }
                // The first reading may have copied a frame before it was whole, and its length a moment later.
                Frame::Damaged(reason) if read > 1 => return Err(self.damaged(reason)),
                Frame::Unknown(_) => return Err(self.damaged("its content is unknown")),
                Frame::Part(length) => length.max(CHUNK),
                Frame::Nothing | Frame::Damaged(_) => CHUNK,
            };
            self.fill(wanted)?;
            read += 1;
            asked = Some(wanted);
        }
    }

    fn damaged(&self, reason: &'static str) -> Error {
        Error::Damaged { path: self.path.clone(), at: self.position, reason }
    }

    /// Reads `wanted` bytes from `position` on, or as many as there are.
    fn fill(&mut self, wanted: usize) -> Result<(), Error> {
        self.used = 0;
        self.buffer.resize(wanted, 0);
        let mut filled = 0;
        while filled < wanted {
            let at = self.position + filled as u64;
            match self.file.read_at(&mut self.buffer[filled..], at) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => return Err(Error::Io { path: self.path.clone(), source }),
            }
        }
        self.buffer.truncate(filled);
        Ok(())
    }
}
