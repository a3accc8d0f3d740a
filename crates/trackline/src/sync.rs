//! Bringing what dead and offline processes have left to where it belongs.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use trackline_journal::{Event, Reader, Record, others};
use trackline_model::Exit;

use crate::backend::Backend;
use crate::locate::{self, Place};
use crate::problems::Problems;
use crate::remote::Address;
use crate::sink::{Batch, Sink};
use crate::{Error, ErrorKind, recover};

/// Between attempts to reach a server that takes nothing.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(200), Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];

/// What became of what had been left for one place.
#[derive(Debug)]
#[non_exhaustive]
pub struct Synced {
    /// The address of the server, without credentials, or the folder of the store.
    pub place: String,
    /// Where what is left lies.
    pub journals: PathBuf,
    /// How many journals were brought in to their end, one a process.
    pub processes: usize,
    /// How many runs something was brought in of.
    pub runs: usize,
    /// How many records were brought in.
    pub records: u64,
    /// How many journals are there still: of processes at work, or because of trouble.
    pub left: usize,
    /// What was in the way of single journals and records.
    pub problems: Vec<Error>,
    /// Why it could not be gone on with.
    pub failure: Option<Error>,
}

/// Brings in what processes that are gone, and processes with `TRACKLINE_MODE=offline`, have left for `uri`; without one,
/// for the place that [`Tracker::open`](crate::Tracker::open) would choose and for every server that something waits
/// for. What is brought in twice counts once.
///
/// # Errors
/// `Invalid` or `Unsupported` for a URI that names no place. Trouble with a place is told in its [`Synced::failure`].
pub fn sync(uri: Option<&str>) -> Result<Vec<Synced>, Error> {
    let places = match uri {
        Some(uri) => vec![locate::place(Some(uri))?],
        None => all_places()?,
    };
    Ok(places.iter().map(sync_place).collect())
}

/// The chosen place, then other servers that something waits for.
fn all_places() -> Result<Vec<Place>, Error> {
    let mut places = vec![locate::place(None)?];
    // Stores are found here and above only; there is nothing in one that does not exist.
    places.retain(|place| place.folder().join("journals").exists());
    for address in Address::all_spooled() {
        if !journals(&address.spool).is_empty() && places.iter().all(|place| place.folder() != address.spool)
        {
            places.push(Place::Server(address));
        }
    }
    Ok(places)
}

fn sync_place(place: &Place) -> Synced {
    let mut synced = Synced {
        place: match place {
            Place::Server(address) => address.url.clone(),
            Place::Folder(folder) | Place::Nowhere(folder) => folder.display().to_string(),
        },
        journals: place.folder().join("journals"),
        processes: 0,
        runs: 0,
        records: 0,
        left: 0,
        problems: Vec::new(),
        failure: None,
    };
    let problems = Problems::default();
    if !journals(place.folder()).is_empty() {
        synced.failure = bring_in(place, &problems, &mut synced).err();
    }
    synced.problems = std::iter::from_fn(|| problems.take()).collect();
    synced.left = journals(place.folder()).len();
    synced
}

fn bring_in(place: &Place, problems: &Problems, synced: &mut Synced) -> Result<(), Error> {
    let backend = Backend::open(place)?;
    let counting = Counting { sink: backend.sink(), counts: Mutex::default() };
    let (mut pauses, mut taken) = (PAUSES.into_iter(), 0);
    let result = loop {
        match recover::bring_in(place.folder(), &counting, problems) {
            Err(error) if error.kind == ErrorKind::Unreachable => {
                // As long as it goes on at all, it is gone on with.
                let now = counting.lock().records;
                if std::mem::replace(&mut taken, now) != now {
                    pauses = PAUSES.into_iter();
                }
                let Some(pause) = pauses.next() else { break Err(error) };
                thread::sleep(pause);
            }
            done => break done,
        }
    };
    let counts = counting.lock();
    (synced.processes, synced.runs, synced.records) = (counts.journals, counts.runs.len(), counts.records);
    result
}

fn journals(folder: &Path) -> Vec<(String, PathBuf)> {
    others(&folder.join("journals"), &[]).unwrap_or_default()
}

/// A sink that counts what goes into another one.
#[derive(Debug)]
struct Counting<'a> {
    sink: &'a dyn Sink,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    journals: usize,
    runs: HashSet<String>,
    records: u64,
}

impl Counting<'_> {
    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Counting<'_> {
    fn batch(&self) -> usize {
        self.sink.batch()
    }

    fn begin(&self, journal_id: &str, reader: &mut Reader) -> Result<(), Error> {
        self.sink.begin(journal_id, reader)
    }

    fn take(&self, batch: &Batch<'_>, problems: &Problems) -> Result<(), Error> {
        self.sink.take(batch, problems)?;
        let mut counts = self.lock();
        counts.records += batch.records.len() as u64;
        counts.runs.extend(batch.records.iter().filter_map(run_of).map(str::to_owned));
        Ok(())
    }

    fn claim(&self, journal_id: &str, reader: &mut Reader) -> Result<(), Error> {
        self.sink.claim(journal_id, reader)
    }

    fn end_process(&self, journal_id: &str, time: i64, exit: &Exit) -> Result<(), Error> {
        self.sink.end_process(journal_id, time, exit)
    }

    fn forget(&self, journal_id: &str) -> Result<(), Error> {
        self.sink.forget(journal_id)?;
        self.lock().journals += 1;
        Ok(())
    }
}

/// The run that a record opens, ends, or measures.
fn run_of(record: &Record) -> Option<&str> {
    match record {
        Record::Series { run_id, .. }
        | Record::Event(
            Event::RunStarted { run_id, .. }
            | Event::RunResumed { run_id, .. }
            | Event::RunEnded { run_id, .. },
        ) => Some(run_id),
        _ => None,
    }
}
