//! The append-only file through which everything a process logs goes.
//!
//! `docs/format.md` draws the file byte by byte.

mod event;
mod record;

pub use event::{ArtifactOwner, Event, ExperimentRef};
pub use record::Record;
