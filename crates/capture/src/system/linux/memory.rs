use super::proc_file::ProcFile;
use crate::host::memory;

/// The machine's memory, or that of a control group with less.
pub(super) struct Memory {
    meminfo: ProcFile,
    group: Option<Group>,
}

struct Group {
    limit: u64,
    usage: ProcFile,
    stat: ProcFile,
}

/// Of memory.
pub(super) struct Bytes {
    pub(super) used: u64,
    pub(super) total: u64,
}

impl Memory {
    pub(super) fn open() -> Option<Self> {
        let mut meminfo = ProcFile::open("/proc/meminfo")?;
        let machine = machine(meminfo.read()?)?;
        let limit = memory::limit().filter(|limit| limit.bytes < machine.total);
        let group = limit.and_then(|limit| {
            let usage = ProcFile::open(limit.group.join(limit.usage))?;
            Some(Group { limit: limit.bytes, usage, stat: ProcFile::open(limit.group.join("memory.stat"))? })
        });
        Some(Self { meminfo, group })
    }

    pub(super) fn bytes(&mut self) -> Option<Bytes> {
        match &mut self.group {
            Some(group) => group.bytes(),
            None => machine(self.meminfo.read()?),
        }
    }
}

impl Group {
    /// Without what the kernel holds of files and gives back when it is wanted.
    fn bytes(&mut self) -> Option<Bytes> {
        let charged: u64 = self.usage.read()?.trim().parse().ok()?;
        let stat = self.stat.read()?;
        // The first name is that of version 1, where the other one leaves out what is further down.
        let held = field(stat, "total_inactive_file ").or_else(|| field(stat, "inactive_file "))?;
        Some(Bytes { used: charged.saturating_sub(held), total: self.limit })
    }
}

fn machine(meminfo: &str) -> Option<Bytes> {
    let bytes = |name| Some(field(meminfo, name)? * 1024);
    let total = bytes("MemTotal:")?;
    Some(Bytes { used: total.saturating_sub(bytes("MemAvailable:")?), total })
}

/// The number after a name at the beginning of a line.
fn field(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_ascii_whitespace().next()?.parse().ok()
}
