//! Where the output goes, and what of it can be read back.

use std::collections::VecDeque;
use std::fs::{self, File, Metadata};
use std::io::{Seek, SeekFrom};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::PathBuf;

/// What may be in the buffers of Python and not yet in the file; more cannot be.
const MAX_EXPECTED: usize = 64 << 10;

/// One of the two streams that Python writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// `sys.stdout`
    Out,
    /// `sys.stderr`
    Err,
}

/// The files among the standard output and error, each once.
#[derive(Debug, Default)]
pub struct Source {
    files: Vec<Output>,
    out: Option<Expected>,
    err: Option<Expected>,
}

/// A file that output goes to.
#[derive(Debug)]
struct Output {
    file: File,
    offset: u64,
    /// A line that is not yet whole.
    line: Vec<u8>,
}

/// What Python wrote and the file does not show yet: it is in a buffer that must not be flushed before its time.
#[derive(Debug, Default)]
struct Expected {
    lines: VecDeque<Vec<u8>>,
    bytes: usize,
}

impl Source {
    /// As the descriptors 1 and 2 stand now.
    pub fn of_this_process() -> Self {
        let [out, err] = [1, 2].map(|descriptor| PathBuf::from(format!("/proc/self/fd/{descriptor}")));
        let [of_out, of_err] = [&out, &err].map(|path| fs::metadata(path).ok().filter(Metadata::is_file));
        let same = match (&of_out, &of_err) {
            (Some(out), Some(err)) => (out.dev(), out.ino()) == (err.dev(), err.ino()),
            _ => false,
        };
        let out = of_out.and_then(|_| Output::at_end(&out));
        let err = of_err.and_then(|_| if same { None } else { Output::at_end(&err) });
        Self {
            out: out.is_some().then(Expected::default),
            err: (err.is_some() || (same && out.is_some())).then(Expected::default),
            files: out.into_iter().chain(err).collect(),
        }
    }

    /// Whether what was written to the stream will come to a file.
    pub fn expects(&mut self, stream: Stream, bytes: &[u8]) -> bool {
        let expected = match stream {
            Stream::Out => &mut self.out,
            Stream::Err => &mut self.err,
        };
        expected.as_mut().map(|expected| expected.add(bytes)).is_some()
    }

    /// Gives what has come to the files since the last time.
    pub fn read(&mut self, mut take: impl FnMut(&[u8])) {
        let Self { files, out, err } = self;
        for file in files {
            file.read(&mut take, |line| {
                // Standard error is in the file at once, what was written to standard output before it may not be.
                if !out.as_mut().is_some_and(|out| out.came(line)) {
                    let _ = err.as_mut().is_some_and(|err| err.came(line));
                }
            });
        }
    }

    /// What was written and is in no file yet.
    pub fn unread(&self) -> Vec<u8> {
        let expected = self.out.iter().chain(&self.err);
        expected.flat_map(|expected| expected.lines.iter().flatten().copied()).collect()
    }
}

impl Output {
    fn at_end(path: &PathBuf) -> Option<Self> {
        let mut file = File::open(path).ok()?;
        let offset = file.seek(SeekFrom::End(0)).ok()?;
        Some(Self { file, offset, line: Vec::new() })
    }

    fn read(&mut self, take: &mut impl FnMut(&[u8]), mut came: impl FnMut(&[u8])) {
        // Cut, as by a rotation of logs, it begins anew.
        if self.file.metadata().is_ok_and(|data| data.len() < self.offset) {
            self.offset = 0;
        }
        let mut buffer = vec![0; 64 << 10];
        while let Ok(count @ 1..) = self.file.read_at(&mut buffer, self.offset) {
            self.offset += count as u64;
            let bytes = &buffer[..count];
            take(bytes);
            self.line.extend_from_slice(bytes);
            while let Some(end) = self.line.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.line.drain(..=end).collect();
                came(&line);
            }
            if self.line.len() > MAX_EXPECTED {
                self.line.clear();
            }
        }
        // A line that is not whole in the file may be the same in the buffer.
        if !self.line.is_empty() {
            came(&self.line);
        }
    }
}

impl Expected {
    fn add(&mut self, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            match self.lines.back_mut() {
                Some(last) if !last.ends_with(b"\n") => last.extend_from_slice(part),
                _ => self.lines.push_back(part.to_vec()),
            }
        }
        self.bytes += bytes.len();
        while self.bytes > MAX_EXPECTED {
            let Some(line) = self.lines.pop_front() else { break };
            self.bytes -= line.len().min(self.bytes);
        }
    }

    /// A line stands in the file: so does all that was written before it.
    fn came(&mut self, line: &[u8]) -> bool {
        let Some(at) = self.lines.iter().position(|expected| expected == line) else { return false };
        for line in self.lines.drain(..=at) {
            self.bytes -= line.len().min(self.bytes);
        }
        true
    }
}
