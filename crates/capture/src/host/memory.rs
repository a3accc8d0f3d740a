//! Memory limits of control groups: <https://docs.kernel.org/admin-guide/cgroup-v2.html>.

use std::fs;
use std::path::{Path, PathBuf};

/// The tightest limit that holds for this process.
pub(crate) struct Limit {
    pub(crate) bytes: u64,
    /// The control group that it is set for.
    pub(crate) group: PathBuf,
    /// The file in `group` that tells how much its processes use.
    pub(crate) usage: &'static str,
}

/// The limit of this process's control groups, if they have one. It may be above what the machine has.
pub(crate) fn limit() -> Option<Limit> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    groups.lines().filter_map(limit_of).min_by_key(|limit| limit.bytes)
}

/// The lesser of the machine's memory and the limits of this process's control groups.
pub(super) fn usable(physical: u64) -> u64 {
    limit().map_or(physical, |limit| limit.bytes.min(physical))
}

/// The limit of one line of `/proc/self/cgroup`: `0::/user.slice` (version 2) or `7:memory:/docker/…` (version 1).
fn limit_of(line: &str) -> Option<Limit> {
    let mut fields = line.splitn(3, ':').skip(1);
    let (controllers, group) = (fields.next()?, fields.next()?.trim_start_matches('/'));
    let (mount, file, usage) = match controllers {
        "" => ("/sys/fs/cgroup", "memory.max", "memory.current"),
        _ if controllers.split(',').any(|name| name == "memory") => {
            ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes")
        }
        _ => return None,
    };
    // In a container the group's path may be the host's; its own limit then lies at the mount point. A limit further
    // up holds for everything below it.
    let mount = Path::new(mount);
    let groups = mount.join(group);
    let upwards = groups.ancestors().take_while(|folder| folder.starts_with(mount));
    let limits = upwards.filter_map(|folder| {
        let bytes = fs::read_to_string(folder.join(file)).ok()?.trim().parse().ok()?;
        Some(Limit { bytes, group: folder.to_owned(), usage })
    });
    limits.min_by_key(|limit| limit.bytes)
}
