use std::io;
use std::path::{Path, PathBuf};

/// Why a journal cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The journal, or the folder of journals.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The file is something else, or its header was not written whole.
    #[error("{} is not a journal", path.display())]
    NotAJournal {
        /// The file.
        path: PathBuf,
    },
    /// The journal was written by a newer Trackline; it is left alone.
    #[error("{} is a journal of version {version}; this Trackline reads version {}: update it", path.display(), crate::format::VERSION)]
    NewerVersion {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// A frame that was once whole is not what was written.
    #[error("{} is damaged at byte {at}: a frame there is not what was written, {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where the frame begins.
        at: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Frames that came from elsewhere hold something else.
    #[error("the frame at byte {at} is not what a journal holds: {reason}")]
    BadFrame {
        /// Where it begins in its journal.
        at: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The record is longer than a frame may be; nothing was written.
    #[error("a record is longer than the {} bytes that a journal takes at once", crate::format::MAX_LENGTH)]
    TooLong,
}

impl Error {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.to_owned(), source }
    }
}
