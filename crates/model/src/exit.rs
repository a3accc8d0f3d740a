use serde::{Deserialize, Serialize};

use crate::{RunStatus, Tag};

/// The tag that says in a word how a run ended that did not end well: an [`ExitKind`].
pub const EXIT_TAG: &str = "trackline.exit";
/// The tag that says the same in a sentence.
pub const EXIT_REASON_TAG: &str = "trackline.exit_reason";
/// The kind of the document that holds the traceback, as text.
pub const TRACEBACK_DOCUMENT: &str = "traceback";

/// How a run ended that did not end well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExitKind {
    /// An exception or a panic left the run, or ended its program.
    Exception,
    /// A signal that the program saw, as Ctrl-C is.
    Signal,
    /// The program ended with an exit code other than 0.
    Exit,
    /// The process ended before it could end the run.
    Killed,
    /// The machine is gone, or the program let go of the run: what became of it is not known.
    Lost,
}

impl ExitKind {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exception => "exception",
            Self::Signal => "signal",
            Self::Exit => "exit",
            Self::Killed => "killed",
            Self::Lost => "lost",
        }
    }
}

/// Why a run did not end well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// In a word.
    pub kind: ExitKind,
    /// In a sentence for a person.
    pub reason: String,
}

impl Exit {
    /// Of this kind, for this reason.
    pub fn new(kind: ExitKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into() }
    }

    /// The tags in which a run keeps it.
    pub fn tags(&self) -> [Tag; 2] {
        [(EXIT_TAG, self.kind.as_str()), (EXIT_REASON_TAG, &self.reason)]
            .map(|(key, value)| Tag { key: key.to_owned(), value: value.to_owned() })
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// How it stands from now on.
    pub status: RunStatus,
    /// Why, if it did not end well and that is known.
    pub exit: Option<Exit>,
    /// The traceback of the exception that ended it.
    pub traceback: Option<String>,
}

impl From<RunStatus> for Ending {
    fn from(status: RunStatus) -> Self {
        Self { status, exit: None, traceback: None }
    }
}
