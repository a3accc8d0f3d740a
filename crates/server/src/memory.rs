//! Memory that the server keeps though nothing uses it.

/// Gives back to the system what only the start needed (the description of all endpoints, the arguments): it would else
/// stay with the server as long as it runs.
pub(crate) fn give_back() {
    free_heap();
    free_files();
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

/// Code and constants are mapped from files: what is used again comes back from where the system keeps them.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
fn free_files() {
    let Ok(mappings) = std::fs::read_to_string("/proc/self/smaps") else { return };
    for range in unchanged(&mappings) {
        let start = std::ptr::without_provenance_mut(range.start);
        // SAFETY: no page of the range differs from its file, and nothing may write there: it reads the same afterwards.
        unsafe { libc::madvise(start, range.len(), libc::MADV_DONTNEED) };
    }
}

#[cfg(not(target_os = "linux"))]
fn free_files() {}

/// Where files are mapped that may not be written, and of which no page was changed before (as by the loader), out of
/// `/proc/self/smaps` (<https://docs.kernel.org/filesystems/proc.html>).
#[cfg(any(target_os = "linux", test))]
fn unchanged(mappings: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut file = None;
    for line in mappings.lines() {
        let mut words = line.split_ascii_whitespace();
        match (words.next(), words.next()) {
            (Some("Anonymous:"), Some("0")) => found.extend(file.take()),
            (Some(word), _) if word.ends_with(':') => {}
            (Some(addresses), Some("r-xp" | "r--p")) if line.contains('/') => file = range(addresses),
            _ => file = None,
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
    fn only_what_is_as_in_its_file_is_let_go() {
        let mappings = "\
1000-2000 r--p 00000000 fe:00 7 /lib/a.so\nAnonymous: 4 kB\n\
2000-5000 r-xp 00001000 fe:00 7 /lib/a.so\nSize: 12 kB\nAnonymous: 0 kB\n\
5000-6000 rw-p 00004000 fe:00 7 /lib/a.so\nAnonymous: 4 kB\n\
7000-8000 r-xp 00001000 fe:00 9 /lib/patched.so\nAnonymous: 4 kB\nVmFlags: rd ex\n\
8000-9000 r--p 00002000 fe:00 9 /lib/patched.so\nAnonymous: 0 kB\n\
9000-a000 r-xp 00000000 00:00 0 [vdso]\nAnonymous: 0 kB\n";
        assert_eq!(unchanged(mappings), [0x2000..0x5000, 0x8000..0x9000]);
    }
}
