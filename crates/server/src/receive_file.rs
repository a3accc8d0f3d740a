//! A body that becomes a file of the store.

use std::io::{self, Read};

use axum::body::Body;
use futures_util::TryStreamExt;
use tokio_util::io::{StreamReader, SyncIoBridge};
use trackline_store::Store;

use crate::error::ApiError;
use crate::routes::blocking;

/// Writes the body to `path` of the artifact store as it comes in; one that breaks off leaves nothing.
pub(crate) async fn receive_file(store: Store, path: String, body: Body) -> Result<(), ApiError> {
    let stream = body.into_data_stream().map_err(io::Error::other);
    let mut upload = Upload { body: SyncIoBridge::new(StreamReader::new(stream)), broken: None };
    blocking(move || {
        let stored = store.blobs().put(&mut upload);
        if let Some(cause) = upload.broken {
            return Err(ApiError::bad_request(format!("The upload of '{path}' broke off: {cause}.")));
        }
        Ok(store.put_artifact(&path, &stored?)?)
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
