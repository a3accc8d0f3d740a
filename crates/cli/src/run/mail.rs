//! What the processes of the program tell the command: how the run or the interpreter ended, which it alone knows.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use serde::Deserialize;
use trackline::{Ending, Exit, ExitKind, Keeper, RunStatus, Witness};

/// A folder; `python/trackline/_joined.py` writes into it.
pub(super) struct Mail {
    folder: PathBuf,
    /// Its lock shows the processes that somebody reads what they write there.
    _keeper: Option<Keeper>,
}

#[derive(Deserialize)]
struct Letter {
    status: RunStatus,
    exit: Option<Exit>,
    traceback: Option<String>,
}

impl Mail {
    pub(super) fn below(folder: &Path) -> Option<Self> {
        let folder = folder.join("mail");
        fs::create_dir(&folder).ok()?;
        let _keeper = Keeper::of(&folder);
        Some(Self { folder, _keeper })
    }

    pub(super) fn environment(&self) -> [(&'static str, OsString); 1] {
        [("TRACKLINE_MAIL", self.folder.clone().into_os_string())]
    }

    /// Whether a process has claimed to be the one that tells something.
    pub(super) fn is_claimed(&self, what: &str) -> bool {
        self.folder.join(what).exists()
    }

    /// How the run ends: as the exit of the program says, and for the reason that the program has told. A run that the
    /// script itself ended badly has ended badly, even if the program went on well.
    pub(super) fn ending(&self, status: ExitStatus, witness: &Witness) -> Ending {
        let seen = witness.ending(status);
        let told = match &seen.exit {
            None => self.read("ended"),
            Some(exit) if exit.kind == ExitKind::Killed => None,
            Some(_) => self.read("failed").or_else(|| self.read("ended").filter(|told| told.exit.is_some())),
        };
        told.unwrap_or(seen)
    }

    /// What tracking has cost the processes.
    pub(super) fn spent(&self) -> Duration {
        let letters = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let spent = letters.filter(|letter| letter.file_name().to_string_lossy().starts_with("spent-"));
        let seconds = spent.filter_map(|letter| fs::read_to_string(letter.path()).ok()?.parse().ok());
        seconds.filter_map(|seconds| Duration::try_from_secs_f64(seconds).ok()).sum()
    }

    /// Why a Python below could not join the run.
    pub(super) fn trouble(&self) -> Option<String> {
        fs::read_to_string(self.folder.join("trouble")).ok()
    }

    fn read(&self, what: &str) -> Option<Ending> {
        let letter: Letter = serde_json::from_slice(&fs::read(self.folder.join(what)).ok()?).ok()?;
        Some(Ending { status: letter.status, exit: letter.exit, traceback: letter.traceback })
    }
}
