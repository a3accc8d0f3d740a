//! Threads of our own in the process of the user.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{Builder, JoinHandle};

static ALIVE: AtomicUsize = AtomicUsize::new(0);

/// Counts a thread for as long as it lives.
struct Alive;

impl Drop for Alive {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Starts a thread. Files that it writes may grow beyond `ulimit -f`: then the write fails there, and no signal ends the
/// program.
pub fn start(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    ALIVE.fetch_add(1, Ordering::Relaxed);
    let alive = Alive;
    Builder::new().name(name.to_owned()).spawn(move || {
        let _alive = alive;
        block_size_signal();
        work();
    })
}

/// How many threads of ours there are, those included that are about to begin.
#[must_use]
pub fn own_threads() -> usize {
    ALIVE.load(Ordering::Relaxed)
}

/// A forked child has none of its parent's.
pub(crate) fn forget() {
    ALIVE.store(0, Ordering::Relaxed);
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
