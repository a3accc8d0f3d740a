//! Running `git` without ever waiting for it too long.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::Variables;

/// A question asked of git needs a line; longer answers say their own bound.
const LINE_BYTES: usize = 64 * 1024;

/// Asks questions about one folder until the time is up.
pub(super) struct Git {
    folder: PathBuf,
    variables: Variables,
    deadline: Instant,
}

/// What git printed.
pub(super) struct Output {
    pub(super) text: String,
    /// Whether it printed more than was asked for.
    pub(super) cut: bool,
}

impl Git {
    /// All questions together may take as long as `patience`.
    pub(super) fn new(folder: &Path, variables: &Variables, patience: Duration) -> Self {
        let (folder, variables) = (folder.to_owned(), variables.clone());
        Self { folder, variables, deadline: Instant::now() + patience }
    }

    pub(super) fn enter(&mut self, folder: PathBuf) {
        self.folder = folder;
    }

    /// The one line that git answers with.
    pub(super) fn line(&self, arguments: &[&str]) -> Option<String> {
        let text = self.output(arguments, LINE_BYTES)?.text;
        let line = text.trim_end_matches(['\n', '\r']);
        (!line.is_empty()).then(|| line.to_owned())
    }

    /// At most `limit` bytes of what git prints; `None` when it fails, or has not finished in time.
    pub(super) fn output(&self, arguments: &[&str], limit: usize) -> Option<Output> {
        let mut child = self.spawn(arguments)?;
        let mut stdout = child.stdout.take()?;
        let (send, receive) = mpsc::channel();
        let reader = thread::Builder::new().name("trackline-git".to_owned()).spawn(move || {
            let mut bytes = Vec::new();
            let read = stdout.by_ref().take(limit as u64 + 1).read_to_end(&mut bytes);
            let _ = send.send(read.map(|_| bytes));
        });
        let left = self.deadline.saturating_duration_since(Instant::now());
        let bytes = reader.ok().and_then(|_| receive.recv_timeout(left).ok()?.ok());
        let Some(mut bytes) = bytes else {
            end(&mut child);
            return None;
        };
        let cut = bytes.len() > limit;
        if cut {
            bytes.truncate(limit);
            end(&mut child);
        } else if !self.succeeds(&mut child) {
            return None;
        }
        Some(Output { text: String::from_utf8_lossy(&bytes).into_owned(), cut })
    }

    fn spawn(&self, arguments: &[&str]) -> Option<Child> {
        let mut command = Command::new(self.variables.program("git")?);
        command.env_clear().envs(self.variables.iter());
        // A file system monitor or a repository named by the environment is not what is asked about.
        command.args([
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.quotePath=false",
            "-c",
            "diff.relative=false",
        ]);
        command.args(arguments).current_dir(&self.folder);
        command.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
        command.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Its own process group: Ctrl-C is for the user's program, and what git starts can be ended with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.spawn().ok()
    }

    /// Whether the child ends well before the time is up; it has closed its output already.
    fn succeeds(&self, child: &mut Child) -> bool {
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return status.success(),
                Ok(None) if Instant::now() < self.deadline => thread::sleep(Duration::from_micros(200)),
                _ => {
                    end(child);
                    return false;
                }
            }
        }
    }
}

/// Ends the child, and on Unix all that it started, and waits for it.
fn end(child: &mut Child) {
    #[cfg(unix)]
    {
        let group = -(child.id() as libc::pid_t);
        // SAFETY: `kill` touches no memory; the child is not yet waited for, so its id still names its own group.
        #[allow(unsafe_code)]
        unsafe {
            libc::kill(group, libc::SIGKILL);
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}
