use std::path::Path;

use trackline_journal::{Abandoned, abandoned};
use trackline_store::Store;

use crate::feed::Feed;
use crate::problems::Problems;
use crate::{Error, ErrorKind};

/// Brings in what processes that are gone left in their journals. Returns what is in the way of single journals:
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
    for journal in abandoned(&folder.join("journals"))? {
        match finish(&journal, store, problems) {
            Ok(()) => {
                let id = journal.id().to_owned();
                journal.remove()?;
                store.forget_journal(&id)?;
            }
            Err(error) if error.kind == ErrorKind::Damaged => {
                let kept = journal.set_aside()?;
                let message = format!("{}; it is kept as {}", error.message, kept.display());
                problems.note(Error { message, ..error });
            }
            Err(error) if error.kind == ErrorKind::NewerVersion => problems.note(error),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn finish(journal: &Abandoned, store: &Store, problems: &Problems) -> Result<(), Error> {
    let mut feed = Feed::new(journal.id().to_owned(), journal.reader()?, store)?;
    while feed.carry(store, u64::MAX, problems)?.is_some() {}
    Ok(())
}
