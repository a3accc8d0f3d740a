//! How a process went that ended none of its runs itself: from what it wrote of itself when it began.

use std::{fs, process};

use trackline_journal::{OomKills, ProcessStart};
use trackline_model::{Exit, ExitKind};

/// What a process writes of itself.
pub fn observe() -> ProcessStart {
    ProcessStart {
        pid: process::id(),
        host: line_of("/proc/sys/kernel/hostname").unwrap_or_default(),
        boot: line_of("/proc/sys/kernel/random/boot_id"),
        oom_kills: counters().filter_map(|file| Some(OomKills { count: oom_kills(&file)?, file })).collect(),
    }
}

/// How it went, as far as this process can tell.
pub fn exit_of(started: Option<&ProcessStart>) -> Exit {
    let Some(started) = started else {
        return Exit::new(ExitKind::Killed, "Its process ended without ending the run.");
    };
    let (pid, here) = (started.pid, observe());
    if started.host != here.host {
        let reason = format!("Its process, {pid} on {}, is gone; it did not end the run.", started.host);
        return Exit::new(ExitKind::Lost, reason);
    }
    if started.boot != here.boot {
        let reason = format!("The machine was restarted while its process, {pid}, was at work.");
        return Exit::new(ExitKind::Lost, reason);
    }
    let reason = if memory_ran_out(started) {
        format!(
            "Probably out of memory: its process, {pid}, ended without ending the run, and meanwhile the kernel \
             killed a process for want of memory."
        )
    } else {
        format!(
            "Its process, {pid}, ended without ending the run: it was killed or crashed, or left through `os._exit`."
        )
    };
    Exit::new(ExitKind::Killed, reason)
}

/// Whether the kernel has killed a process for want of memory since then.
pub fn memory_ran_out(since: &ProcessStart) -> bool {
    since.oom_kills.iter().any(|then| oom_kills(&then.file).is_some_and(|now| now > then.count))
}

/// The counters that rise when the kernel kills a process for want of memory: of the control group (version 2), and
/// of the machine.
fn counters() -> impl Iterator<Item = String> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let group = groups.lines().find_map(|line| line.strip_prefix("0::")).map(str::to_owned);
    let of_group = group.map(|path| format!("/sys/fs/cgroup{}/memory.events", path.trim_end_matches('/')));
    of_group.into_iter().chain(["/proc/vmstat".to_owned()])
}

fn oom_kills(file: &str) -> Option<u64> {
    let counts = fs::read_to_string(file).ok()?;
    counts.lines().find_map(|line| line.strip_prefix("oom_kill "))?.trim().parse().ok()
}

fn line_of(file: &str) -> Option<String> {
    fs::read_to_string(file).ok().map(|text| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(change: impl FnOnce(&mut ProcessStart)) -> (ExitKind, String) {
        let mut started = observe();
        change(&mut started);
        let exit = exit_of(Some(&started));
        (exit.kind, exit.reason)
    }

    #[test]
    fn what_is_known_is_said_and_no_more() {
        let (kind, text) = reason(|_| ());
        assert!(kind == ExitKind::Killed && !text.contains("memory"), "{text}");
        let (kind, text) = reason(|started| started.host = "elsewhere".to_owned());
        assert!(kind == ExitKind::Lost && text.contains("on elsewhere"), "{text}");
        let (kind, text) = reason(|started| started.boot = Some("before".to_owned()));
        assert!(kind == ExitKind::Lost && text.contains("restarted"), "{text}");
    }

    #[test]
    fn a_counter_that_rose_makes_want_of_memory_probable() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("memory.events");
        fs::write(&file, "low 0\noom 2\noom_kill 3\noom_group_kill 0\n").unwrap();
        let file = file.to_str().unwrap().to_owned();
        let counted = |count| OomKills { file: file.clone(), count };
        let (_, same) = reason(|started| started.oom_kills = vec![counted(3)]);
        assert!(!same.contains("memory"), "{same}");
        let (kind, risen) = reason(|started| started.oom_kills = vec![counted(2)]);
        assert!(kind == ExitKind::Killed && risen.starts_with("Probably out of memory"), "{risen}");
    }
}
