//! Content-addressed files: the same bytes are kept once, however often they are logged.

#[cfg(feature = "bucket")]
mod bucket;
mod direct;
mod folder;

use std::collections::HashSet;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

#[cfg(feature = "bucket")]
use self::bucket::BucketBlobs;
#[cfg(feature = "bucket")]
pub(crate) use self::bucket::BucketTree;
#[cfg(feature = "bucket")]
pub use self::bucket::{Bucket, is_bucket};
pub use self::direct::{Direct, DirectUpload};
use self::folder::FolderBlobs;
use crate::{Error, Result};

/// Bytes that are stored, by their content.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Blob {
    /// BLAKE3 of the bytes, 64 hexadecimal digits in lower case.
    pub digest: String,
    /// How many bytes.
    pub size: u64,
}

/// Bytes that can be read from any place on.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// Where blobs are kept. Cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    keeper: Arc<dyn Keeper>,
}

/// A place that keeps blobs: a folder, or a bucket.
pub(crate) trait Keeper: Send + Sync {
    /// Stores the bytes, unless their digest is not the expected one.
    fn put(&self, bytes: &mut dyn Read, expected: Option<&str>) -> Result<Blob>;
    /// Whether the blob is there; then it counts as put now.
    fn renew(&self, digest: &str) -> Result<bool>;
    fn open(&self, digest: &str) -> Result<Box<dyn ReadSeek>>;
    /// The file that holds the blob, if one does.
    fn path(&self, _: &str) -> Option<PathBuf> {
        None
    }
    fn direct(&self) -> Option<&dyn Direct> {
        None
    }
    /// Every blob, with the time when it was last put.
    fn each(&self, visit: &mut dyn FnMut(Blob, SystemTime) -> Result<()>) -> Result<()>;
    /// Deletes what writers that were killed have left, if it is older than `before`.
    fn sweep_unfinished(&self, before: SystemTime) -> Result<()>;
    /// Deletes a blob, unless it was put since `before`; returns whether it did.
    fn delete(&self, digest: &str, before: SystemTime) -> Result<bool>;
}

/// What is in memory while a blob is taken in.
const BUFFER: usize = 1 << 18;

impl Blobs {
    /// The blobs in this folder, which is made if it is missing. Needs no database.
    ///
    /// # Errors
    /// `Denied` without write permission.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        Ok(Self { keeper: Arc::new(FolderBlobs::open(folder)?) })
    }

    /// The blobs in this folder, whether it is there or not.
    #[cfg(feature = "postgres")]
    pub(crate) fn found_in_folder(folder: &Path) -> Self {
        Self { keeper: Arc::new(FolderBlobs::found(folder)) }
    }

    /// The blobs in this bucket.
    ///
    /// # Errors
    /// `Unavailable` for a bucket that cannot be reached, `NotFound`, `Denied`, `Invalid`.
    #[cfg(feature = "bucket")]
    pub fn in_bucket(bucket: &Bucket) -> Result<Self> {
        Ok(Self { keeper: Arc::new(BucketBlobs::open(bucket)?) })
    }

    /// Stores what the reader gives, with bounded memory.
    pub fn put(&self, mut bytes: impl Read) -> Result<Blob> {
        self.keeper.put(&mut bytes, None)
    }

    /// Stores what the reader gives, if it has this digest.
    ///
    /// # Errors
    /// `Invalid` for what is no digest, or another one than that of the bytes; then nothing is kept.
    pub fn put_as(&self, digest: &str, mut bytes: impl Read) -> Result<Blob> {
        self.keeper.put(&mut bytes, Some(checked(digest)?))
    }

    /// Whether a blob is there. It then stays for the next hour, as if it were put now, for who refers to it soon.
    ///
    /// # Errors
    /// `Invalid` for what is no digest.
    pub fn renew(&self, digest: &str) -> Result<bool> {
        self.keeper.renew(checked(digest)?)
    }

    /// Stores a copy of a file.
    pub fn put_file(&self, path: &Path) -> Result<Blob> {
        let file = std::fs::File::open(path)
            .map_err(|error| Error::io(&format!("read the file {}", path.display()), &error))?;
        self.put(file)
    }

    /// Stores these bytes.
    pub fn put_bytes(&self, bytes: &[u8]) -> Result<Blob> {
        self.put(bytes)
    }

    /// The bytes of a blob.
    ///
    /// # Errors
    /// `NotFound`, and `Invalid` for what is no digest.
    pub fn open(&self, digest: &str) -> Result<Box<dyn ReadSeek>> {
        self.keeper.open(checked(digest)?)
    }

    /// All bytes of a blob, in memory.
    pub fn read(&self, digest: &str) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = self.open(digest)?.read_to_end(&mut bytes);
        read.map_err(|error| Error::io(&format!("read the blob {digest}"), &error))?;
        Ok(bytes)
    }

    /// The file that holds a blob; none if it is not there, or not kept in files.
    pub fn path(&self, digest: &str) -> Option<PathBuf> {
        self.keeper.path(checked(digest).ok()?)
    }

    /// How clients reach the bytes without this process; none for a folder.
    pub fn direct(&self) -> Option<&dyn Direct> {
        self.keeper.direct()
    }

    /// Deletes all blobs but those named, and those put since `before`.
    pub fn sweep(&self, needed: &HashSet<String>, before: SystemTime) -> Result<()> {
        self.keeper.sweep_unfinished(before)?;
        let mut gone = Vec::new();
        self.keeper.each(&mut |blob, _| {
            if !needed.contains(&blob.digest) {
                gone.push(blob.digest);
            }
            Ok(())
        })?;
        gone.iter().try_for_each(|digest| self.keeper.delete(digest, before).map(drop))
    }

    pub(crate) fn each(&self, visit: &mut dyn FnMut(Blob, SystemTime) -> Result<()>) -> Result<()> {
        self.keeper.each(visit)
    }

    pub(crate) fn sweep_unfinished(&self, before: SystemTime) -> Result<()> {
        self.keeper.sweep_unfinished(before)
    }

    pub(crate) fn delete(&self, digest: &str, before: SystemTime) -> Result<bool> {
        self.keeper.delete(checked(digest)?, before)
    }
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Blobs")
    }
}

/// Nothing but a digest may become a part of a path.
fn checked(digest: &str) -> Result<&str> {
    if is_digest(digest) {
        return Ok(digest);
    }
    Err(Error::invalid(format!("'{digest}' is no digest: it has 64 hexadecimal digits in lower case.")))
}

pub(crate) fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether the bytes are those that were expected, if any were.
fn agrees(blob: &Blob, expected: Option<&str>) -> Result<()> {
    match expected {
        Some(expected) if expected != blob.digest => Err(Error::invalid(format!(
            "The bytes have the digest {}, not {expected}: they were changed on their way, send them again.",
            blob.digest
        ))),
        _ => Ok(()),
    }
}

/// Copies everything, and says what it was.
fn copy(from: &mut dyn Read, to: &mut dyn Write) -> io::Result<Blob> {
    let mut hasher = blake3::Hasher::new();
    let mut size = 0;
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let part = buffer.get(..read).unwrap_or_default();
        hasher.update(part);
        to.write_all(part)?;
        size += read as u64;
    }
    Ok(Blob { digest: hasher.finalize().to_hex().to_string(), size })
}
