//! Which store a command works on.

use std::path::{Path, PathBuf};

use trackline::{Backend, ErrorKind};
use trackline_store::Store;

use crate::args::{PlaceArgs, StoreArgs};
use crate::failure::Failure;

/// The store's folder, whether it exists or not.
pub(crate) fn folder(args: &StoreArgs) -> Result<PathBuf, Failure> {
    Ok(trackline::locate(args.store.as_deref())?)
}

/// The server, or the store, which must be there already: reading commands make nothing.
pub(crate) fn existing(args: &PlaceArgs) -> Result<Backend, Failure> {
    let folder = match trackline::locate(args.store.as_deref()) {
        Ok(folder) => folder,
        // Only the folder of a server's spool is none.
        Err(error) if error.kind == ErrorKind::Unsupported => return Ok(Backend::at(args.store.as_deref())?),
        Err(error) => return Err(error.into()),
    };
    if !is_store(&folder) {
        return Err(Failure::new(format!("there is no store at {}", folder.display()))
            .hint("go to the folder of your project, give --store, or record a first run"));
    }
    let store = Store::open(&folder)?;
    // What a killed process left in its journal belongs to the answer too.
    for problem in trackline::recover(&store)? {
        eprintln!("warning: {problem}");
    }
    Ok(Backend::Store(store))
}

pub(crate) fn is_store(folder: &Path) -> bool {
    folder.join("trackline.db").exists() || folder.join("journals").exists()
}
