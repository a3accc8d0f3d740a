//! The state of the git repository that holds a folder: the document `git` of a run.

mod command;
mod untracked;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::redact;
use command::Git as Command;

/// What `git` says about a working tree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Git {
    /// The top folder of the working tree.
    pub root: String,
    /// The commit that is checked out, in hex; `None` before the first commit.
    pub commit: Option<String>,
    /// The branch; `None` when no branch is checked out.
    pub branch: Option<String>,
    /// The URL of `origin`, or of the first remote there is; without credentials.
    pub remote: Option<String>,
    /// Whether the working tree differs from the commit, untracked files included; `None` when git took too long.
    pub dirty: Option<bool>,
    /// What differs, as a patch, small untracked text files included; secrets redacted.
    pub diff: String,
    /// Whether `diff` lacks something: it was cut at [`MAX_DIFF_BYTES`], or git took too long.
    pub diff_truncated: bool,
}

/// The longest diff that is kept.
pub const MAX_DIFF_BYTES: usize = 1 << 20;

/// Git's name for the tree without files, which a repository without commits is compared to.
const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// Asks git about `folder`, for 10 seconds at most. `None` where there is no git, no working tree, or git refuses.
///
/// Nothing is locked, prompted for or fetched, and no diff or text conversion program of the user is run.
pub fn observe(folder: &Path) -> Option<Git> {
    let mut git = Command::new(folder);
    let root = git.line(&["rev-parse", "--show-toplevel"])?;
    git.enter(PathBuf::from(&root));
    let commit = git.line(&["rev-parse", "--quiet", "--verify", "HEAD"]);
    let branch = git.line(&["symbolic-ref", "--quiet", "--short", "HEAD"]);
    let remote = remote(&git);
    let status = git.output(&["status", "--porcelain", "-z", "--untracked-files=all"], 4 * MAX_DIFF_BYTES);
    let dirty = status.as_ref().map(|status| !status.text.is_empty());
    let (diff, diff_truncated) = match &status {
        Some(status) if dirty == Some(true) => diff(&git, commit.as_deref(), Path::new(&root), &status.text),
        Some(_) => (String::new(), false),
        None => (String::new(), true),
    };
    Some(Git { root, commit, branch, remote, dirty, diff, diff_truncated })
}

fn remote(git: &Command) -> Option<String> {
    let found = git.output(&["config", "--get-regexp", r"^remote\..*\.url$"], 64 * 1024)?.text;
    let mut lines = found.lines().filter_map(|line| line.split_once(' '));
    let first = lines.clone().next();
    let (_, url) = lines.find(|(key, _)| *key == "remote.origin.url").or(first)?;
    Some(redact::url(url))
}

/// The patch from the commit to the working tree and whether it lacks something.
fn diff(git: &Command, commit: Option<&str>, root: &Path, status: &str) -> (String, bool) {
    let arguments = [
        "diff",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--src-prefix=a/",
        "--dst-prefix=b/",
        commit.unwrap_or(EMPTY_TREE),
    ];
    let Some(tracked) = git.output(&arguments, MAX_DIFF_BYTES) else { return (String::new(), true) };
    let (mut text, mut truncated) = (tracked.text, tracked.cut);
    for path in status.split('\0').filter_map(|entry| entry.strip_prefix("?? ")) {
        let Some(patch) = untracked::patch(root, path) else { continue };
        if text.len() + patch.len() > MAX_DIFF_BYTES {
            truncated = true;
            break;
        }
        text.push_str(&patch);
    }
    if truncated {
        text.truncate(text.rfind('\n').map_or(0, |end| end + 1));
    }
    (redact::text(&text), truncated)
}
