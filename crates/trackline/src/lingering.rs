//! Locks that outlive their process for a moment: a program that it was about to start has what it had open until it begins.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use trackline_journal::{Event, FORKED, Found, Reader, Record, others};

use crate::{Error, demise};

/// So long such a lock is waited for.
const MOST: Duration = Duration::from_secs(2);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(5);

/// What was waited for in vain: its process lives where this one cannot see it.
static HELD: LazyLock<Mutex<HashSet<PathBuf>>> = LazyLock::new(Mutex::default);

/// As [`trackline_journal::abandoned`], with those whose lock is about to be free.
pub fn abandoned(journals: &Path) -> Result<Vec<Found>, Error> {
    let end = Instant::now() + MOST;
    loop {
        let found = trackline_journal::abandoned(journals)?;
        let lingering = lingering(journals, &found);
        if lingering.is_empty() {
            return Ok(found);
        }
        if Instant::now() >= end {
            HELD.lock().unwrap_or_else(PoisonError::into_inner).extend(lingering);
            return Ok(found);
        }
        drop(found);
        thread::sleep(PAUSE);
    }
}

/// Journals that are locked although their writers are gone.
fn lingering(journals: &Path, found: &[Found]) -> Vec<PathBuf> {
    let these: Vec<_> = found.iter().collect();
    let held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    // A folder that cannot be read is the trouble of who brings in what is there.
    let others = others(journals, &these).unwrap_or_default().into_iter();
    let of_parents = others.filter(|(id, _)| !id.ends_with(FORKED)).map(|(_, path)| path);
    of_parents.filter(|path| !held.contains(path) && is_lingering(path)).collect()
}

fn is_lingering(path: &Path) -> bool {
    let first = Reader::open(path).ok().and_then(|mut reader| reader.next().ok().flatten());
    matches!(first, Some(Record::Event(Event::ProcessStarted(started))) if demise::is_gone(&started))
}
