//! A process that stands by to copy the program's output on once the command is gone: it was killed, or it has ended while
//! others that the program started still write. Without it they would write into nothing, and most would end of it.

use std::io::{self, PipeReader, PipeWriter, Write};
use std::mem::ManuallyDrop;
use std::os::fd::{AsRawFd, FromRawFd, RawFd};

/// Standard output and standard error.
const MOST: usize = 2;

/// Takes over when this is dropped, by the end of this process at the latest.
pub(super) struct Standby(PipeWriter);

impl Standby {
    /// For passages from one descriptor to another. To be called before the program starts, whose ends are closed there.
    #[allow(unsafe_code)]
    pub(super) fn start(passages: &[(RawFd, RawFd)]) -> io::Result<Self> {
        let (told, tell) = io::pipe()?;
        // SAFETY: the child only reads, writes, polls, closes and leaves, which is allowed after fork.
        match unsafe { libc::fork() } {
            0 => stand_by(passages, &told),
            -1 => Err(io::Error::last_os_error()),
            _ => Ok(Self(tell)),
        }
    }

    /// The passage of this number is done with: kept open there, nobody who writes would notice that nobody reads.
    pub(super) fn close(&self, number: u8) {
        // Where it is gone, it keeps nothing open.
        let _ = (&self.0).write_all(&[number]);
    }
}

#[allow(unsafe_code)]
fn stand_by(passages: &[(RawFd, RawFd)], told: &PipeReader) -> ! {
    let mut open = [None; MOST];
    open.iter_mut().zip(passages).for_each(|(slot, passage)| *slot = Some(*passage));
    // SAFETY: plain calls on descriptors of this process, which has nothing else.
    unsafe {
        // What ends the command from the terminal is not for this process.
        libc::setsid();
        // Locks and files of the command are not to outlive it.
        for fd in (3..1024).filter(|fd| *fd != told.as_raw_fd()) {
            if open.iter().flatten().all(|(from, _)| from != &fd) {
                libc::close(fd);
            }
        }
        let mut number = 0_u8;
        while libc::read(told.as_raw_fd(), (&raw mut number).cast(), 1) == 1 {
            if let Some((from, _)) = open.get_mut(usize::from(number)).and_then(Option::take) {
                libc::close(from);
            }
        }
        copy(open);
        libc::_exit(0);
    }
}

/// Until the last writer is gone.
#[allow(unsafe_code)]
fn copy(mut open: [Option<(RawFd, RawFd)>; MOST]) {
    let mut buffer = [0_u8; 4096];
    while open.iter().any(Option::is_some) {
        // A negative descriptor is passed over.
        let mut asked = open.map(|passage| libc::pollfd {
            fd: passage.map_or(-1, |(from, _)| from),
            events: libc::POLLIN,
            revents: 0,
        });
        // SAFETY: as many structures as are said.
        unsafe { libc::poll(asked.as_mut_ptr(), MOST as libc::nfds_t, -1) };
        for (slot, asked) in open.iter_mut().zip(asked) {
            let Some((from, to)) = slot.filter(|_| asked.revents != 0) else { continue };
            // SAFETY: the buffer is as long as is said.
            let length = unsafe { libc::read(from, buffer.as_mut_ptr().cast(), buffer.len()) };
            let written = match usize::try_from(length) {
                Ok(length @ 1..) => write_all(to, &buffer[..length]).is_ok(),
                _ => false,
            };
            if !written {
                // SAFETY: open until now.
                unsafe { libc::close(from) };
                *slot = None;
            }
        }
    }
}

#[allow(unsafe_code)]
pub(super) fn write_all(to: RawFd, bytes: &[u8]) -> io::Result<()> {
    // SAFETY: the streams of this process stay open; the file is not closed when it goes.
    let mut to = ManuallyDrop::new(unsafe { std::fs::File::from_raw_fd(to) });
    to.write_all(bytes)
}
