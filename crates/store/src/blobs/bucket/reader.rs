use std::io::{self, Read, Seek, SeekFrom};

use object_store::ObjectStoreExt;
use object_store::path::Path;

use super::client::Client;

/// What is asked for first; a reader that goes on is given more with each request.
const FIRST: u64 = 256 << 10;
const MOST: u64 = 4 << 20;

/// Reads a blob by ranges, with one range in memory.
pub(super) struct BucketReader {
    client: Client,
    path: Path,
    size: u64,
    /// Where the next byte is.
    at: u64,
    /// The bytes from `from` on.
    range: bytes::Bytes,
    from: u64,
}

impl BucketReader {
    pub fn new(client: Client, path: Path, size: u64) -> Self {
        Self { client, path, size, at: 0, range: bytes::Bytes::new(), from: 0 }
    }

    /// What is in memory from the place on.
    fn ready(&self) -> &[u8] {
        let start = self.at.checked_sub(self.from).and_then(|start| usize::try_from(start).ok());
        start.and_then(|start| self.range.get(start..)).unwrap_or_default()
    }

    fn fetch(&mut self) -> io::Result<()> {
        let had = self.range.len() as u64;
        let goes_on = had > 0 && self.at == self.from + had;
        let wanted = if goes_on { (had * 2).min(MOST) } else { FIRST };
        let range = self.at..self.size.min(self.at + wanted);
        self.range = bytes::Bytes::new();
        let got = self.client.provider.get_range(&self.path, range);
        self.range = self.client.wait("read a blob", got).map_err(io::Error::other)?;
        self.from = self.at;
        Ok(())
    }
}

impl Read for BucketReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ready().is_empty() && self.at < self.size {
            self.fetch()?;
        }
        let read = self.ready().read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for BucketReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
        };
        self.at = to.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}
