use std::fs::File;
use std::path::Path;

use trackline_journal::{Event, Found, ProcessStart, Reader, Record, forked, others};
use trackline_store::Store;

use crate::feed::Feed;
use crate::fork::ClosedInChild;
use crate::lingering::abandoned;
use crate::problems::Problems;
use crate::sink::Sink;
use crate::{Error, ErrorKind, demise, lost_ranks};

/// Brings in what processes that are gone left in their journals, and what forked children have in theirs. Returns what is in the way of single journals:
/// those of a newer version are left alone, damaged ones are brought in up to the damage and set aside.
///
/// # Errors
/// Trouble with the folder or the store.
pub fn recover(store: &Store) -> Result<Vec<Error>, Error> {
    let problems = Problems::default();
    bring_in(store.folder(), store, &problems)?;
    Ok(std::iter::from_fn(|| problems.take()).collect())
}

pub(crate) fn bring_in(folder: &Path, sink: &dyn Sink, problems: &Problems) -> Result<(), Error> {
    let journals = folder.join("journals");
    let mut left = Vec::new();
    for journal in abandoned(&journals)? {
        left.extend(carry(journal, sink, problems)?);
    }
    let lock = lock_forked(&journals)?;
    if lock.is_some() {
        for journal in forked(&journals)? {
            left.extend(carry(journal, sink, problems)?);
        }
    }
    if left.is_empty() {
        return Ok(());
    }
    // Who lives, and what all of those said who do not, is known before a run is given up.
    let these: Vec<_> = left.iter().map(|left| &left.journal).collect();
    for (id, path) in others(&journals, &these)? {
        if let Ok(mut reader) = Reader::open(&path) {
            sink.claim(&id, &mut reader)?;
        }
    }
    let mut told = false;
    for left in left {
        told |= left.finish(&journals, sink, problems)?;
    }
    if told { bring_in(folder, sink, problems) } else { Ok(()) }
}

/// Locked for the one who carries the journals of forked children; none if there are none, or another process
/// carries them at this moment.
fn lock_forked(journals: &Path) -> Result<Option<(ClosedInChild, File)>, Error> {
    if forked(journals)?.is_empty() {
        return Ok(None);
    }
    let path = journals.join("forked.lock");
    let lock = File::create(&path).map_err(|error| Error::io(&format!("open {}", path.display()), &error))?;
    let closed_in_child = ClosedInChild::new(&lock);
    Ok(lock.try_lock().is_ok().then_some((closed_in_child, lock)))
}

/// A journal whose writer is gone, and of which nothing more can be taken.
struct Left {
    journal: Found,
    damage: Option<Error>,
}

/// Takes what is in a journal. None if its writer lives, or it must be left alone.
fn carry(journal: Found, sink: &dyn Sink, problems: &Problems) -> Result<Option<Left>, Error> {
    let gone = journal.writer_is_gone();
    match carry_whole(&journal, sink, problems) {
        Ok(()) => Ok(gone.then_some(Left { journal, damage: None })),
        // The last frame of a living writer may be half written.
        Err(error) if error.kind == ErrorKind::Damaged => {
            Ok(gone.then_some(Left { journal, damage: Some(error) }))
        }
        Err(error) if error.kind == ErrorKind::NewerVersion => {
            problems.note(error);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

impl Left {
    /// True if there is another journal now, which tells of ranks.
    fn finish(self, journals: &Path, sink: &dyn Sink, problems: &Problems) -> Result<bool, Error> {
        let Self { journal, damage } = self;
        let id = journal.id().to_owned();
        let exit = demise::exit_of(started(&journal).as_ref());
        sink.end_process(&id, journal.last_written()?, &exit)?;
        let told = lost_ranks::tell(&journal, journals, &exit)?;
        match damage {
            None => {
                journal.remove()?;
                sink.forget(&id)?;
            }
            Some(error) => {
                let kept = journal.set_aside()?;
                let message = format!("{}; it is kept as {}", error.message, kept.display());
                problems.note(Error { message, ..error });
            }
        }
        Ok(told)
    }
}

/// What the writer of a journal said of itself.
fn started(journal: &Found) -> Option<ProcessStart> {
    match journal.reader().ok()?.next() {
        Ok(Some(Record::Event(Event::ProcessStarted(started)))) => Some(started),
        _ => None,
    }
}

fn carry_whole(journal: &Found, sink: &dyn Sink, problems: &Problems) -> Result<(), Error> {
    let mut feed = Feed::new(journal.id().to_owned(), journal.reader()?, sink)?;
    while feed.carry(sink, u64::MAX, problems)?.is_some() {}
    Ok(())
}
