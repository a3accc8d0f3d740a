//! `trackline backup`

use trackline_store::is_database;

use crate::args::BackupArgs;
use crate::failure::Failure;
use crate::number::counted;
use crate::place;

/// Gives what was copied.
pub(crate) fn backup(args: &BackupArgs) -> Result<String, Failure> {
    let place = args.store.clone().or_else(place::from_environment);
    if place.as_deref().is_some_and(is_database) {
        return Err(Failure::usage("a store in PostgreSQL is copied by the means of PostgreSQL")
            .hint("run pg_dump, and then copy the folder or the bucket of its artifacts"));
    }
    let store = place::embedded(args.store.as_deref())?;
    let copied = store.backup(&args.to)?;
    let (from, to) = (store.folder().display(), args.to.display());
    let (blobs, bytes) = (counted(copied.blobs, "new blob"), counted(copied.bytes, "byte"));
    Ok(format!("Copied {from} to {to}: the database and {blobs} ({bytes})\n"))
}
