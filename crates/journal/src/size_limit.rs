//! The limit that `ulimit -f` sets: the kernel answers a file that grows beyond it with a signal that ends the process.

use std::io;

/// # Errors
/// `FileTooLarge` if no file may be so many bytes long.
#[allow(unsafe_code)]
pub fn check(length: u64) -> io::Result<()> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: a valid pointer.
    if unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &raw mut limit) } != 0 {
        return Err(io::Error::last_os_error());
    }
    if length > limit.rlim_cur { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(()) }
}
