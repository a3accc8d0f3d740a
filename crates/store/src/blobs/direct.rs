use std::time::Duration;

use super::Blob;
use crate::Result;

/// How clients reach the bytes without this process: by addresses that are signed for a time.
pub trait Direct: Send + Sync {
    /// Whether clients should be told of it: the place is one that any of them reaches.
    fn is_public(&self) -> bool;

    /// Where a blob can be fetched, whole or by ranges; a browser saves it under this name.
    ///
    /// # Errors
    /// `NotFound`; `Denied` and `Unavailable` where it takes a request to sign.
    fn link(&self, digest: &str, name: &str, lifetime: Duration) -> Result<String>;

    /// Begins an upload in so many parts, at most 10,000.
    fn begin(&self, parts: u32, lifetime: Duration) -> Result<DirectUpload>;

    /// Makes a blob of the parts of an upload, by the `ETag` that each was answered with, in their order; Azure answers
    /// with none.
    ///
    /// # Errors
    /// `Invalid` for parts that are not there or have no `ETag` where they need one, `NotFound` for an upload that is none.
    fn finish(&self, id: &str, etags: Vec<String>) -> Result<Blob>;

    /// Gives an upload up.
    fn abort(&self, id: &str) -> Result<()>;
}

/// An upload past this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectUpload {
    /// What names it in later calls.
    pub id: String,
    /// Where each part is to be put, in order.
    pub urls: Vec<String>,
}
