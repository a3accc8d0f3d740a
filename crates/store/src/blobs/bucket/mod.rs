//! Blobs in S3, Google Cloud Storage or Azure, below a prefix: `ab/cdef…` as in a folder.
//!
//! A blob cannot be touched there. So `renewed/<digest>`, an empty object, says that a blob counts as put when the
//! mark was; a sweep looks at both. In `uploads/` is what clients have put past this process, until it has its name.

mod address;
mod client;
mod direct;
mod http;
mod profile;
mod reader;
mod tree;

use std::io::{Read, Seek, Write};
use std::time::{Duration, SystemTime};

use futures_util::StreamExt;
use object_store::multipart::MultipartStore;
use object_store::path::Path;
use object_store::signer::{Method, Signer};
use object_store::{MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutPayload};
use tempfile::SpooledTempFile;

pub use self::address::{Bucket, is_bucket};
use self::client::Client;
use self::reader::BucketReader;
pub(crate) use self::tree::BucketTree;
use super::{Blob, Direct, Keeper, ReadSeek, agrees, copy, is_digest};
use crate::{Error, ErrorKind, Result};

/// What can be done in each object store.
pub(super) trait Provider: ObjectStore + Signer + MultipartStore {}

impl<T: ObjectStore + Signer + MultipartStore> Provider for T {}

/// How much of a blob is sent at once, and in memory meanwhile; S3 takes 10,000 parts.
const PART: u64 = 8 << 20;
const PARTS: u64 = 9_000;

/// A blob that is longer waits for its name in a temporary file.
const IN_MEMORY: usize = 1 << 20;

/// Where the marks of blobs are that were put again.
const RENEWED: &str = "renewed";
/// Where clients put what has no name yet.
const UPLOADS: &str = "uploads";

pub(super) struct BucketBlobs {
    client: Client,
    is_public: bool,
    takes_blocks: bool,
}

impl BucketBlobs {
    /// # Errors
    /// `Unavailable` for a bucket that cannot be reached, `NotFound`, `Denied`, `Invalid`.
    pub fn open(bucket: &Bucket) -> Result<Self> {
        let client = Client::new(bucket)?;
        check(&client)?;
        let is_public = bucket.is_public() && can_sign(&client);
        Ok(Self { client, is_public, takes_blocks: bucket.takes_blocks() })
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

    /// Whether the blob is there; then it counts as put now.
    fn has(&self, blob: &Blob) -> Result<bool> {
        let found = self.find(&self.path(&blob.digest))?.is_some_and(|found| found.size == blob.size);
        if found {
            self.set_mark(&blob.digest)?;
        }
        Ok(found)
    }

    fn set_mark(&self, digest: &str) -> Result<()> {
        let put = async { self.client.provider.put(&self.mark(digest), PutPayload::new()).await };
        self.client.wait("renew a blob", put).map(drop)
    }

    /// Sends the bytes of a blob. It has its name only when all of it is there.
    fn send(&self, bytes: &mut dyn Read, blob: &Blob) -> Result<()> {
        let path = self.path(&blob.digest);
        let part_size = PART.max(blob.size / PARTS);
        if blob.size <= part_size {
            let payload = next_part(bytes, blob.size)?;
            let put = async { self.client.provider.put(&path, payload).await };
            return self.client.wait("keep a blob", put).map(drop);
        }
        let begun = self.client.wait("keep a blob", self.client.provider.put_multipart(&path));
        let mut upload = begun?;
        let sent = self.send_parts(bytes, blob.size.div_ceil(part_size), part_size, &mut *upload);
        if sent.is_err() {
            // What cannot be taken back now is left to the rules of the bucket for unfinished uploads.
            drop(self.client.wait("give up an upload", upload.abort()));
        }
        sent
    }

    fn send_parts(
        &self,
        bytes: &mut dyn Read,
        count: u64,
        part_size: u64,
        upload: &mut dyn MultipartUpload,
    ) -> Result<()> {
        for _ in 0..count {
            let part = upload.put_part(next_part(bytes, part_size)?);
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
        let mut file = SpooledTempFile::new(IN_MEMORY);
        let blob = copy(bytes, &mut file).map_err(wrong)?;
        agrees(&blob, expected)?;
        if !self.has(&blob)? {
            file.flush().and_then(|()| file.rewind()).map_err(wrong)?;
            self.send(&mut file, &blob)?;
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

    fn direct(&self) -> Option<&dyn Direct> {
        Some(self)
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

    /// Marks that no longer matter too. Parts without an object are not listed: a bucket has rules for them.
    fn sweep_unfinished(&self, before: SystemTime) -> Result<()> {
        let mut old = Vec::new();
        for folder in [RENEWED, UPLOADS] {
            self.list(&self.client.prefix.clone().join(folder), &mut |object| {
                if SystemTime::from(object.last_modified) < before {
                    old.push(object.location);
                }
                Ok(())
            })?;
        }
        old.iter().try_for_each(|object| self.remove(object))
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

/// That the bucket is there and lets us in.
fn check(client: &Client) -> Result<()> {
    let mut found = client.provider.list(Some(&client.prefix));
    client.wait("list the blobs", async { found.next().await.transpose() }).map(drop)
}

/// Some credentials may read and write, but not sign.
fn can_sign(client: &Client) -> bool {
    let signed = client.provider.signed_url(Method::GET, &client.prefix, Duration::from_secs(1));
    client.wait("sign an address", signed).is_ok()
}

fn next_part(bytes: &mut dyn Read, size: u64) -> Result<PutPayload> {
    let mut part = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    let read = bytes.take(size).read_to_end(&mut part);
    read.map_err(|error| Error::io("read the bytes of a blob", &error))?;
    Ok(part.into())
}
