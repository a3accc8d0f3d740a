//! What only the C library tells.

#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int};
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use super::{Disk, Host, memory};

/// Adds names, memory and disk.
pub(super) fn complete(mut host: Host) -> Host {
    if let Some((kernel, hostname)) = names() {
        host.kernel = kernel;
        host.hostname = hostname;
    }
    host.memory_bytes = memory::usable(physical_memory());
    host.disk = disk(Path::new("."));
    host
}

/// The kernel with its release, and the name of the machine.
fn names() -> Option<(String, String)> {
    let mut names = MaybeUninit::<libc::utsname>::uninit();
    // SAFETY: `uname` fills the whole struct, each field a C string, when it returns 0; else it is not read.
    let names = unsafe { (libc::uname(names.as_mut_ptr()) == 0).then(|| names.assume_init()) }?;
    let text = |field: &[c_char]| {
        // SAFETY: the field holds a C string.
        unsafe { CStr::from_ptr(field.as_ptr()) }.to_string_lossy().into_owned()
    };
    Some((format!("{} {}", text(&names.sysname), text(&names.release)), text(&names.nodename)))
}

fn physical_memory() -> u64 {
    number(libc::_SC_PHYS_PAGES) * page_bytes()
}

/// The unit of memory.
pub(crate) fn page_bytes() -> u64 {
    number(libc::_SC_PAGESIZE)
}

/// The unit of processor time in `/proc`.
pub(crate) fn ticks_per_second() -> u64 {
    number(libc::_SC_CLK_TCK)
}

fn number(name: c_int) -> u64 {
    // SAFETY: `sysconf` only returns a number, -1 when it does not know.
    u64::try_from(unsafe { libc::sysconf(name) }).unwrap_or(0)
}

/// The processor time that this thread has used.
pub(crate) fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: it writes one `timespec`.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    let (seconds, nanoseconds) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    Duration::new(seconds.unwrap_or(0), nanoseconds.unwrap_or(0))
}

/// The file system that a file or folder is on.
pub(crate) fn disk(path: &Path) -> Option<Disk> {
    let path = CString::new(path.as_os_str().as_bytes()).ok()?;
    let mut facts = MaybeUninit::<libc::statvfs>::uninit();
    // SAFETY: the path is a C string; `statvfs` fills the struct when it returns 0; else it is not read.
    let facts =
        unsafe { (libc::statvfs(path.as_ptr(), facts.as_mut_ptr()) == 0).then(|| facts.assume_init()) }?;
    // The widths of these fields differ between systems.
    #[allow(clippy::unnecessary_cast)]
    let [blocks, unused, free, size] =
        [facts.f_blocks as u64, facts.f_bfree as u64, facts.f_bavail as u64, facts.f_frsize as u64];
    let used_bytes = blocks.saturating_sub(unused) * size;
    Some(Disk { total_bytes: blocks * size, used_bytes, free_bytes: free * size })
}
