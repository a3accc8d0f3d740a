use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::prelude::*;

/// How many threads of ours this process has, those included that are about to begin.
#[pyfunction]
pub fn own_threads() -> usize {
    trackline::own_thread::own_threads()
}

/// The number of this thread: the same for all its calls, and no other thread has it.
#[pyfunction]
pub fn thread_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    thread_local! {
        static NUMBER: u64 = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}
