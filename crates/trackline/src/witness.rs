//! How a program went that this process has started and waits for.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use trackline_journal::ProcessStart;
use trackline_model::{Ending, Exit, ExitKind, RunStatus};

use crate::demise;

/// Looks around before the program starts, and says afterwards how it ended.
#[derive(Debug)]
pub struct Witness(ProcessStart);

impl Witness {
    /// To be called before the program starts.
    pub fn new() -> Self {
        Self(demise::observe())
    }

    /// How a run ends whose program ended so: finished with the exit code 0, failed with another one or by Ctrl-C,
    /// killed by any other signal.
    pub fn ending(&self, status: ExitStatus) -> Ending {
        let (run, kind, reason) = match (status.code(), status.signal()) {
            (Some(0), _) => return RunStatus::Finished.into(),
            (Some(code), _) => (RunStatus::Failed, ExitKind::Exit, format!("exit code {code}")),
            (None, Some(libc::SIGINT)) => (RunStatus::Failed, ExitKind::Signal, signal(libc::SIGINT)),
            (None, Some(libc::SIGKILL)) if demise::memory_ran_out(&self.0) => {
                let reason =
                    "Out of memory: ended by SIGKILL, while the kernel killed a process for want of memory";
                (RunStatus::Killed, ExitKind::Killed, reason.to_owned())
            }
            (None, number) => (RunStatus::Killed, ExitKind::Killed, number.map_or_else(String::new, signal)),
        };
        Ending { status: run, exit: Some(Exit::new(kind, reason)), traceback: None }
    }
}

impl Default for Witness {
    fn default() -> Self {
        Self::new()
    }
}

fn signal(number: i32) -> String {
    let name = match number {
        libc::SIGHUP => "SIGHUP",
        libc::SIGINT => "SIGINT",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGILL => "SIGILL",
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL",
        libc::SIGUSR1 => "SIGUSR1",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGUSR2 => "SIGUSR2",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGTERM => "SIGTERM",
        libc::SIGXCPU => "SIGXCPU",
        _ => return format!("ended by signal {number}"),
    };
    format!("ended by {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(wait_status: i32) -> (RunStatus, Option<String>) {
        let ending = Witness::new().ending(ExitStatus::from_raw(wait_status));
        (ending.status, ending.exit.map(|exit| exit.reason))
    }

    #[test]
    fn codes_and_signals_are_told_apart() {
        assert_eq!(ended(0), (RunStatus::Finished, None));
        assert_eq!(ended(3 << 8), (RunStatus::Failed, Some("exit code 3".to_owned())));
        assert_eq!(ended(libc::SIGINT), (RunStatus::Failed, Some("ended by SIGINT".to_owned())));
        assert_eq!(ended(libc::SIGSEGV), (RunStatus::Killed, Some("ended by SIGSEGV".to_owned())));
        assert_eq!(ended(libc::SIGKILL), (RunStatus::Killed, Some("ended by SIGKILL".to_owned())));
        assert_eq!(ended(64), (RunStatus::Killed, Some("ended by signal 64".to_owned())));
    }
}
