//! A bucket in which others keep files under their names.

use std::sync::{Arc, OnceLock};

use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use trackline_model::FileInfo;

use super::Bucket;
use super::client::Client;
use super::reader::BucketReader;
use crate::artifact_root::{OpenArtifact, is_folder, no_such};
use crate::{ErrorKind, Result};

/// Reads what lies below a prefix. Nothing is asked of the bucket before something is read.
#[derive(Clone)]
pub(crate) struct BucketTree {
    bucket: Bucket,
    client: Arc<OnceLock<Client>>,
}

impl BucketTree {
    pub fn of(bucket: Bucket) -> Self {
        Self { bucket, client: Arc::default() }
    }

    /// What is in a folder, by name; nothing where no folder is.
    pub fn list(&self, below: &str) -> Result<Vec<FileInfo>> {
        let client = self.client()?;
        let folder = path(client, below);
        let found = client.wait("list a folder", client.provider.list_with_delimiter(Some(&folder)))?;
        let name = |path: &Path| path.filename().unwrap_or_default().to_owned();
        let folders = found.common_prefixes.iter().map(|path| FileInfo {
            path: name(path),
            is_dir: true,
            file_size: None,
        });
        let files = found.objects.iter().filter(|object| object.location != folder);
        let files = files.map(|object| FileInfo {
            path: name(&object.location),
            is_dir: false,
            file_size: Some(object.size),
        });
        let mut all: Vec<_> = folders.chain(files).collect();
        all.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(all)
    }

    /// A file; `shown` is what it is called in errors.
    pub fn open(&self, below: &str, shown: &str) -> Result<OpenArtifact> {
        let client = self.client()?;
        let path = path(client, below);
        let found = match client.wait("find a file", client.provider.head(&path)) {
            Err(error) if error.kind == ErrorKind::NotFound => {
                let is_there = !self.list(below)?.is_empty();
                return Err(if is_there { is_folder(shown) } else { no_such(shown) });
            }
            found => found?,
        };
        let tag = found.e_tag.map(|tag| tag.trim_matches('"').to_owned());
        Ok(OpenArtifact {
            bytes: Box::new(BucketReader::new(client.clone(), path, found.size)),
            size: found.size,
            tag: tag.unwrap_or_else(|| found.last_modified.timestamp_micros().to_string()),
        })
    }

    pub fn put(&self, below: &str, bytes: &[u8]) -> Result<()> {
        let client = self.client()?;
        let path = path(client, below);
        let put = async { client.provider.put(&path, bytes.to_vec().into()).await };
        client.wait("write a file", put).map(drop)
    }

    /// Takes all away that lies below.
    pub fn remove(&self, below: &str) -> Result<()> {
        let client = self.client()?;
        let folder = path(client, below);
        let found = client.provider.list(Some(&folder)).map_ok(|object| object.location).boxed();
        let removed = client.provider.delete_stream(found).try_for_each(|_| std::future::ready(Ok(())));
        client.wait("remove the files of a folder", removed)
    }

    fn client(&self) -> Result<&Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = Client::new(&self.bucket)?;
        Ok(self.client.get_or_init(|| client))
    }
}

impl std::fmt::Debug for BucketTree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.bucket.fmt(f)
    }
}

fn path(client: &Client, below: &str) -> Path {
    below.split('/').filter(|part| !part.is_empty()).fold(client.prefix.clone(), |path, part| path.join(part))
}
