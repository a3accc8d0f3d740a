//! This process and its descendants.

use std::fmt::Write;
use std::fs::{self, File};

use super::proc_file::fill;
use crate::host::unix;

/// Reads them all; what a process used that has ended is its parent's, once the parent has waited for it.
pub(super) struct Tree {
    pids: Vec<u32>,
    path: String,
    content: Vec<u8>,
    page_bytes: u64,
    ticks_per_second: f64,
}

/// What the processes used together, times and storage since they began.
#[derive(Debug, Default)]
pub(super) struct Usage {
    pub(super) cpu_seconds: f64,
    pub(super) resident_bytes: u64,
    pub(super) read_bytes: u64,
    pub(super) written_bytes: u64,
}

impl Tree {
    pub(super) fn new() -> Self {
        Self {
            pids: Vec::new(),
            path: String::new(),
            content: Vec::new(),
            page_bytes: unix::page_bytes(),
            ticks_per_second: unix::ticks_per_second().max(1) as f64,
        }
    }

    /// The processes of the last reading, this one first.
    pub(super) fn pids(&self) -> &[u32] {
        &self.pids
    }

    pub(super) fn usage(&mut self) -> Usage {
        let mut usage = Usage::default();
        self.pids.clear();
        self.pids.push(std::process::id());
        let mut at = 0;
        while let Some(pid) = self.pids.get(at).copied() {
            at += 1;
            // A process that ended meanwhile has nothing to read.
            let Some(threads) = self.add_stat(pid, &mut usage) else { continue };
            self.add_storage(pid, &mut usage);
            self.add_children(pid, threads);
        }
        usage
    }

    /// Says how many threads the process has.
    fn add_stat(&mut self, pid: u32, usage: &mut Usage) -> Option<u64> {
        let (ticks, page) = (self.ticks_per_second, self.page_bytes);
        let stat = Stat::parse(self.read(format_args!("/proc/{pid}/stat"))?)?;
        usage.cpu_seconds += stat.ticks as f64 / ticks;
        usage.resident_bytes += stat.resident_pages * page;
        Some(stat.threads)
    }

    /// Another user's process does not tell.
    fn add_storage(&mut self, pid: u32, usage: &mut Usage) {
        for line in self.read(format_args!("/proc/{pid}/io")).unwrap_or_default().lines() {
            match line.split_once(": ") {
                Some(("read_bytes", bytes)) => usage.read_bytes += bytes.parse().unwrap_or(0),
                Some(("write_bytes", bytes)) => usage.written_bytes += bytes.parse().unwrap_or(0),
                _ => {}
            }
        }
    }

    /// The kernel lists the children of each thread (where it was built to; else this process stands alone).
    fn add_children(&mut self, pid: u32, threads: u64) {
        if threads <= 1 {
            return self.add_children_of_thread(pid, pid);
        }
        let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else { return };
        for task in tasks.flatten() {
            if let Some(thread) = task.file_name().to_str().and_then(|name| name.parse().ok()) {
                self.add_children_of_thread(pid, thread);
            }
        }
    }

    fn add_children_of_thread(&mut self, pid: u32, thread: u32) {
        let mut pids = std::mem::take(&mut self.pids);
        let children = self.read(format_args!("/proc/{pid}/task/{thread}/children")).unwrap_or_default();
        pids.extend(children.split_ascii_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        self.pids = pids;
    }

    fn read(&mut self, path: std::fmt::Arguments<'_>) -> Option<&str> {
        self.path.clear();
        self.path.write_fmt(path).ok()?;
        fill(&mut File::open(&self.path).ok()?, &mut self.content)
    }
}

/// What is needed of `/proc/<pid>/stat`: <https://docs.kernel.org/filesystems/proc.html>.
#[derive(Debug, PartialEq)]
struct Stat {
    /// User and system, with those of children that have been waited for.
    ticks: u64,
    threads: u64,
    resident_pages: u64,
}

impl Stat {
    fn parse(stat: &str) -> Option<Self> {
        // The name of the program, in parentheses, may hold anything. The first field after it is the third.
        let mut fields = stat[stat.rfind(')')? + 1..].split_ascii_whitespace().skip(14 - 3);
        let mut next = || fields.next()?.parse::<i64>().ok().map(|number| number.max(0).unsigned_abs());
        let ticks = next()? + next()? + next()? + next()?;
        let (_priority, _nice, threads) = (next()?, next()?, next()?);
        let (_alarm, _started, _virtual) = (next()?, next()?, next()?);
        Some(Self { ticks, threads, resident_pages: next()? })
    }
}

#[cfg(test)]
mod tests {
    use super::Stat;

    #[test]
    fn the_name_of_a_program_may_look_like_fields() {
        let stat = "77 (a) R 9 (b)) S 1 77 77 0 -1 4194560 900 8 7 6 11 12 13 14 20 0 5 0 999 1048576 64 \
                    18446744073709551615 1 1 0\n";
        assert_eq!(Stat::parse(stat), Some(Stat { ticks: 50, threads: 5, resident_pages: 64 }));
    }
}
