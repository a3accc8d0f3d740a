use std::fs::File;
use std::path::Path;

use trackline_journal::{Found, abandoned, forked};
use trackline_store::Store;

use crate::feed::Feed;
use crate::fork::ClosedInChild;
use crate::problems::Problems;
use crate::{Error, ErrorKind};

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

pub(crate) fn bring_in(folder: &Path, store: &Store, problems: &Problems) -> Result<(), Error> {
    let journals = folder.join("journals");
    for journal in abandoned(&journals)? {
        carry(journal, store, problems)?;
    }
    if forked(&journals)?.is_empty() {
        return Ok(());
    }
    let path = journals.join("forked.lock");
    let lock = File::create(&path).map_err(|error| Error::io(&format!("open {}", path.display()), &error))?;
    let _closed_in_child = ClosedInChild::new(&lock);
    if lock.try_lock().is_err() {
        // Another process carries them at this moment.
        return Ok(());
    }
    // Looked for again: until it is locked, others may have carried and removed them.
    for journal in forked(&journals)? {
        carry(journal, store, problems)?;
    }
    Ok(())
}

fn carry(journal: Found, store: &Store, problems: &Problems) -> Result<(), Error> {
    let gone = journal.writer_is_gone();
    match carry_whole(&journal, store, problems) {
        Ok(()) if gone => {
            let id = journal.id().to_owned();
            journal.remove()?;
            store.forget_journal(&id)?;
            Ok(())
        }
        Ok(()) => Ok(()),
        // The last frame of a living writer may be half written.
        Err(error) if error.kind == ErrorKind::Damaged && !gone => Ok(()),
        Err(error) if error.kind == ErrorKind::Damaged => {
            let kept = journal.set_aside()?;
            let message = format!("{}; it is kept as {}", error.message, kept.display());
            problems.note(Error { message, ..error });
            Ok(())
        }
        Err(error) if error.kind == ErrorKind::NewerVersion => {
            problems.note(error);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn carry_whole(journal: &Found, store: &Store, problems: &Problems) -> Result<(), Error> {
    let mut feed = Feed::new(journal.id().to_owned(), journal.reader()?, store)?;
    while feed.carry(store, u64::MAX, problems)?.is_some() {}
    Ok(())
}
