use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::{Error, Reader};

/// How the ids of journals end that forked children write: a child cannot use the database that its parent has
/// opened, and leaves the carrying to others.
pub const FORKED: &str = "-forked";

/// A journal that somebody other than its writer carries into the store.
#[derive(Debug)]
pub struct Found {
    /// Locked for as long as this lives, if the writer is gone.
    file: File,
    path: PathBuf,
    id: String,
    writer_is_gone: bool,
}

/// The journals in a folder whose writers are gone, in the order of their ids, without those of forked children.
/// Those that another process is bringing in at the moment are left out, as is a folder that does not exist.
///
/// # Errors
/// `Io` when the folder cannot be read. A single file that cannot be opened is passed over.
pub fn abandoned(journals: &Path) -> Result<Vec<Found>, Error> {
    let mut found = all(journals, |id| !id.ends_with(FORKED))?;
    found.retain(|journal| journal.writer_is_gone);
    Ok(found)
}

/// The journals of forked children, living or gone. Who carries them must see to it that nobody else does.
///
/// # Errors
/// As [`abandoned`].
pub fn forked(journals: &Path) -> Result<Vec<Found>, Error> {
    all(journals, |id| id.ends_with(FORKED))
}

/// Id and file of every journal but `these`, whatever becomes of its writer.
///
/// # Errors
/// `Io` when the folder cannot be read.
pub fn others(journals: &Path, these: &[&Found]) -> Result<Vec<(String, PathBuf)>, Error> {
    let entries = std::fs::read_dir(journals).map_err(Error::io(journals))?;
    let named = entries.flatten().filter_map(|entry| {
        let path = entry.path();
        let id = id_of(&path)?.to_owned();
        these.iter().all(|journal| journal.id != id).then_some((id, path))
    });
    Ok(named.collect())
}

/// The id of a journal, if the file is one.
fn id_of(path: &Path) -> Option<&str> {
    (path.extension()? == "journal").then(|| path.file_stem()?.to_str())?
}

fn all(journals: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<Found>, Error> {
    let entries = match std::fs::read_dir(journals) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(Error::Io { path: journals.to_owned(), source }),
    };
    let mut found: Vec<Found> =
        entries.flatten().filter_map(|entry| Found::open(entry.path(), &wanted)).collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

impl Found {
    fn open(path: PathBuf, wanted: impl Fn(&str) -> bool) -> Option<Self> {
        let id = id_of(&path).filter(|id| wanted(id))?.to_owned();
        let file = OpenOptions::new().read(true).write(true).open(&path).ok()?;
        let writer_is_gone = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => false,
            Err(TryLockError::Error(_)) => return None,
        };
        // Between opening and locking another process may have brought it in and removed it.
        path.exists().then_some(Self { file, path, id, writer_is_gone })
    }

    /// Whether nothing will be appended any more.
    pub fn writer_is_gone(&self) -> bool {
        self.writer_is_gone
    }

    /// The id under which the store counts what it has of this journal.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// When the last record was appended, in milliseconds since the epoch.
    ///
    /// # Errors
    /// `Io` when the file cannot be looked at.
    pub fn last_written(&self) -> Result<i64, Error> {
        let modified =
            self.file.metadata().and_then(|data| data.modified()).map_err(Error::io(&self.path))?;
        let since = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// A reader at the first frame.
    ///
    /// # Errors
    /// As [`Reader::open`].
    pub fn reader(&self) -> Result<Reader, Error> {
        Reader::of(self.file.try_clone().map_err(Error::io(&self.path))?, &self.path)
    }

    /// Removes the journal, which must have been read to its end.
    ///
    /// # Errors
    /// `Io` when the file cannot be removed.
    pub fn remove(self) -> Result<(), Error> {
        std::fs::remove_file(&self.path).map_err(Error::io(&self.path))
    }

    /// Renames a damaged journal to `<id>.damaged`, so that it is kept for a person and tried no more.
    ///
    /// # Errors
    /// `Io` when the file cannot be renamed.
    pub fn set_aside(self) -> Result<PathBuf, Error> {
        let kept = self.path.with_extension("damaged");
        std::fs::rename(&self.path, &kept).map_err(Error::io(&self.path))?;
        Ok(kept)
    }
}
