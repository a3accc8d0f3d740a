//! The document `environment` of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::gpu::{self, Gpu};
use crate::host::{self, Cpu, Disk};
use crate::packages::Package;
use crate::{Variables, redact};

/// Where and with what a process runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// The interpreter; `None` in a process without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub python: Option<Python>,
    /// The operating system as people call it: `Debian GNU/Linux 12 (bookworm)`.
    pub os: String,
    /// The kernel release: `Linux 6.1.0`.
    pub kernel: String,
    /// The name of the machine.
    pub hostname: String,
    /// The processor.
    pub cpu: Cpu,
    /// Memory this process may use, in bytes.
    pub memory_bytes: u64,
    /// The file system of the working directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk: Option<Disk>,
    /// NVIDIA devices.
    pub gpus: Vec<Gpu>,
    /// Installed distributions, by name.
    pub packages: Vec<Package>,
    /// The command line, redacted.
    pub argv: Vec<String>,
    /// The environment variables that say how a program was started, redacted.
    pub variables: BTreeMap<String, String>,
}

/// The running interpreter: what only it can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Python {
    /// `3.11.7`
    pub version: String,
    /// `CPython`
    pub implementation: String,
    /// The path of the interpreter.
    pub executable: String,
}

impl Environment {
    /// Looks around: machine and devices are read here, the rest is passed in. `argv` and `variables` are redacted.
    pub fn observe(
        python: Option<Python>,
        packages: Vec<Package>,
        argv: &[String],
        variables: &Variables,
    ) -> Self {
        let host = host::observe();
        Self {
            python,
            os: host.os,
            kernel: host.kernel,
            hostname: host.hostname,
            cpu: host.cpu,
            memory_bytes: host.memory_bytes,
            disk: host.disk,
            gpus: gpu::list(),
            packages,
            argv: redact::arguments(argv),
            variables: redact::selected_variables(
                variables.iter().map(|(name, value)| (name.to_owned(), value.to_owned())),
            ),
        }
    }
}
