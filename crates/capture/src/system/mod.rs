//! What the machine and the processes of this program are doing: the `system/…` metrics.
//!
//! | Key, after `system/` | What |
//! |---|---|
//! | `cpu_utilization_percentage` | all processors of the machine |
//! | `system_memory_usage_megabytes`, `…_percentage` | of the machine; of the control group if that has a limit below it |
//! | `disk_usage_percentage`, `disk_usage_megabytes`, `disk_available_megabytes` | the file system of the given folder |
//! | `network_receive_megabytes`, `network_transmit_megabytes` | all interfaces but the loopback |
//! | `process_cpu_utilization_percentage` | this process and its descendants, of the processors that it may use |
//! | `process_memory_usage_megabytes`, `…_percentage` | their resident memory, of the memory that they may use |
//! | `process_disk_read_megabytes`, `process_disk_write_megabytes` | what they moved from and to storage |
//! | `process_count` | how many they are |
//! | `gpu_0_utilization_percentage`, `gpu_0_memory_usage_megabytes`, `…_percentage` | each NVIDIA device |
//! | `gpu_0_power_usage_watts`, `gpu_0_power_usage_percentage`, `gpu_0_temperature_celsius` | |
//! | `gpu_0_process_memory_usage_megabytes` | what this process and its descendants hold of the device |
//!
//! A megabyte is 10⁶ bytes. Those that MLflow has too are named and measured as there.

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

#[cfg(not(target_os = "linux"))]
use elsewhere::Sources;
#[cfg(target_os = "linux")]
use linux::Sources;

/// One value, as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// `system/cpu_utilization_percentage`
    pub key: Cow<'static, str>,
    /// In the unit that the key names.
    pub value: f64,
    /// Whether it is a sum since some moment in the past, so that only differences tell something.
    pub cumulative: bool,
}

/// Reads the machine and this process again and again; files stay open between.
pub struct Sampler {
    sources: Sources,
    readings: Vec<Reading>,
    cost: Duration,
}

impl Sampler {
    /// `folder` is where disk usage is read. `None` where there is nothing to read: only Linux is known.
    pub fn new(folder: &Path) -> Option<Self> {
        Some(Self { sources: Sources::open(folder)?, readings: Vec::new(), cost: Duration::ZERO })
    }

    /// Looks for devices, which may take a second the first time; until this was called they are not read.
    pub fn open_devices(&mut self) {
        self.sources.open_devices();
    }

    /// Reads everything. Utilisation of processors is that since the call before; the first one has none.
    pub fn sample(&mut self) -> &[Reading] {
        self.readings.clear();
        self.cost = self.sources.read(&mut Readings(&mut self.readings));
        &self.readings
    }

    /// The last sample again.
    pub fn readings(&self) -> &[Reading] {
        &self.readings
    }

    /// The processor time that the last sample took.
    pub fn cost(&self) -> Duration {
        self.cost
    }
}

/// Where sources put what they read.
struct Readings<'a>(&'a mut Vec<Reading>);

#[cfg(target_os = "linux")]
impl Readings<'_> {
    /// A value that there may not be.
    fn level(&mut self, key: impl Into<Cow<'static, str>>, value: impl Into<Option<f64>>) {
        if let Some(value) = value.into() {
            self.0.push(Reading { key: key.into(), value: rounded(value), cumulative: false });
        }
    }

    fn sum(&mut self, key: &'static str, value: f64) {
        self.0.push(Reading { key: key.into(), value: rounded(value), cumulative: true });
    }
}

/// To a thousandth: what is finer is noise, and takes most of the room in the store.
#[cfg(target_os = "linux")]
fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}

#[cfg(target_os = "linux")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// The part that `part` is of `whole`, if there is a whole.
#[cfg(target_os = "linux")]
fn percentage(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole * 100.0)
}
