use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::prelude::*;

/// The number of this thread: the same for all its calls, and no other thread has it.
#[pyfunction]
pub fn thread_number() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    thread_local! {
        static NUMBER: u64 = NEXT.fetch_add(1, Ordering::Relaxed);
    }
    NUMBER.with(|number| *number)
}
