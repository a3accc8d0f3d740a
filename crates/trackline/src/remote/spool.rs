//! Files that wait for a server go when no journal needs them.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use trackline_journal::{Error, Event, Reader, Record};
use trackline_store::Blobs;

/// A file is put first, and named in a journal a moment later, or after many others.
const GRACE: Duration = Duration::from_secs(600);

/// Deletes the blobs of a spool that no journal in it names. Where there is no journal at all, nobody is about to name
/// one: who puts a blob has a journal.
pub fn sweep(spool: &Path, blobs: &Blobs) {
    let journals = journals(spool);
    let grace = if journals.is_empty() { Duration::ZERO } else { GRACE };
    let needed: Result<Vec<Vec<String>>, Error> = journals.iter().map(|path| digests(path)).collect();
    // A journal that cannot be read may need any of them; what is left is swept with the next journal.
    let Ok(needed) = needed else { return };
    let needed: HashSet<String> = needed.into_iter().flatten().collect();
    let before = SystemTime::now().checked_sub(grace).unwrap_or(SystemTime::UNIX_EPOCH);
    let _ = blobs.sweep(&needed, before);
}

fn journals(spool: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(spool.join("journals")).into_iter().flatten().flatten();
    let is_journal = |path: &PathBuf| path.extension().is_some_and(|extension| extension != "lock");
    files.map(|file| file.path()).filter(is_journal).collect()
}

/// The blobs that a journal names, as far as it can be read.
fn digests(journal: &Path) -> Result<Vec<String>, Error> {
    let mut reader = Reader::open(journal)?;
    let mut found = Vec::new();
    while let Ok(Some(record)) = reader.next() {
        found.extend(digest_in(&record).map(str::to_owned));
    }
    Ok(found)
}

/// The blob that a record names.
pub fn digest_in(record: &Record) -> Option<&str> {
    match record {
        Record::Event(Event::Artifact { digest, .. } | Event::Document { digest, .. }) => Some(digest),
        _ => None,
    }
}
