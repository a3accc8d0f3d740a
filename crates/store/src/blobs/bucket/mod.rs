//! Blobs in S3, Google Cloud Storage or Azure, below a prefix: `ab/cdef…` as in a folder.
//!
//! A blob cannot be touched there. So `renewed/<digest>`, an empty object, says that a blob counts as put when the
//! mark was; a sweep looks at both.

mod address;
mod client;
mod http;
mod reader;

use std::io::{Read, Seek, Write};
use std::time::SystemTime;

use futures_util::StreamExt;
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutPayload};
use tempfile::SpooledTempFile;

pub use self::address::{Bucket, is_bucket};
use self::client::Client;
use self::reader::BucketReader;
use super::{Blob, Keeper, ReadSeek, agrees, copy, is_digest};
use crate::{Error, ErrorKind, Result};

/// What can be done in each object store.
pub(super) trait Provider: ObjectStore + Signer + MultipartStore {}

impl<T: ObjectStore + Signer + MultipartStore> Provider for T {}

/// How much of a blob is sent at once, and in memory meanwhile; S3 takes 10,000 parts.
const PART: u64 = 8 << 20;
const PARTS: u64 = 9_000;

/// Where the marks of blobs are that were put again.
const RENEWED: &str = "renewed";

pub(super) struct BucketBlobs {
    client: Client,
}

impl BucketBlobs {
    /// # Errors
    /// `Unavailable` for a bucket that cannot be reached, `NotFound`, `Denied`, `Invalid`.
    pub fn open(bucket: &Bucket) -> Result<Self> {
        let client = Client::new(bucket)?;
        let mut found = client.provider.list(Some(&client.prefix));
        client.wait("list the blobs", async { found.next().await.transpose() })?;
        drop(found);
        Ok(Self { client })
    }

    fn path(&self, digest: &str) -> Path {
        let (folder, name) = digest.split_at(2);
        self.client.prefix.clone().join(folder).join(name)
    }

    fn mark(&self, digest: &str) -> Path {
        self.client.prefix.clone().join(RENEWED).join(digest)
    }

    fn find(&self, path: &Path) -> Result<Option<ObjectMeta>> {
        match self.client.wait("find a blob", self.client.provider.head(path)) {
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            found => found.map(Some),
        }
    }

    fn set_mark(&self, digest: &str) -> Result<()> {
        let put = async { self.client.provider.put(&self.mark(digest), PutPayload::new()).await };
        self.client.wait("renew a blob", put).map(drop)
    }

    /// Sends what is in the file. It has its name only when all of it is there.
    fn send(&self, file: &mut SpooledTempFile, blob: &Blob) -> Result<()> {
        let path = self.path(&blob.digest);
        let part_size = PART.max(blob.size / PARTS);
        if blob.size <= part_size {
            let payload = next_part(file, part_size)?;
            let put = async { self.client.provider.put(&path, payload).await };
            return self.client.wait("keep a blob", put).map(drop);
        }
        let begun = self.client.wait("keep a blob", self.client.provider.put_multipart(&path));
        let mut upload = begun?;
        let sent = self.send_parts(file, blob.size.div_ceil(part_size), part_size, &mut *upload);
        if sent.is_err() {
            // What cannot be taken back now is left to the rules of the bucket for unfinished uploads.
            drop(self.client.wait("give up an upload", upload.abort()));
        }
        sent
    }

    fn send_parts(
        &self,
        file: &mut SpooledTempFile,
        count: u64,
        part_size: u64,
        upload: &mut dyn MultipartUpload,
    ) -> Result<()> {
        for _ in 0..count {
            let part = upload.put_part(next_part(file, part_size)?);
            self.client.wait("keep a part of a blob", part)?;
        }
        self.client.wait("keep a blob", upload.complete()).map(drop)
    }

    /// Everything below a path of the bucket.
    fn list(&self, below: &Path, visit: &mut dyn FnMut(ObjectMeta) -> Result<()>) -> Result<()> {
        let mut found = self.client.provider.list(Some(below));
        while let Some(object) =
            self.client.wait("list the blobs", async { found.next().await.transpose() })?
        {
            visit(object)?;
        }
        Ok(())
    }

    fn remove(&self, path: &Path) -> Result<()> {
        match self.client.wait("delete a blob", self.client.provider.delete(path)) {
            Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }
}

impl Keeper for BucketBlobs {
    /// The name follows from all bytes, so they wait in memory or, if they are many, in a temporary file.
    fn put(&self, bytes: &mut dyn Read, expected: Option<&str>) -> Result<Blob> {
        let wrong = |error| Error::io("take the bytes of a blob", &error);
        let limit = usize::try_from(PART).unwrap_or(usize::MAX);
        let mut file = SpooledTempFile::new(limit);
        let blob = copy(bytes, &mut file).map_err(wrong)?;
        agrees(&blob, expected)?;
        match self.find(&self.path(&blob.digest))? {
            Some(found) if found.size == blob.size => self.set_mark(&blob.digest)?,
            _ => {
                file.flush().and_then(|()| file.rewind()).map_err(wrong)?;
                self.send(&mut file, &blob)?;
            }
        }
        Ok(blob)
    }

    fn renew(&self, digest: &str) -> Result<bool> {
        let found = self.find(&self.path(digest))?.is_some();
        if found {
            self.set_mark(digest)?;
        }
        Ok(found)
    }

    fn open(&self, digest: &str) -> Result<Box<dyn ReadSeek>> {
        let path = self.path(digest);
        match self.find(&path)? {
            Some(found) => Ok(Box::new(BucketReader::new(self.client.clone(), path, found.size))),
            None => Err(Error::not_found(format!("There is no blob {digest}."))),
        }
    }

    fn each(&self, visit: &mut dyn FnMut(Blob, SystemTime) -> Result<()>) -> Result<()> {
        self.list(&self.client.prefix, &mut |object| {
            let name = object.location.as_ref();
            let mut parts = name.rsplit('/');
            let (last, folder) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let digest = format!("{folder}{last}");
            if is_digest(&digest) {
                visit(Blob { digest, size: object.size }, object.last_modified.into())?;
            }
            Ok(())
        })
    }

    /// Marks that no longer matter. Unfinished uploads have no name and are not listed: a bucket has rules for them.
    fn sweep_unfinished(&self, before: SystemTime) -> Result<()> {
        let mut old = Vec::new();
        self.list(&self.client.prefix.clone().join(RENEWED), &mut |mark| {
            if SystemTime::from(mark.last_modified) < before {
                old.push(mark.location);
            }
            Ok(())
        })?;
        old.iter().try_for_each(|mark| self.remove(mark))
    }

    fn delete(&self, digest: &str, before: SystemTime) -> Result<bool> {
        let is_new = |found: &ObjectMeta| SystemTime::from(found.last_modified) >= before;
        let path = self.path(digest);
        let Some(found) = self.find(&path)? else { return Ok(false) };
        if is_new(&found) || self.find(&self.mark(digest))?.as_ref().is_some_and(is_new) {
            return Ok(false);
        }
        self.remove(&path)?;
        Ok(true)
    }
}

fn next_part(file: &mut SpooledTempFile, size: u64) -> Result<PutPayload> {
    let mut part = Vec::new();
    let read = Read::by_ref(file).take(size).read_to_end(&mut part);
    read.map_err(|error| Error::io("read the bytes of a blob", &error))?;
    Ok(part.into())
}
