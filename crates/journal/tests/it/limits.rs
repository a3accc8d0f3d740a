//! What only a whole process can be put under, in a forked child.

use std::ffi::{CStr, CString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Whether a forked child that does `work` ended as it should: limits are of whole processes.
#[allow(unsafe_code)]
pub fn in_child(work: impl FnOnce()) -> bool {
    // SAFETY: glibc keeps its allocator usable in a child, which ends without returning into the test harness.
    unsafe {
        let pid = libc::fork();
        if pid == 0 {
            let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
            libc::_exit(i32::from(ended.is_err()));
        }
        let mut status = 0;
        assert_eq!(libc::waitpid(pid, &raw mut status, 0), pid);
        status == 0
    }
}

/// Files of this process may grow to so many bytes.
pub fn limit_files_to(bytes: libc::rlim_t) {
    limit(libc::RLIMIT_FSIZE, bytes);
}

/// This process may map nothing more.
pub fn forbid_mapping() {
    limit(libc::RLIMIT_AS, 1);
}

#[allow(unsafe_code)]
fn limit(resource: libc::__rlimit_resource_t, soft: libc::rlim_t) {
    let limit = libc::rlimit { rlim_cur: soft, rlim_max: libc::RLIM_INFINITY };
    // SAFETY: a valid pointer.
    assert_eq!(unsafe { libc::setrlimit(resource, &raw const limit) }, 0);
}

/// A disk of so many bytes at `folder`, for this process alone; where nothing may be mounted, files of that length.
pub fn small_disk(folder: &Path, bytes: u64) {
    if !mount(folder, c"tmpfs", &format!("size={bytes}")) {
        limit_files_to(bytes);
    }
}

/// A file system at `folder` that is none of those known to write in place; where nothing may be mounted, no mapping.
pub fn other_file_system(folder: &Path) {
    if !mount(folder, c"ramfs", "") {
        forbid_mapping();
    }
}

/// Whether the file system could be mounted at `folder`, where this process alone sees it.
#[allow(unsafe_code)]
fn mount(folder: &Path, kind: &CStr, options: &str) -> bool {
    let folder = CString::new(folder.as_os_str().as_bytes()).unwrap();
    let options = CString::new(options).unwrap();
    // SAFETY: valid pointers; the child has its own view of what is mounted.
    unsafe {
        libc::unshare(libc::CLONE_NEWNS) == 0
            && libc::mount(
                c"none".as_ptr(),
                c"/".as_ptr(),
                std::ptr::null(),
                libc::MS_REC | libc::MS_PRIVATE,
                std::ptr::null(),
            ) == 0
            && libc::mount(c"none".as_ptr(), folder.as_ptr(), kind.as_ptr(), 0, options.as_ptr().cast()) == 0
    }
}
