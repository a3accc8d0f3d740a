//! The append-only file through which everything a process logs goes.
//!
//! `docs/format.md` draws the file byte by byte.

mod error;
mod event;
mod format;
mod frames;
mod metrics;
mod reader;
mod record;
mod recover;
mod size_limit;
mod window;
mod writer;

pub use error::Error;
pub use event::{ArtifactOwner, Event, ExperimentRef, OomKills, ProcessStart};
pub use format::HEADER_LENGTH;
pub use frames::{Frames, read_frames};
pub use reader::Reader;
pub use record::Record;
pub use recover::{FORKED, Found, abandoned, forked, others};
pub use writer::Writer;
