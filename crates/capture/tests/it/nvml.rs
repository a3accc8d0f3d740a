use std::ffi::CString;
use std::path::Path;
use std::process::Command;

use trackline_capture::gpu;
use trackline_capture::system::Sampler;

/// Builds the stand-in and loads it. Who then asks for a library of NVML's name gets it: a library that is loaded
/// already is found by the name that it gives itself.
#[allow(unsafe_code)]
fn load_stand_in() {
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("nvml.so");
    let built = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args(["--crate-name=nvml", "--crate-type=cdylib", "--edition=2024", "-Cpanic=abort"])
        .arg("-Clink-arg=-Wl,-soname,libnvidia-ml.so.1")
        .args([
            Path::new("-o"),
            &library,
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stand_in/nvml.rs"),
        ])
        .status()
        .unwrap();
    assert!(built.success());
    let library = CString::new(library.to_str().unwrap()).unwrap();
    // SAFETY: a C string; the library runs nothing when it is loaded.
    assert!(!unsafe { libc::dlopen(library.as_ptr(), libc::RTLD_NOW) }.is_null());
}

#[test]
fn devices_are_read() {
    load_stand_in();
    let names: Vec<_> = gpu::list().into_iter().map(|gpu| gpu.name).collect();
    assert_eq!(names, ["Stand-in", "Stand-in"]);

    let mut sampler = Sampler::new(Path::new(".")).unwrap();
    assert!(!sampler.sample().iter().any(|reading| reading.key.starts_with("system/gpu_")));
    sampler.open_devices();
    // There is no room for so many processes at first.
    sampler.sample();
    let readings = sampler.sample().iter().filter(|reading| reading.key.starts_with("system/gpu_"));
    let readings: Vec<_> = readings.map(|reading| (reading.key.as_ref(), reading.value)).collect();
    assert_eq!(
        readings,
        [
            ("system/gpu_0_utilization_percentage", 97.0),
            ("system/gpu_0_memory_usage_megabytes", 20_000.0),
            ("system/gpu_0_memory_usage_percentage", 25.0),
            ("system/gpu_0_power_usage_watts", 350.5),
            ("system/gpu_0_power_usage_percentage", 50.0),
            ("system/gpu_0_temperature_celsius", 61.0),
            ("system/gpu_0_process_memory_usage_megabytes", 5_000.0),
            ("system/gpu_1_memory_usage_megabytes", 40_000.0),
            ("system/gpu_1_memory_usage_percentage", 50.0),
        ]
    );
}
