//! A library with NVML's functions and two invented devices; the second one tells nothing but its memory.

#![allow(non_snake_case, clippy::missing_safety_doc)]

use std::ffi::{c_char, c_int, c_uint};
use std::process;

const NOT_SUPPORTED: c_int = 3;
const INSUFFICIENT_SIZE: c_int = 7;
/// As many other processes use the first device.
const OTHERS: usize = 100;

#[repr(C)]
pub struct ProcessInfo {
    pid: c_uint,
    used_gpu_memory: u64,
    gpu_instance_id: c_uint,
    compute_instance_id: c_uint,
}

#[unsafe(no_mangle)]
pub extern "C" fn nvmlInit_v2() -> c_int {
    0
}

#[unsafe(no_mangle)]
pub extern "C" fn nvmlShutdown() -> c_int {
    0
}

unsafe fn tell(text: &[u8], buffer: *mut c_char) -> c_int {
    unsafe { buffer.copy_from(text.as_ptr().cast(), text.len()) };
    0
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvmlSystemGetDriverVersion(buffer: *mut c_char, _: c_uint) -> c_int {
    unsafe { tell(b"550.54.15\0", buffer) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvmlSystemGetCudaDriverVersion_v2(version: *mut c_int) -> c_int {
    unsafe { *version = 12040 };
    0
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvmlDeviceGetCount_v2(count: *mut c_uint) -> c_int {
    unsafe { *count = 2 };
    0
}

/// The handle is the index and one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvmlDeviceGetHandleByIndex_v2(index: c_uint, device: *mut usize) -> c_int {
    unsafe { *device = index as usize + 1 };
    0
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvmlDeviceGetName(_: usize, buffer: *mut c_char, _: c_uint) -> c_int {
    unsafe { tell(b"Stand-in\0", buffer) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvmlDeviceGetMemoryInfo(device: usize, memory: *mut [u64; 3]) -> c_int {
    let used = 20_000_000_000 * device as u64;
    unsafe { *memory = [80_000_000_000, 80_000_000_000 - used, used] };
    0
}

/// Writes if the device is the first one.
unsafe fn first<T>(device: usize, place: *mut T, value: T) -> c_int {
    if device != 1 {
        return NOT_SUPPORTED;
    }
    unsafe { *place = value };
    0
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvmlDeviceGetUtilizationRates(device: usize, rates: *mut [c_uint; 2]) -> c_int {
    unsafe { first(device, rates, [97, 40]) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvmlDeviceGetPowerUsage(device: usize, power: *mut c_uint) -> c_int {
    unsafe { first(device, power, 350_500) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvmlDeviceGetEnforcedPowerLimit(device: usize, limit: *mut c_uint) -> c_int {
    unsafe { first(device, limit, 701_000) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvmlDeviceGetTemperature(device: usize, sensor: c_uint, celsius: *mut c_uint) -> c_int {
    unsafe { first(device, celsius, 61 + sensor) }
}

/// On the first device, this process comes last, with 5 GB.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nvmlDeviceGetComputeRunningProcesses_v3(
    device: usize,
    count: *mut c_uint,
    infos: *mut ProcessInfo,
) -> c_int {
    let there = if device == 1 { OTHERS + 1 } else { 0 };
    let room = unsafe { count.replace(there as c_uint) } as usize;
    if room < there {
        return INSUFFICIENT_SIZE;
    }
    for at in 0..there {
        let pid = if at == OTHERS { process::id() } else { c_uint::MAX - at as c_uint };
        let info = ProcessInfo { pid, used_gpu_memory: 5_000_000_000, gpu_instance_id: 0, compute_instance_id: 0 };
        unsafe { infos.add(at).write(info) };
    }
    0
}
