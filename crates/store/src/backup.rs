use std::io;
use std::path::Path;

use crate::blobs::Blobs;
use crate::{Error, ErrorKind, Result, Store};

/// What a backup holds, and what was copied for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Blobs that were not in the backup before.
    pub blobs: u64,
    /// How many bytes these have.
    pub bytes: u64,
}

impl Store {
    /// Copies the store into the folder `to`, while others go on writing: the database as it is now, and the blobs that
    /// an earlier backup there does not have. The folder is then a store itself. A backup that breaks off leaves the
    /// earlier one whole.
    ///
    /// # Errors
    /// `Invalid` for the store's own folder and for a store in PostgreSQL, `Denied`, `Full`, `Io`.
    pub fn backup(&self, to: &Path) -> Result<Copied> {
        let wrong = |what: &str, error: &io::Error| Error::io(&format!("{what} {}", to.display()), error);
        std::fs::create_dir_all(to).map_err(|error| wrong("make the folder", &error))?;
        if same(to, self.folder()) {
            let message = format!("{} is the store itself: give another folder.", to.display());
            return Err(Error::invalid(message));
        }
        let unfinished = to.join("trackline.db.unfinished");
        discard(&unfinished).map_err(|error| wrong("write to", &error))?;
        self.copy_database(&unfinished)?;
        // The blobs come after the database that refers to them, and before it takes the earlier one's place.
        let copied = self.copy_blobs(&Blobs::in_folder(&to.join("blobs"))?)?;
        for leftover in ["trackline.db-wal", "trackline.db-shm"] {
            discard(&to.join(leftover)).map_err(|error| wrong("write to", &error))?;
        }
        std::fs::write(to.join(".gitignore"), "*\n").map_err(|error| wrong("write to", &error))?;
        std::fs::rename(&unfinished, to.join("trackline.db")).map_err(|error| wrong("write to", &error))?;
        Ok(copied)
    }

    fn copy_blobs(&self, to: &Blobs) -> Result<Copied> {
        let mut copied = Copied::default();
        self.blobs().each(&mut |blob, _| {
            if to.renew(&blob.digest)? {
                return Ok(());
            }
            match self.blobs().open(&blob.digest) {
                Ok(bytes) => to.put_as(&blob.digest, bytes)?,
                // Swept meanwhile: nothing refers to it.
                Err(error) if error.kind == ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(error),
            };
            copied.blobs += 1;
            copied.bytes += blob.size;
            Ok(())
        })?;
        Ok(copied)
    }
}

fn same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn discard(file: &Path) -> io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
