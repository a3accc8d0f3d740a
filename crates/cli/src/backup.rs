//! `trackline backup`

use crate::args::BackupArgs;
use crate::failure::Failure;
use crate::number::counted;
use crate::place;

/// Gives what was copied.
pub(crate) fn backup(args: &BackupArgs) -> Result<String, Failure> {
    let store = place::embedded(args.store.as_deref())?;
    let copied = store.backup(&args.to)?;
    let (from, to) = (store.folder().display(), args.to.display());
    let (blobs, bytes) = (counted(copied.blobs, "new blob"), counted(copied.bytes, "byte"));
    Ok(format!("Copied {from} to {to}: the database and {blobs} ({bytes})\n"))
}
