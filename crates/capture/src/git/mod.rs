//! The state of the git repository that holds a folder: the document `git` of a run.

mod command;
mod untracked;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Variables, redact};
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

const PATIENCE: Duration = Duration::from_secs(10);

/// Git's name for the tree without files, which a repository without commits is compared to.
const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// Asks git about `folder`, for 10 seconds at most. `None` where there is no git, no working tree, or git refuses.
///
/// Nothing is locked, prompted for or fetched, and no diff or text conversion program of the user is run.
pub fn observe(folder: &Path, variables: &Variables) -> Option<Git> {
    observe_within(folder, variables, PATIENCE)
}

fn observe_within(folder: &Path, variables: &Variables, patience: Duration) -> Option<Git> {
    let mut git = Command::new(folder, variables, patience);
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

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn git(folder: &Path, arguments: &[&str]) {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"];
        let mut command = std::process::Command::new("git");
        let status = command.current_dir(folder).args(identity).args(arguments).status().unwrap();
        assert!(status.success(), "git {arguments:?}");
    }

    #[test]
    fn a_git_that_hangs_is_left_behind() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("data.txt");
        std::fs::write(&file, "one\n").unwrap();
        git(folder.path(), &["init", "--quiet", "--initial-branch=main"]);
        git(folder.path(), &["add", "."]);
        git(folder.path(), &["commit", "--quiet", "-m", "Start"]);
        // A clean filter is the one program of the user that git has to run to know whether a file has changed.
        git(folder.path(), &["config", "filter.slow.clean", "sleep 600"]);
        std::fs::write(folder.path().join(".git/info/attributes"), "*.txt filter=slow\n").unwrap();
        std::fs::write(&file, "two\n").unwrap();
        let found = observe_within(folder.path(), &Variables::now(), Duration::from_secs(5)).unwrap();
        assert!(found.commit.is_some());
        assert_eq!((found.dirty, found.diff_truncated), (None, true));
    }
}
