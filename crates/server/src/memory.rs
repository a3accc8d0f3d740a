//! Memory that the server keeps though nothing uses it.

/// Gives back to the system what only the start needed (the description of all endpoints, the arguments): it would else
/// stay with the server as long as it runs.
pub(crate) fn give_back() {
    free_heap();
    free_code();
}

/// Pages that were freed stay with the allocator otherwise.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code)]
fn free_heap() {
    // SAFETY: the allocator's own function; it may be called from any thread at any time.
    unsafe { libc::malloc_trim(0) };
}

/// Other allocators give pages back by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn free_heap() {}

/// Code is mapped from files: what is called again comes back from where the system keeps them.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
fn free_code() {
    let Ok(mappings) = std::fs::read_to_string("/proc/self/smaps") else { return };
    for code in unchanged_code(&mappings) {
        let start = std::ptr::without_provenance_mut(code.start);
        // SAFETY: no page of the range differs from its file, and nothing may write there: it reads the same afterwards.
        unsafe { libc::madvise(start, code.len(), libc::MADV_DONTNEED) };
    }
}

#[cfg(not(target_os = "linux"))]
fn free_code() {}

/// The addresses of the code of files of which no page was changed in memory, out of `/proc/self/smaps`
/// (<https://docs.kernel.org/filesystems/proc.html>).
#[cfg(any(target_os = "linux", test))]
fn unchanged_code(mappings: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut code = None;
    for line in mappings.lines() {
        let mut words = line.split_ascii_whitespace();
        match (words.next(), words.next()) {
            (Some("Anonymous:"), Some("0")) => found.extend(code.take()),
            (Some(word), _) if word.ends_with(':') => {}
            (Some(addresses), Some("r-xp")) if line.contains('/') => code = range(addresses),
            _ => code = None,
        }
    }
    found
}

#[cfg(any(target_os = "linux", test))]
fn range(addresses: &str) -> Option<std::ops::Range<usize>> {
    let (start, end) = addresses.split_once('-')?;
    Some(usize::from_str_radix(start, 16).ok()?..usize::from_str_radix(end, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_of_files_that_nothing_has_changed_is_let_go() {
        let mappings = "\
1000-2000 r--p 00000000 fe:00 7 /lib/a.so\nAnonymous: 0 kB\n\
2000-5000 r-xp 00001000 fe:00 7 /lib/a.so\nSize: 12 kB\nAnonymous: 0 kB\n\
5000-6000 rw-p 00004000 fe:00 7 /lib/a.so\nAnonymous: 4 kB\n\
7000-8000 r-xp 00001000 fe:00 9 /lib/patched.so\nAnonymous: 4 kB\nVmFlags: rd ex\n\
8000-9000 r--p 00002000 fe:00 9 /lib/patched.so\nAnonymous: 0 kB\n\
9000-a000 r-xp 00000000 00:00 0 [vdso]\nAnonymous: 0 kB\n";
        assert_eq!(unchanged_code(mappings), [0x2000..0x5000]);
    }
}
