use crate::gpu::Devices;
use crate::system::{Readings, megabytes, percentage};

/// Puts what each device tells to the readings; `pids` are the processes of this program.
pub(super) fn read(devices: &mut Devices, pids: &[u32], readings: &mut Readings<'_>) {
    devices.usage(pids, |index, usage| {
        let mut level =
            |name: &str, value: Option<f64>| readings.level(format!("system/gpu_{index}_{name}"), value);
        level("utilization_percentage", usage.utilization.map(f64::from));
        if let Some((used, total)) = usage.memory_bytes {
            level("memory_usage_megabytes", Some(megabytes(used)));
            level("memory_usage_percentage", percentage(used as f64, total as f64));
        }
        if let Some((drawn, allowed)) = usage.power_milliwatts {
            level("power_usage_watts", Some(f64::from(drawn) / 1000.0));
            level("power_usage_percentage", percentage(f64::from(drawn), f64::from(allowed)));
        }
        level("temperature_celsius", usage.celsius.map(f64::from));
        level("process_memory_usage_megabytes", usage.process_memory_bytes.map(megabytes));
    });
}
