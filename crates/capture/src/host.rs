//! The machine, as this process may use it.

use serde::{Deserialize, Serialize};

/// The processor.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cpu {
    /// The model as the processor names itself.
    pub model: String,
    /// Cores this process may use: its affinity and its control group's quota count.
    pub cores: usize,
}

/// A file system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// Its size.
    pub total_bytes: u64,
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
    /// Memory this process may use.
    pub memory_bytes: u64,
    /// The file system of the working directory.
    pub disk: Option<Disk>,
}

/// Reads the machine.
pub fn observe() -> Host {
    Host::default()
}
