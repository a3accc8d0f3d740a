//! How a process went that ended none of its runs itself: from what it wrote of itself when it began.

use std::path::Path;
use std::{fs, process};

use trackline_journal::{OomKills, ProcessStart};
use trackline_model::{Exit, ExitKind};

/// What a process writes of itself.
pub fn observe() -> ProcessStart {
    ProcessStart {
        pid: process::id(),
        host: host(),
        boot: boot(),
        oom_kills: counters().filter_map(|file| Some(OomKills { count: oom_kills(&file)?, file })).collect(),
    }
}

fn host() -> String {
    line_of("/proc/sys/kernel/hostname").unwrap_or_default()
}

fn boot() -> Option<String> {
    line_of("/proc/sys/kernel/random/boot_id")
}

/// Whether it was a process of this machine, and is none any more.
pub fn is_gone(started: &ProcessStart) -> bool {
    !Path::new(&format!("/proc/{}", started.pid)).exists()
        && started.boot.is_some()
        && started.boot == boot()
        && started.host == host()
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

/// The counters that rise when the kernel kills a process for want of memory: of the control group, and of the machine.
fn counters() -> impl Iterator<Item = String> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    of_groups(&groups).into_iter().chain(["/proc/vmstat".to_owned()])
}

/// Those of the control groups of a process (`cgroups(7)`: a line a hierarchy, `number:controllers:path`). In a container the
/// group may be mounted as the root, whatever its path.
fn of_groups(groups: &str) -> Vec<String> {
    let files = groups.lines().filter_map(|line| {
        let (_, group) = line.split_once(':')?;
        let (controllers, path) = group.split_once(':')?;
        let (root, file) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.events"),
            _ if controllers.split(',').any(|name| name == "memory") => {
                ("/sys/fs/cgroup/memory", "memory.oom_control")
            }
            _ => return None,
        };
        Some([path.trim_end_matches('/'), ""].map(|path| format!("{root}{path}/{file}")))
    });
    let mut files: Vec<_> = files.flatten().collect();
    files.dedup();
    files
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
    fn counters_are_those_of_both_versions_of_control_groups() {
        let unified = of_groups("0::/user.slice/job\n");
        assert_eq!(unified, ["/sys/fs/cgroup/user.slice/job/memory.events", "/sys/fs/cgroup/memory.events"]);
        let old = of_groups("9:cpu,cpuacct:/\n4:memory:/docker/1\n");
        let file = "memory.oom_control";
        assert_eq!(
            old,
            [format!("/sys/fs/cgroup/memory/docker/1/{file}"), format!("/sys/fs/cgroup/memory/{file}")]
        );
        assert_eq!(of_groups("0::/\n"), ["/sys/fs/cgroup/memory.events"]);
        assert!(observe().oom_kills.iter().any(|kills| kills.file == "/proc/vmstat"));
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
