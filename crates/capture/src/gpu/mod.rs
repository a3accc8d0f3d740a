//! NVIDIA devices, asked of the driver's own library (NVML) where it is installed.

#[cfg(target_os = "linux")]
mod nvml;

#[cfg(target_os = "linux")]
pub(crate) use nvml::Devices;

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
    /// The newest CUDA version that the driver serves: `12.4`.
    pub cuda: String,
}

/// The devices of this machine; empty without a driver. Only Linux is asked.
///
/// This takes milliseconds without a driver and may take a second with many devices, so call it beside the user's
/// thread. It creates no CUDA context and takes no device memory.
pub fn list() -> Vec<Gpu> {
    #[cfg(target_os = "linux")]
    return nvml::list().unwrap_or_default();
    #[cfg(not(target_os = "linux"))]
    Vec::new()
}
