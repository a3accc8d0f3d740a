//! What a forked child must not share with its parent: threads, locks held by other threads, database
//! connections, and the descriptors of locked files.

use std::mem;
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};
use std::sync::{Arc, Once, OnceLock};

use crate::own_thread;

static FORKS: AtomicU64 = AtomicU64::new(0);
static HAS_FORKED: AtomicBool = AtomicBool::new(false);
static OPENED_STORE: AtomicBool = AtomicBool::new(false);
static INHERITED_STORE: AtomicBool = AtomicBool::new(false);
static HANDLER: Once = Once::new();
/// Descriptors to close in a child; -1 where there is none.
static LOCKED: [AtomicI32; 64] = [const { AtomicI32::new(-1) }; 64];

/// How many forks lie between this process and the first one that asked.
fn generation() -> u64 {
    HANDLER.call_once(register);
    FORKS.load(Ordering::Relaxed)
}

#[allow(unsafe_code)]
fn register() {
    // SAFETY: the handlers do only what is allowed between fork and exec: atomics and close. Without memory
    // for the registration a child would go on as its parent; there is nothing better to do then.
    let _ = unsafe { libc::pthread_atfork(None, Some(in_parent), Some(in_child)) };
}

/// This process opens a store's database.
pub fn opens_store() {
    generation();
    OPENED_STORE.store(true, Ordering::Relaxed);
}

/// Whether a parent had a database open when it forked. SQLite keeps its locks per process in memory, which the
/// child has a copy of: it believes in locks that it does not hold, and must not open a database that it shares.
pub fn inherited_store() -> bool {
    INHERITED_STORE.load(Ordering::Relaxed)
}

/// Whether this process may have children that leave their journals to it.
pub fn has_forked() -> bool {
    HAS_FORKED.load(Ordering::Relaxed)
}

#[allow(unsafe_code)]
unsafe extern "C" fn in_parent() {
    HAS_FORKED.store(true, Ordering::Relaxed);
}

#[allow(unsafe_code)]
unsafe extern "C" fn in_child() {
    FORKS.fetch_add(1, Ordering::Relaxed);
    HAS_FORKED.store(false, Ordering::Relaxed);
    own_thread::forget();
    if OPENED_STORE.load(Ordering::Relaxed) {
        INHERITED_STORE.store(true, Ordering::Relaxed);
    }
    for slot in &LOCKED {
        let descriptor = slot.swap(-1, Ordering::Relaxed);
        if descriptor >= 0 {
            // SAFETY: the child has its own table of descriptors, and nothing in the child uses the file: what
            // belongs to the parent is never touched again (see `PerProcess`).
            unsafe { libc::close(descriptor) };
        }
    }
}

/// As long as this lives, children close `file` at birth: a lock, and what another process reads from a pipe, end only when all
/// copies of its descriptor are closed, and a child may outlive its parent.
#[derive(Debug)]
pub struct ClosedInChild(i32);

impl ClosedInChild {
    pub fn new(file: &impl AsRawFd) -> Self {
        let descriptor = file.as_raw_fd();
        generation();
        for slot in &LOCKED {
            if slot.compare_exchange(-1, descriptor, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
                break;
            }
        }
        Self(descriptor)
    }
}

impl Drop for ClosedInChild {
    fn drop(&mut self) {
        for slot in &LOCKED {
            if slot.compare_exchange(self.0, -1, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
                break;
            }
        }
    }
}

/// A value for each process: a child gets its own when it first asks, and never touches its parent's, whose
/// locks may be held by threads that do not exist in the child.
#[derive(Debug)]
pub struct PerProcess<T> {
    generation: u64,
    value: Option<Arc<T>>,
    child: OnceLock<Box<Self>>,
}

impl<T> PerProcess<T> {
    pub fn new(value: T) -> Self {
        Self { generation: generation(), value: Some(Arc::new(value)), child: OnceLock::new() }
    }

    /// This process's value, made by `make` if it has none.
    pub fn get(&self, make: impl Fn() -> T) -> &Arc<T> {
        let now = generation();
        let mut process = self;
        loop {
            match &process.value {
                Some(value) if process.generation == now => return value,
                _ => process = process.child.get_or_init(|| Box::new(Self::new(make()))),
            }
        }
    }

    /// This process's value, if it has one.
    pub fn existing(&self) -> Option<&Arc<T>> {
        let now = generation();
        let mut process = self;
        while process.generation != now {
            process = process.child.get()?;
        }
        process.value.as_ref()
    }
}

impl<T> Drop for PerProcess<T> {
    fn drop(&mut self) {
        if self.generation != generation() {
            mem::forget(self.value.take());
        }
    }
}
