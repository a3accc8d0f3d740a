//! What only the C library tells.

#![allow(unsafe_code)]

use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;

use super::{Disk, Host, memory};

/// Adds names, memory and disk.
pub(super) fn complete(mut host: Host) -> Host {
    if let Some((kernel, hostname)) = names() {
        host.kernel = kernel;
        host.hostname = hostname;
    }
    host.memory_bytes = memory::usable(physical_memory());
    host.disk = disk();
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
    // SAFETY: `sysconf` only returns a number, -1 when it does not know.
    let (pages, page) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    u64::try_from(pages).unwrap_or(0) * u64::try_from(page).unwrap_or(0)
}

fn disk() -> Option<Disk> {
    let mut facts = MaybeUninit::<libc::statvfs>::uninit();
    // SAFETY: the path is a C string; `statvfs` fills the struct when it returns 0; else it is not read.
    let facts =
        unsafe { (libc::statvfs(c".".as_ptr(), facts.as_mut_ptr()) == 0).then(|| facts.assume_init()) }?;
    // The widths of these fields differ between systems.
    #[allow(clippy::unnecessary_cast)]
    let (blocks, free, size) = (facts.f_blocks as u64, facts.f_bavail as u64, facts.f_frsize as u64);
    Some(Disk { total_bytes: blocks * size, free_bytes: free * size })
}
