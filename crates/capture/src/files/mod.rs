//! Files that a program writes and reads: which of them count, and what they hold.

mod fingerprint;
mod log;
mod rules;

pub use fingerprint::{Fingerprint, fingerprint, fingerprint_folder};
pub use log::{FileLog, Input};
pub use rules::Places;
