//! The machine, as this process may use it.

pub(crate) mod memory;
#[cfg(unix)]
pub(crate) mod unix;

use std::fs;

use serde::{Deserialize, Serialize};

/// The processor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cpu {
    /// The model as the processor names itself; its architecture where it does not.
    pub model: String,
    /// Cores this process may use: its affinity and its control group's quota count.
    pub cores: usize,
}

/// A file system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// Its size.
    pub total_bytes: u64,
    /// What is filled; some file systems keep a part back, so that this and the next are less than the whole.
    #[serde(default)]
    pub used_bytes: u64,
    /// What this user may still fill.
    pub free_bytes: u64,
}

/// What [`observe`] found; a text that cannot be read is empty, a number 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Host {
    /// The operating system as people call it.
    pub os: String,
    /// The kernel and its release.
    pub kernel: String,
    /// The name of the machine.
    pub hostname: String,
    /// The processor.
    pub cpu: Cpu,
    /// Memory this process may use: its control group's limit counts.
    pub memory_bytes: u64,
    /// The file system of the working directory.
    pub disk: Option<Disk>,
}

/// Reads the machine. The working directory's disk, the kernel and the memory are known on Unix only.
pub fn observe() -> Host {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let host = Host {
        os: os_name().unwrap_or_else(|| std::env::consts::OS.to_owned()),
        cpu: Cpu { model: cpu_model().unwrap_or_else(|| std::env::consts::ARCH.to_owned()), cores },
        ..Host::default()
    };
    #[cfg(unix)]
    let host = unix::complete(host);
    host
}

/// `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"` of <https://www.freedesktop.org/software/systemd/man/os-release.html>.
fn os_name() -> Option<String> {
    let release = fs::read_to_string("/etc/os-release").ok()?;
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="))?;
    Some(name.trim_matches(['"', '\'']).to_owned())
}

fn cpu_model() -> Option<String> {
    let info = fs::read_to_string("/proc/cpuinfo").ok()?;
    let (_, model) = info.lines().find(|line| line.starts_with("model name"))?.split_once(':')?;
    Some(model.trim().to_owned())
}
