//! How much of the disk the journals of a process take while the store or the server does not take them.

use std::env;

use trackline_model::USER_SOURCE;

use crate::Source;

/// Megabytes, unless `TRACKLINE_JOURNAL_MB` says otherwise.
const DEFAULT: u64 = 1024;
/// A journal is as long as this part of it, and then another one is begun.
const FILES: u64 = 16;
/// From how many full files on the metrics of the machine are left out, then those of hooks, then all.
const SYSTEM: usize = 8;
const HOOKS: usize = 12;
const ALL: usize = 15;

/// The source of the metrics of the machine.
pub const SYSTEM_SOURCE: &str = "system";

#[derive(Debug)]
pub struct Quota {
    bytes: u64,
}

impl Quota {
    pub fn from_environment() -> Self {
        let given = env::var("TRACKLINE_JOURNAL_MB").ok().and_then(|text| text.trim().parse().ok());
        Self { bytes: given.filter(|megabytes| *megabytes > 0).unwrap_or(DEFAULT).saturating_mul(1 << 20) }
    }

    /// Whether a journal of so many bytes is long enough.
    pub fn is_full(&self, length: u64) -> bool {
        length >= self.bytes / FILES
    }

    /// Whether points of this source are left out while so many full journals wait.
    pub fn sheds(full: usize, source: &Source) -> bool {
        full >= SYSTEM
            && (full >= ALL || source.name == SYSTEM_SOURCE || (full >= HOOKS && source.name != USER_SOURCE))
    }

    /// What is left out while so many full journals wait.
    pub fn shed(full: usize) -> &'static str {
        match full {
            ..HOOKS => "metrics of the machine are",
            HOOKS..ALL => "metrics of the machine and metrics that autologging captures are",
            _ => "all metrics are",
        }
    }

    pub fn megabytes(&self) -> u64 {
        self.bytes >> 20
    }
}
