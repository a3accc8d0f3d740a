//! Which store a command works on.

use std::path::{Path, PathBuf};

use trackline_store::Store;

use crate::args::StoreArgs;
use crate::failure::Failure;

/// The store's folder, whether it exists or not.
pub(crate) fn folder(args: &StoreArgs) -> Result<PathBuf, Failure> {
    Ok(trackline::locate(args.store.as_deref())?)
}

/// The store, which must be there already: reading commands make nothing.
pub(crate) fn existing(args: &StoreArgs) -> Result<Store, Failure> {
    let folder = folder(args)?;
    if !is_store(&folder) {
        return Err(Failure::new(format!("there is no store at {}", folder.display()))
            .hint("go to the folder of your project, give --store, or record a first run"));
    }
    let store = Store::open(&folder)?;
    // What a killed process left in its journal belongs to the answer too.
    for problem in trackline::recover(&store)? {
        eprintln!("warning: {problem}");
    }
    Ok(store)
}

pub(crate) fn is_store(folder: &Path) -> bool {
    folder.join("trackline.db").exists() || folder.join("journals").exists()
}
