use std::fs::{self, File, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::{Builder, NamedTempFile};

use super::{Blob, Keeper, ReadSeek, agrees, copy, is_digest};
use crate::{Error, ErrorKind, Result};

/// What the names of blobs begin with while they are written; they stay when the process is killed.
const UNFINISHED: &str = "put-";

/// Files `ab/cdef…`: the first two digits of the digest are the folder.
pub(super) struct FolderBlobs {
    folder: PathBuf,
}

impl FolderBlobs {
    pub fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)
            .map_err(|error| Error::io(&format!("make the folder {}", folder.display()), &error))?;
        Ok(Self::found(folder))
    }

    pub fn found(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn file(&self, digest: &str) -> PathBuf {
        let (folder, name) = digest.split_at(2);
        self.folder.join(folder).join(name)
    }

    /// A file beside the blobs that nobody takes for one.
    fn temporary(&self) -> io::Result<NamedTempFile> {
        Builder::new()
            .prefix(UNFINISHED)
            // Others who may use the store may read its blobs: the umask decides.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(&self.folder)
    }

    /// The blob as it came; it is kept unless it should be another one.
    fn try_put(&self, bytes: &mut dyn Read, expected: Option<&str>) -> io::Result<Blob> {
        let mut file = self.temporary()?;
        let Blob { digest, size } = copy(bytes, file.as_file_mut())?;
        if expected.is_some_and(|expected| expected != digest) {
            file.close()?;
            return Ok(Blob { digest, size });
        }
        let target = self.file(&digest);
        if target.metadata().is_ok_and(|found| found.len() == size) && touch(&target).is_ok() {
            file.close()?;
        } else {
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder)?;
            }
            file.persist(&target).map_err(|error| error.error)?;
        }
        Ok(Blob { digest, size })
    }

    fn failed<'a>(&'a self, what: &'a str) -> impl Fn(io::Error) -> Error + 'a {
        move |error| Error::io(&format!("{what} in {}", self.folder.display()), &error)
    }
}

impl Keeper for FolderBlobs {
    fn put(&self, bytes: &mut dyn Read, expected: Option<&str>) -> Result<Blob> {
        let blob = self.try_put(bytes, expected).map_err(self.failed("write a blob"))?;
        agrees(&blob, expected).map(|()| blob)
    }

    fn renew(&self, digest: &str) -> Result<bool> {
        match touch(&self.file(digest)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.failed("renew a blob")(error)),
        }
    }

    fn open(&self, digest: &str) -> Result<Box<dyn ReadSeek>> {
        match File::open(self.file(digest)) {
            Ok(file) => Ok(Box::new(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(Error::new(ErrorKind::NotFound, format!("There is no blob {digest}.")))
            }
            Err(error) => Err(self.failed("read a blob")(error)),
        }
    }

    fn path(&self, digest: &str) -> Option<PathBuf> {
        Some(self.file(digest)).filter(|file| file.is_file())
    }

    fn sweep_unfinished(&self, before: SystemTime) -> Result<()> {
        let failed = self.failed("sweep unfinished blobs");
        for file in fs::read_dir(&self.folder).map_err(&failed)? {
            let file = file.map_err(&failed)?;
            let unfinished = file.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes());
            if unfinished && file.metadata().and_then(|found| found.modified()).is_ok_and(|at| at < before) {
                fs::remove_file(file.path()).map_err(&failed)?;
            }
        }
        Ok(())
    }

    fn each(&self, visit: &mut dyn FnMut(Blob, SystemTime) -> Result<()>) -> Result<()> {
        let failed = self.failed("list the blobs");
        for folder in fs::read_dir(&self.folder).map_err(&failed)? {
            let folder = folder.map_err(&failed)?;
            if !folder.file_type().map_err(&failed)?.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path()).map_err(&failed)? {
                let file = file.map_err(&failed)?;
                let digest = format!("{}{}", folder.file_name().display(), file.file_name().display());
                let found = file.metadata().map_err(&failed)?;
                if is_digest(&digest) {
                    let modified = found.modified().map_err(&failed)?;
                    visit(Blob { digest, size: found.len() }, modified)?;
                }
            }
        }
        Ok(())
    }

    fn delete(&self, digest: &str, before: SystemTime) -> Result<bool> {
        let failed = self.failed("delete a blob");
        let file = self.file(digest);
        let modified = match file.metadata().and_then(|found| found.modified()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            modified => modified.map_err(&failed)?,
        };
        if modified >= before {
            return Ok(false);
        }
        fs::remove_file(file).map_err(&failed)?;
        Ok(true)
    }
}

/// A sweep spares what was put lately, so what is put again must look new.
fn touch(file: &Path) -> io::Result<()> {
    File::open(file)?.set_modified(SystemTime::now())
}
