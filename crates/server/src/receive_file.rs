//! A body that becomes a file of the store.

use std::io::{self, Read};

use axum::body::Body;
use futures_util::TryStreamExt;
use tokio_util::io::{StreamReader, SyncIoBridge};
use trackline_store::{Blob, Store};

use crate::error::ApiError;
use crate::routes::blocking;

/// Writes the body to `path` of the artifact store as it comes in; one that breaks off leaves nothing.
pub(crate) async fn receive_file(store: Store, path: String, body: Body) -> Result<(), ApiError> {
    let blobs = store.blobs().clone();
    let blob = receive(format!("'{path}'"), body, move |bytes| blobs.put(bytes)).await?;
    blocking(move || store.put_artifact(&path, &blob)).await
}

/// Gives the body to `keep` as it comes in; `what` names it in an error.
pub(crate) async fn receive(
    what: String,
    body: Body,
    keep: impl FnOnce(&mut dyn Read) -> trackline_store::Result<Blob> + Send + 'static,
) -> Result<Blob, ApiError> {
    let stream = body.into_data_stream().map_err(io::Error::other);
    let mut upload = Upload { body: SyncIoBridge::new(StreamReader::new(stream)), broken: None };
    blocking(move || {
        let kept = keep(&mut upload);
        if let Some(cause) = upload.broken {
            return Err(ApiError::bad_request(format!("The upload of {what} broke off: {cause}.")));
        }
        Ok(kept?)
    })
    .await
}

/// Remembers that it was the sender that failed, and not the disk.
struct Upload<R> {
    body: R,
    broken: Option<String>,
}

impl<R: Read> Read for Upload<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.body.read(buffer).inspect_err(|error| self.broken = Some(error.to_string()))
    }
}
