//! What clients do at the bucket themselves.
//!
//! The name of a blob follows from its bytes, which only the client has seen. So parts become `uploads/<uuid>`, which is
//! then read once for its digest and copied to its name, within the bucket if that can be.

use std::io::{self, Seek};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use object_store::multipart::PartId;
use object_store::path::Path;
use object_store::signer::{Method, SignedUrlOptions};
use object_store::{CopyOptions, ObjectStore};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

use super::reader::BucketReader;
use super::{BucketBlobs, UPLOADS};
use crate::blobs::{Blob, Direct, DirectUpload, copy};
use crate::{Error, ErrorKind, Result};

/// The largest object that S3 copies at once.
const COPY_MOST: u64 = 5 << 30;

/// The name of a block; all of a blob have the same length.
fn block(number: u32) -> String {
    format!("part-{number:05}")
}

/// As Azure has names of blocks in addresses.
fn encoded(block: &str) -> String {
    utf8_percent_encode(&STANDARD.encode(block), NON_ALPHANUMERIC).to_string()
}

impl BucketBlobs {
    fn signed(
        &self,
        method: Method,
        path: &Path,
        lifetime: Duration,
        query: &SignedUrlOptions,
    ) -> Result<String> {
        let signed = self.client.provider.signed_url_opts(method, path, lifetime, query);
        self.client.wait("sign an address", signed).map(String::from)
    }

    fn upload(&self, id: &str) -> Result<(Path, String)> {
        let parsed =
            id.split_once('.').and_then(|(name, upload)| Some((Uuid::try_parse(name).ok()?, upload)));
        let (name, upload) = parsed.ok_or_else(|| Error::invalid(format!("'{id}' is no upload_id.")))?;
        let name = name.simple().to_string();
        Ok((self.client.prefix.clone().join(UPLOADS).join(name), upload.to_owned()))
    }

    /// Gives the object its name as a blob.
    fn adopt(&self, path: &Path) -> Result<Blob> {
        let Some(found) = self.find(path)? else {
            return Err(Error::not_found("There is no such upload: begin it again."));
        };
        let mut reader = BucketReader::new(self.client.clone(), path.clone(), found.size);
        let wrong = |error| Error::io("read an upload", &error);
        let blob = copy(&mut reader, &mut io::sink()).map_err(wrong)?;
        if self.has(&blob)? {
            return Ok(blob);
        }
        if blob.size <= COPY_MOST {
            let to = self.path(&blob.digest);
            let copied = self.client.provider.copy_opts(path, &to, CopyOptions::default());
            self.client.wait("keep an upload", copied)?;
        } else {
            reader.rewind().map_err(wrong)?;
            self.send(&mut reader, &blob)?;
        }
        Ok(blob)
    }
}

impl Direct for BucketBlobs {
    fn is_public(&self) -> bool {
        self.is_public
    }

    fn link(&self, digest: &str, name: &str, lifetime: Duration) -> Result<String> {
        let path = self.path(digest);
        let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
        let saved = format!("attachment; filename*=UTF-8''{name}");
        // Azure signs no more than the address.
        let query = match self.takes_blocks {
            true => SignedUrlOptions::new(),
            false => SignedUrlOptions::new().with_query([("response-content-disposition", saved)]),
        };
        self.signed(Method::GET, &path, lifetime, &query)
    }

    fn begin(&self, parts: u32, lifetime: Duration) -> Result<DirectUpload> {
        let name = Uuid::new_v4().simple().to_string();
        let path = self.client.prefix.clone().join(UPLOADS).join(name.as_str());
        let begun = self.client.provider.create_multipart(&path);
        let upload = self.client.wait("begin an upload", begun)?;
        let urls = if self.takes_blocks {
            let signed = self.signed(Method::PUT, &path, lifetime, &SignedUrlOptions::new())?;
            (1..=parts)
                .map(|number| format!("{signed}&comp=block&blockid={}", encoded(&block(number))))
                .collect()
        } else {
            let part = |number: u32| [("partNumber", number.to_string()), ("uploadId", upload.clone())];
            let query = |number| SignedUrlOptions::new().with_query(part(number));
            let urls = (1..=parts).map(|number| self.signed(Method::PUT, &path, lifetime, &query(number)));
            urls.collect::<Result<_>>()?
        };
        Ok(DirectUpload { urls, id: format!("{name}.{upload}") })
    }

    fn finish(&self, id: &str, etags: Vec<String>) -> Result<Blob> {
        let (path, upload) = self.upload(id)?;
        let parts = (1..).zip(etags).map(|(number, etag)| match (self.takes_blocks, etag) {
            (true, _) => Ok(PartId { content_id: block(number) }),
            (false, etag) if etag.is_empty() => Err(Error::invalid(format!(
                "Part {number} has no 'etag': give the one that the bucket answered with."
            ))),
            (false, content_id) => Ok(PartId { content_id }),
        });
        let parts = parts.collect::<Result<_>>()?;
        let done = self.client.provider.complete_multipart(&path, &upload, parts);
        match self.client.wait("complete an upload", done) {
            // It was completed before, and the answer was lost.
            Err(error) if error.kind == ErrorKind::NotFound => {}
            Err(error) if error.message.contains("status code: 400") => {
                return Err(Error::invalid(error.message));
            }
            done => drop(done?),
        }
        let blob = self.adopt(&path)?;
        self.remove(&path)?;
        Ok(blob)
    }

    fn abort(&self, id: &str) -> Result<()> {
        let (path, upload) = self.upload(id)?;
        match self.client.wait("give up an upload", self.client.provider.abort_multipart(&path, &upload)) {
            Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }
}
