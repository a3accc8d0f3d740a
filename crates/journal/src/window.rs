//! A part of a file in memory: what is stored there is in the page cache at once, without a call of the kernel.

use std::fs::File;
use std::io;

/// Bytes of a file from `start` on, whose space on the disk is reserved: storing to them cannot fail.
#[derive(Debug)]
pub struct Window {
    start: u64,
    mapped: Mapped,
}

impl Window {
    /// Reserves and maps `length` bytes at least, from the page that holds `at` on; the file ends with them.
    ///
    /// # Errors
    /// `Unsupported` where space that was reserved may be missing all the same, and storing would end the process;
    /// else what the file system says, as for a full disk.
    pub fn reserve(file: &File, at: u64, length: u64) -> io::Result<Self> {
        Mapped::reserve(file, at, length).map(|(start, mapped)| Self { start, mapped })
    }

    /// Whether `length` bytes from `at` on lie within.
    pub fn holds(&self, at: u64, length: usize) -> bool {
        at >= self.start && at - self.start + length as u64 <= self.mapped.length() as u64
    }

    /// Stores frames, one or several, at a multiple of eight: a reader sees all of them or none, and so does who comes
    /// after a kill.
    ///
    /// They must lie [within](Self::holds).
    pub fn publish(&mut self, at: u64, frames: &[u8]) {
        let Some((first, rest)) = frames.split_first_chunk::<8>() else { return };
        debug_assert!(self.holds(at, frames.len()) && at.is_multiple_of(8));
        let offset = usize::try_from(at - self.start).unwrap_or(usize::MAX);
        self.mapped.store(offset + first.len(), rest);
        // Until its length is there, a frame and all behind it are nothing.
        self.mapped.store_word(offset, u64::from_ne_bytes(*first));
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd;
    use std::ptr::{self, NonNull};
    use std::sync::atomic::{AtomicU64, Ordering};

    use crate::size_limit;

    /// File systems that write reserved space in place. Others, such as those that copy on write, need new space for a
    /// page that is written again, and a full disk would then be a SIGBUS.
    const IN_PLACE: [i64; 3] = [libc::EXT4_SUPER_MAGIC, libc::XFS_SUPER_MAGIC, libc::TMPFS_MAGIC];

    #[derive(Debug)]
    pub struct Mapped {
        address: NonNull<u8>,
        length: usize,
    }

    // SAFETY: the memory belongs to the value alone and to no thread.
    #[allow(unsafe_code)]
    unsafe impl Send for Mapped {}

    impl Mapped {
        #[allow(unsafe_code)]
        pub fn reserve(file: &File, at: u64, length: u64) -> io::Result<(u64, Self)> {
            let page = page_size()?;
            let start = at - at % page;
            let end = (at + length).next_multiple_of(page);
            let length = usize::try_from(end - start).map_err(io::Error::other)?;
            allocate(file, start, end)?;
            let descriptor = file.as_raw_fd();
            let access = libc::PROT_READ | libc::PROT_WRITE;
            // SAFETY: a new mapping where the kernel wants it, of a part of the file that is there.
            let address = unsafe {
                libc::mmap(ptr::null_mut(), length, access, libc::MAP_SHARED, descriptor, start.cast_signed())
            };
            if address == libc::MAP_FAILED {
                return Err(io::Error::last_os_error());
            }
            let address =
                NonNull::new(address.cast()).ok_or_else(|| io::Error::other("mapped at nothing"))?;
            let mapped = Self { address, length };
            // A forked child has no business here.
            // SAFETY: the mapping that was just made.
            if unsafe { libc::madvise(mapped.address.as_ptr().cast(), length, libc::MADV_DONTFORK) } != 0 {
                return Err(io::Error::last_os_error());
            }
            Ok((start, mapped))
        }

        pub fn length(&self) -> usize {
            self.length
        }

        #[allow(unsafe_code)]
        pub fn store(&mut self, offset: usize, bytes: &[u8]) {
            assert!(offset <= self.length && bytes.len() <= self.length - offset);
            // SAFETY: within the mapping, which nothing else points into; the file is never cut while it is mapped.
            unsafe {
                ptr::copy_nonoverlapping(bytes.as_ptr(), self.address.as_ptr().add(offset), bytes.len());
            }
        }

        /// Stores a word behind everything that was stored before, as other processes see it.
        #[allow(unsafe_code)]
        pub fn store_word(&mut self, offset: usize, word: u64) {
            assert!(offset.is_multiple_of(8) && offset < self.length);
            // SAFETY: within the mapping and aligned, since the mapping begins with a page.
            let place = unsafe { AtomicU64::from_ptr(self.address.as_ptr().add(offset).cast()) };
            place.store(word, Ordering::Release);
        }
    }

    impl Drop for Mapped {
        #[allow(unsafe_code)]
        fn drop(&mut self) {
            // SAFETY: the mapping of this value. In a forked child, where it is not, the value is never dropped.
            unsafe { libc::munmap(self.address.as_ptr().cast(), self.length) };
        }
    }

    #[allow(unsafe_code)]
    fn page_size() -> io::Result<u64> {
        // SAFETY: asks for a number.
        let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        u64::try_from(size).ok().filter(|size| *size > 0).ok_or_else(io::Error::last_os_error)
    }

    /// Reserves the space from `start` up to `end`, where the file ends then.
    fn allocate(file: &File, start: u64, end: u64) -> io::Result<()> {
        if !IN_PLACE.contains(&file_system(file)?) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        size_limit::check(end)?;
        let (start, length) = (start.cast_signed(), (end - start).cast_signed());
        loop {
            // SAFETY: plain numbers and an open descriptor. Not the C library's `posix_fallocate`, which writes zeros
            // where the file system cannot reserve.
            #[allow(unsafe_code)]
            if unsafe { libc::fallocate(file.as_raw_fd(), 0, start, length) } == 0 {
                return Ok(());
            }
            let error = io::Error::last_os_error();
            if error.kind() != io::ErrorKind::Interrupted {
                return Err(error);
            }
        }
    }

    #[allow(unsafe_code)]
    fn file_system(file: &File) -> io::Result<i64> {
        // SAFETY: all bytes zero are a value of this structure, which the call fills.
        let mut about: libc::statfs = unsafe { std::mem::zeroed() };
        // SAFETY: an open descriptor and a valid pointer.
        match unsafe { libc::fstatfs(file.as_raw_fd(), &raw mut about) } {
            0 => Ok(about.f_type),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

#[cfg(target_os = "linux")]
use linux::Mapped;

/// Elsewhere nothing is mapped.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
enum Mapped {}

#[cfg(not(target_os = "linux"))]
impl Mapped {
    fn reserve(_: &File, _: u64, _: u64) -> io::Result<(u64, Self)> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn length(&self) -> usize {
        match *self {}
    }

    fn store(&mut self, _: usize, _: &[u8]) {
        match *self {}
    }

    fn store_word(&mut self, _: usize, _: u64) {
        match *self {}
    }
}
