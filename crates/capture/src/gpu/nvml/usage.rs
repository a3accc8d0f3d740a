//! How busy the devices are.

use std::ffi::{CStr, c_uint};

use super::{Device, Memory, Nvml, Return};

/// `NVML_TEMPERATURE_GPU`
const TEMPERATURE_GPU: c_uint = 0;
/// `NVML_ERROR_INSUFFICIENT_SIZE`
const INSUFFICIENT_SIZE: Return = 7;
/// `NVML_VALUE_NOT_AVAILABLE`
const NOT_AVAILABLE: u64 = u64::MAX;

/// `nvmlUtilization_t`
#[repr(C)]
#[derive(Default)]
struct Utilization {
    gpu: c_uint,
    memory: c_uint,
}

/// `nvmlProcessInfo_v2_t`
#[repr(C)]
#[derive(Clone, Default)]
struct ProcessInfo {
    pid: c_uint,
    used_gpu_memory: u64,
    gpu_instance_id: c_uint,
    compute_instance_id: c_uint,
}

/// What a device tells; what it does not is absent.
pub(crate) struct Usage {
    /// The part of the last moments in which it was working: 0 to 100.
    pub(crate) utilization: Option<u32>,
    /// Used, and whole.
    pub(crate) memory_bytes: Option<(u64, u64)>,
    /// Drawn, and allowed.
    pub(crate) power_milliwatts: Option<(u32, u32)>,
    pub(crate) celsius: Option<u32>,
    /// Of the given processes. Absent as long as none of them was seen: in a container the driver tells the ids that
    /// processes have outside.
    pub(crate) process_memory_bytes: Option<u64>,
}

/// The devices of this machine, held ready for asking again.
pub(crate) struct Devices {
    nvml: Nvml,
    devices: Vec<Known>,
    processes: Vec<ProcessInfo>,
}

struct Known {
    index: c_uint,
    device: Device,
    has_seen_processes: bool,
}

impl Devices {
    /// `None` without a device. Creates no CUDA context and takes no device memory; may take a second.
    pub(crate) fn open() -> Option<Self> {
        let nvml = Nvml::start()?;
        let known = |index| Some(Known { index, device: nvml.device(index)?, has_seen_processes: false });
        let devices: Vec<_> = (0..nvml.count()?).filter_map(known).collect();
        (!devices.is_empty()).then_some(Self { nvml, devices, processes: vec![ProcessInfo::default(); 64] })
    }

    /// Asks each device; `pids` are the processes whose memory is told apart.
    pub(crate) fn usage(&mut self, pids: &[u32], mut tell: impl FnMut(u32, Usage)) {
        for known in &mut self.devices {
            let device = known.device;
            let own = self.nvml.process_memory(device, pids, &mut self.processes);
            known.has_seen_processes |= own.is_some();
            let usage = Usage {
                utilization: self.nvml.utilization(device),
                memory_bytes: self.nvml.memory(device).map(|Memory { used, total, .. }| (used, total)),
                power_milliwatts: self.nvml.power(device),
                celsius: self.nvml.temperature(device),
                process_memory_bytes: known.has_seen_processes.then(|| own.unwrap_or(0)),
            };
            tell(known.index, usage);
        }
    }
}

impl Nvml {
    fn utilization(&self, device: Device) -> Option<u32> {
        let get: unsafe extern "C" fn(Device, *mut Utilization) -> Return =
            self.0.function(c"nvmlDeviceGetUtilizationRates")?;
        let mut rates = Utilization::default();
        // SAFETY: the device is one that the library gave; it writes one `nvmlUtilization_t`.
        (unsafe { get(device, &mut rates) } == 0).then_some(rates.gpu)
    }

    fn power(&self, device: Device) -> Option<(u32, u32)> {
        let drawn = self.number(c"nvmlDeviceGetPowerUsage", device)?;
        Some((drawn, self.number(c"nvmlDeviceGetEnforcedPowerLimit", device)?))
    }

    fn temperature(&self, device: Device) -> Option<u32> {
        let get: unsafe extern "C" fn(Device, c_uint, *mut c_uint) -> Return =
            self.0.function(c"nvmlDeviceGetTemperature")?;
        let mut celsius = 0;
        // SAFETY: the device is one that the library gave; it writes one integer.
        (unsafe { get(device, TEMPERATURE_GPU, &mut celsius) } == 0).then_some(celsius)
    }

    /// Asks a function that tells one number of a device, as those do whose names are given here.
    fn number(&self, function: &CStr, device: Device) -> Option<u32> {
        let get: unsafe extern "C" fn(Device, *mut c_uint) -> Return = self.0.function(function)?;
        let mut number = 0;
        // SAFETY: the device is one that the library gave; it writes one integer.
        (unsafe { get(device, &mut number) } == 0).then_some(number)
    }

    /// What these processes hold of the device; `None` if none of them uses it. `room` is used again.
    fn process_memory(&self, device: Device, pids: &[u32], room: &mut Vec<ProcessInfo>) -> Option<u64> {
        // Version 3 has the struct of version 2; drivers before 510 have only that.
        let get: unsafe extern "C" fn(Device, *mut c_uint, *mut ProcessInfo) -> Return = self
            .0
            .function(c"nvmlDeviceGetComputeRunningProcesses_v3")
            .or_else(|| self.0.function(c"nvmlDeviceGetComputeRunningProcesses_v2"))?;
        let mut count = c_uint::try_from(room.len()).ok()?;
        // SAFETY: the device is one that the library gave; it writes at most `count` entries, which `room` has.
        let answer = unsafe { get(device, &mut count, room.as_mut_ptr()) };
        if answer == INSUFFICIENT_SIZE {
            // There is room the next time.
            room.resize(count as usize + 16, ProcessInfo::default());
        }
        if answer != 0 {
            return None;
        }
        let used = room.iter().take(count as usize).filter(|process| pids.contains(&process.pid));
        let used = used.map(|process| process.used_gpu_memory).filter(|bytes| *bytes != NOT_AVAILABLE);
        used.reduce(|sum, bytes| sum.saturating_add(bytes))
    }
}
