//! The command that keeps the run which the processes below it have joined: `trackline run`.

use std::env;
use std::fs::File;
use std::path::Path;
use std::process;

/// A folder of the command, which has it locked while it lives.
const FOLDER: &str = "TRACKLINE_MAIL";
/// The process that the others below the command were started by, if one has said that it is.
const FIRST: &str = "TRACKLINE_PROCESS";

/// Keeps the runs of the processes below, as long as this lives.
#[derive(Debug)]
pub struct Keeper(#[allow(dead_code, reason = "holds the lock")] File);

impl Keeper {
    /// With a folder that those processes know. None where it cannot be locked: then they leave the run to the command.
    pub fn of(folder: &Path) -> Option<Self> {
        let lock = File::open(folder).ok()?;
        lock.try_lock().ok()?;
        Some(Self(lock))
    }
}

/// Whether the run is left to this process: the command is gone without having ended it, and no other process below the
/// command started this one.
pub fn is_gone() -> bool {
    let first = env::var(FIRST).map_or(true, |first| first == process::id().to_string());
    first && env::var_os(FOLDER).is_some_and(|folder| is_unlocked(Path::new(&folder)))
}

/// False also where nobody can tell, as on another machine.
fn is_unlocked(folder: &Path) -> bool {
    // Shared: another process may be looking too.
    File::open(folder).is_ok_and(|lock| lock.try_lock_shared().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keeper_is_there_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let keeper = Keeper::of(folder.path()).unwrap();
        assert!(!is_unlocked(folder.path()));
        drop(keeper);
        assert!(is_unlocked(folder.path()));
        assert!(!is_unlocked(&folder.path().join("elsewhere")));
    }
}
