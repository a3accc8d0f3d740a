use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

/// A file of `/proc` or `/sys` that stays open: each read has its content anew.
pub(super) struct ProcFile {
    file: File,
    content: Vec<u8>,
}

impl ProcFile {
    pub(super) fn open(path: impl AsRef<Path>) -> Option<Self> {
        Some(Self { file: File::open(path).ok()?, content: Vec::with_capacity(4096) })
    }

    pub(super) fn read(&mut self) -> Option<&str> {
        self.file.rewind().ok()?;
        fill(&mut self.file, &mut self.content)
    }
}

/// Reads a file to its end into a buffer that is used again.
pub(super) fn fill<'a>(file: &mut File, content: &'a mut Vec<u8>) -> Option<&'a str> {
    // Not read_to_end: it asks for the file's size first, which these files do not have.
    let mut end = 0;
    loop {
        if content.len() < end + 1024 {
            content.resize(end + 4096, 0);
        }
        match file.read(&mut content[end..]).ok()? {
            0 => break,
            read => end += read,
        }
    }
    std::str::from_utf8(&content[..end]).ok()
}
