//! Memory that the server keeps though nothing uses it.

/// Gives pages that were freed back to the system. What the start needed (the description of all endpoints, the
/// arguments) would else stay with the allocator, and with the server as long as it runs.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code)]
pub(crate) fn give_back() {
    // SAFETY: the allocator's own function; it may be called from any thread at any time.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators give pages back by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn give_back() {}
