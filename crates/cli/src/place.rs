//! Which store a command works on.

use std::env;
use std::path::Path;

use trackline::{Backend, ErrorKind};
use trackline_store::{Artifacts, Bucket, Location, Store, is_bucket, is_database};

use crate::args::{PlaceArgs, StoreArgs};
use crate::failure::Failure;

/// What is to be served, whether it exists or not.
pub(crate) fn location(args: &StoreArgs) -> Result<Location, Failure> {
    let given = args.store.clone().or_else(from_environment);
    if let Some(uri) = given.filter(|uri| is_database(uri)) {
        let artifacts = match args.artifacts.as_deref() {
            Some(address) if is_bucket(address) => Bucket::of_environment(address).into(),
            Some(address) if address.contains("://") && !address.starts_with("file://") => {
                return Err(Failure::usage(format!("artifacts cannot be kept at {address}"))
                    .hint("give a folder, or a bucket: s3://NAME/PREFIX, gs://…, az://…, wasbs://…"));
            }
            Some(folder) => Artifacts::Folder(folder.trim_start_matches("file://").into()),
            // The empty address is none at all, wherever that of the database came from.
            None => Artifacts::Folder(trackline::locate(Some(""))?.join("blobs")),
        };
        return Ok(Location::Database { uri, artifacts });
    }
    if args.artifacts.is_some() {
        return Err(misplaced());
    }
    Ok(Location::Folder(trackline::locate(args.store.as_deref())?))
}

fn misplaced() -> Failure {
    Failure::usage("--artifacts goes with a database: a folder keeps its artifacts itself")
        .hint("leave it out, or give a database: --store postgresql://USER:PASSWORD@HOST/NAME")
}

/// The store that is meant if none is given.
pub(crate) fn from_environment() -> Option<String> {
    ["TRACKLINE_URI", "MLFLOW_TRACKING_URI"].into_iter().find_map(|name| env::var(name).ok())
}

/// The server, or the store, which must be there already: reading commands make nothing.
pub(crate) fn existing(args: &PlaceArgs) -> Result<Backend, Failure> {
    let store = args.store.clone().or_else(from_environment);
    if store.as_deref().is_some_and(is_database) {
        let there = StoreArgs { store, artifacts: args.artifacts.clone() };
        let Location::Database { uri, artifacts } = location(&there)? else { return Err(misplaced()) };
        return Ok(Backend::Store(Store::connect_existing(&uri, artifacts)?));
    }
    if args.artifacts.is_some() {
        return Err(misplaced());
    }
    let folder = match trackline::locate(args.store.as_deref()) {
        Ok(folder) => folder,
        // Only the folder of a server's spool is none.
        Err(error) if error.kind == ErrorKind::Unsupported => return Ok(Backend::at(args.store.as_deref())?),
        Err(error) => return Err(error.into()),
    };
    Ok(Backend::Store(opened(&folder)?))
}

/// The store in a folder, which must be there already.
pub(crate) fn embedded(folder: Option<&str>) -> Result<Store, Failure> {
    opened(&trackline::locate(folder)?)
}

fn opened(folder: &Path) -> Result<Store, Failure> {
    if !is_store(folder) {
        return Err(Failure::new(format!("there is no store at {}", folder.display()))
            .hint("go to the folder of your project, give --store, or record a first run"));
    }
    let store = Store::open(folder)?;
    // What a killed process left in its journal belongs to the store too.
    for problem in trackline::recover(&store)? {
        eprintln!("warning: {problem}");
    }
    Ok(store)
}

pub(crate) fn is_store(folder: &Path) -> bool {
    folder.join("trackline.db").exists() || folder.join("journals").exists()
}
