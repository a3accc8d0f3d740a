//! Threads of our own in the process of the user.

use std::io;
use std::thread::{Builder, JoinHandle};

/// Starts a thread. Files that it writes may grow beyond `ulimit -f`: then the write fails there, and no signal ends the
/// program.
pub fn start(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    Builder::new().name(name.to_owned()).spawn(|| {
        block_size_signal();
        work();
    })
}

#[allow(unsafe_code)]
fn block_size_signal() {
    // SAFETY: all bytes zero are a value of the set, which the first call fills; it is the mask of this thread alone.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGXFSZ);
        libc::pthread_sigmask(libc::SIG_BLOCK, &raw const set, std::ptr::null_mut());
    }
}
