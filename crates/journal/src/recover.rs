use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::{Error, Reader};

/// A journal whose writer is gone, held by a lock until it is dropped.
#[derive(Debug)]
pub struct Abandoned {
    file: File,
    path: PathBuf,
    id: String,
}

/// The journals in a folder whose writers are gone, in the order of their ids. Those that another process is bringing in
/// at the moment are left out, as is a folder that does not exist.
///
/// # Errors
/// `Io` when the folder cannot be read. A single file that cannot be opened is passed over.
pub fn abandoned(journals: &Path) -> Result<Vec<Abandoned>, Error> {
    let entries = match std::fs::read_dir(journals) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(Error::Io { path: journals.to_owned(), source }),
    };
    let mut found: Vec<Abandoned> =
        entries.flatten().filter_map(|entry| Abandoned::take(entry.path())).collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

impl Abandoned {
    fn take(path: PathBuf) -> Option<Self> {
        if path.extension()? != "journal" {
            return None;
        }
        let id = path.file_stem()?.to_str()?.to_owned();
        let file = OpenOptions::new().read(true).write(true).open(&path).ok()?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => return None,
        }
        // Between opening and locking another process may have brought it in and removed it.
        path.exists().then_some(Self { file, path, id })
    }

    /// The id under which the store counts what it has of this journal.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
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
