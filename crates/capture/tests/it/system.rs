use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use trackline_capture::system::{Reading, Sampler};

fn value(readings: &[Reading], key: &str) -> Option<f64> {
    readings.iter().find(|reading| reading.key == format!("system/{key}")).map(|reading| reading.value)
}

fn sampler() -> Sampler {
    Sampler::new(Path::new(".")).unwrap()
}

/// Samples until a value is as wanted.
fn wait_for(sampler: &mut Sampler, key: &str, is_right: impl Fn(f64) -> bool) {
    let end = Instant::now() + Duration::from_secs(300);
    while !value(sampler.sample(), key).is_some_and(&is_right) {
        assert!(Instant::now() < end, "{key} is {:?}", value(sampler.sample(), key));
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A descendant of this process, ended with the value: a shell that runs `script`, below another one.
struct Grandchild(Child);

impl Grandchild {
    fn run(script: &str) -> Self {
        let mut shell = Command::new("sh");
        // `wait` keeps the outer shell from becoming the inner one.
        shell.args(["-c", &format!("sh -c '{script}' & wait")]).stdin(Stdio::piped());
        Self(shell.spawn().unwrap())
    }
}

impl Drop for Grandchild {
    fn drop(&mut self) {
        let inner = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", self.0.id())).unwrap();
        Command::new("kill").args(inner.split_whitespace()).status().unwrap();
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn the_machine_is_read() {
    let mut sampler = sampler();
    sampler.sample();
    wait_for(&mut sampler, "cpu_utilization_percentage", |part| part > 0.0);
    let readings = sampler.sample();
    for key in ["system_memory_usage_percentage", "disk_usage_percentage", "process_memory_usage_percentage"]
    {
        let part = value(readings, key).unwrap();
        assert!(part > 0.0 && part <= 100.0, "{key} is {part}");
    }
    for key in ["system_memory_usage_megabytes", "disk_usage_megabytes", "disk_available_megabytes"] {
        assert!(value(readings, key).unwrap() > 1.0, "{key}");
    }
    let sums = readings.iter().filter(|reading| reading.cumulative).map(|reading| reading.key.as_ref());
    assert_eq!(
        sums.collect::<Vec<_>>(),
        [
            "system/process_disk_read_megabytes",
            "system/process_disk_write_megabytes",
            "system/network_receive_megabytes",
            "system/network_transmit_megabytes"
        ]
    );
}

#[test]
fn the_first_sample_has_no_utilization() {
    let mut sampler = sampler();
    let first = sampler.sample();
    assert_eq!(value(first, "cpu_utilization_percentage"), None);
    assert_eq!(value(first, "process_cpu_utilization_percentage"), None);
}

#[test]
fn what_a_descendant_computes_is_counted() {
    let mut sampler = sampler();
    sampler.sample();
    let _busy = Grandchild::run("while :; do :; done");
    let cores = std::thread::available_parallelism().unwrap().get() as f64;
    wait_for(&mut sampler, "process_cpu_utilization_percentage", |part| part > 20.0 / cores);
    wait_for(&mut sampler, "process_count", |count| count >= 3.0);
}

#[test]
fn what_an_ended_child_computed_is_counted() {
    let mut sampler = sampler();
    sampler.sample();
    let began = Instant::now();
    Command::new("sh").args(["-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"]).status().unwrap();
    let share = value(sampler.sample(), "process_cpu_utilization_percentage").unwrap();
    assert!(share > 0.0, "{share} % in {:?}", began.elapsed());
}

#[test]
fn memory_is_that_of_the_process() {
    const MEGABYTES: usize = 200;
    let mut sampler = sampler();
    let before = value(sampler.sample(), "process_memory_usage_megabytes").unwrap();
    let taken = vec![1_u8; MEGABYTES * 1_000_000];
    let after = value(sampler.sample(), "process_memory_usage_megabytes").unwrap();
    assert!(taken.iter().step_by(4096).all(|byte| *byte == 1));
    assert!(after - before > 0.9 * MEGABYTES as f64, "{before} MB, then {after} MB");
}

#[test]
fn what_is_written_to_storage_is_counted() {
    let mut sampler = sampler();
    let before = value(sampler.sample(), "process_disk_write_megabytes").unwrap();
    // In the folder of the build, which is on a disk; /tmp may be in memory.
    let mut file = tempfile::tempfile_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    write_megabytes(&mut file, 20);
    let after = value(sampler.sample(), "process_disk_write_megabytes").unwrap();
    assert!(after - before >= 20.0, "{before} MB, then {after} MB");
}

fn write_megabytes(file: &mut File, megabytes: usize) {
    for _ in 0..megabytes {
        file.write_all(&vec![1; 1_000_000]).unwrap();
    }
    file.sync_all().unwrap();
}
