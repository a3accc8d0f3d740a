//! The code that a run ran, as files below `code/`.

use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;

use trackline_capture::redact;

use crate::{RunHandle, Source};

/// A longer file is no code that somebody wrote; it is left out.
const MAX_FILE: u64 = 1 << 20;
/// Of more code, the rest is left out.
const MAX_ALL: usize = 16 << 20;
/// The folder of artifacts.
const FOLDER: &str = "code";

/// Where a piece of code is read.
#[derive(Debug)]
pub enum Code {
    /// From a file, as it stands when it is read.
    File(PathBuf),
    /// From memory, as the cells of a notebook.
    Text(String),
}

impl Code {
    fn read(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::File(path) => {
                if fs::metadata(path).ok()?.len() > MAX_FILE {
                    return None;
                }
                let mut text = Vec::new();
                File::open(path).ok()?.take(MAX_FILE).read_to_end(&mut text).ok()?;
                String::from_utf8(text).ok()
            }
        }
    }
}

/// Keeps pieces of code by their paths, without secrets. What cannot be read is left out.
pub fn keep(run: &RunHandle, pieces: &[(String, Code)]) {
    let run = run.with_source(Source::hook("code"));
    let mut left = MAX_ALL;
    for (path, code) in pieces {
        let Some(text) = code.read().filter(|text| text.len() <= left) else { continue };
        left -= text.len();
        // A path that leads out is left out too.
        let _ = run.log_bytes(redact::text(&text).as_bytes(), &format!("{FOLDER}/{path}"));
    }
}
