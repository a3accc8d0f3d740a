//! `/proc` and `/sys`: <https://docs.kernel.org/filesystems/proc.html>.

mod cpu;
mod gpus;
mod memory;
mod network;
mod proc_file;
mod tree;

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::{Readings, megabytes, percentage};
use crate::gpu::Devices;
use crate::host::unix;
use cpu::Cpu;
use memory::Memory;
use network::Network;
use tree::Tree;

/// Everything that is read.
pub(super) struct Sources {
    folder: PathBuf,
    cpu: Cpu,
    memory: Memory,
    /// Absent where the network is not shown.
    network: Option<Network>,
    tree: Tree,
    /// When the tree was read last, and the processor time it had used.
    last: Option<(Instant, f64)>,
    /// Processors that this process may use.
    cores: f64,
    devices: Option<Devices>,
}

impl Sources {
    pub(super) fn open(folder: &Path) -> Option<Self> {
        Some(Self {
            folder: folder.to_owned(),
            cpu: Cpu::open()?,
            memory: Memory::open()?,
            network: Network::open(),
            tree: Tree::new(),
            last: None,
            cores: thread::available_parallelism().map_or(1.0, |cores| cores.get() as f64),
            devices: None,
        })
    }

    pub(super) fn open_devices(&mut self) {
        if self.devices.is_none() {
            self.devices = Devices::open();
        }
    }

    /// Says what processor time it took.
    pub(super) fn read(&mut self, readings: &mut Readings<'_>) -> Duration {
        let began = unix::thread_time();
        readings.level("system/cpu_utilization_percentage", self.cpu.utilization());
        self.read_memory_and_tree(readings);
        self.read_disk(readings);
        if let Some(bytes) = self.network.as_mut().and_then(Network::bytes) {
            readings.sum("system/network_receive_megabytes", megabytes(bytes.received));
            readings.sum("system/network_transmit_megabytes", megabytes(bytes.transmitted));
        }
        if let Some(devices) = &mut self.devices {
            gpus::read(devices, self.tree.pids(), readings);
        }
        unix::thread_time().saturating_sub(began)
    }

    fn read_memory_and_tree(&mut self, readings: &mut Readings<'_>) {
        let memory = self.memory.bytes();
        let of_all = |used: u64| percentage(used as f64, memory.as_ref()?.total as f64);
        let used = memory.as_ref().map(|memory| memory.used);
        readings.level("system/system_memory_usage_megabytes", used.map(megabytes));
        readings.level("system/system_memory_usage_percentage", used.and_then(of_all));

        let usage = self.tree.usage();
        let now = (Instant::now(), usage.cpu_seconds);
        let busy = self.last.replace(now).and_then(|(before, seconds)| {
            let could = now.0.duration_since(before).as_secs_f64() * self.cores;
            // A process that left the tree took what it had used with it.
            percentage((now.1 - seconds).max(0.0), could)
        });
        readings.level("system/process_cpu_utilization_percentage", busy);
        readings.level("system/process_memory_usage_megabytes", megabytes(usage.resident_bytes));
        readings.level("system/process_memory_usage_percentage", of_all(usage.resident_bytes));
        readings.level("system/process_count", self.tree.pids().len() as f64);
        readings.sum("system/process_disk_read_megabytes", megabytes(usage.read_bytes));
        readings.sum("system/process_disk_write_megabytes", megabytes(usage.written_bytes));
    }

    fn read_disk(&self, readings: &mut Readings<'_>) {
        let Some(disk) = unix::disk(&self.folder) else { return };
        let (used, free) = (disk.used_bytes as f64, disk.free_bytes as f64);
        readings.level("system/disk_usage_percentage", percentage(used, used + free));
        readings.level("system/disk_usage_megabytes", megabytes(disk.used_bytes));
        readings.level("system/disk_available_megabytes", megabytes(disk.free_bytes));
    }
}
