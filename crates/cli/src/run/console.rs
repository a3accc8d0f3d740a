//! What the program writes to its console, copied as it passes through.
//!
//! Output to a file is left alone: the recorder reads it back. In the place of a pipe the program gets a pipe of ours, in
//! the place of a terminal another terminal for output alone: `isatty` and the size are the same, and what the user types,
//! Ctrl-C included, still comes from their own.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use libc::c_int;
use trackline::console::{Stream, writes};
use trackline::{Category, RunHandle};

use super::standby::{Standby, write_all};

/// How long a copy waits for more before it looks whether the program has ended, in milliseconds.
const LOOK: c_int = 20;

/// The streams that pass through this process.
#[derive(Default)]
pub(super) struct Console {
    passages: Vec<Passage>,
    copies: Vec<JoinHandle<()>>,
    ended: Arc<AtomicBool>,
    standby: Option<Arc<Standby>>,
}

/// How a passage was left.
#[derive(PartialEq, Eq)]
enum Left {
    /// Somebody may still write.
    Open,
    Closed,
}

/// From an end that the program writes to, to where the output goes.
struct Passage {
    stream: Stream,
    from: File,
    to: RawFd,
}

impl Console {
    /// Puts ends of ours in the place of the program's output, as far as it goes through us.
    pub(super) fn attach(command: &mut Command, run: &RunHandle) -> Self {
        if !Category::Console.is_on() {
            return Self::default();
        }
        run.log_console();
        let (out, err) = (Target::of(libc::STDOUT_FILENO), Target::of(libc::STDERR_FILENO));
        let mut passages = Vec::new();
        if let Some((passage, end)) = out.as_ref().and_then(|target| target.passage(Stream::Out)) {
            // Two streams to one place keep their order in one passage.
            if err == out
                && let Ok(same) = end.try_clone()
            {
                command.stderr(Stdio::from(same));
            }
            command.stdout(Stdio::from(end));
            passages.push(passage);
        }
        if err != out
            && let Some((passage, end)) = err.as_ref().and_then(|target| target.passage(Stream::Err))
        {
            command.stderr(Stdio::from(end));
            passages.push(passage);
        }
        let descriptors: Vec<_> =
            passages.iter().map(|passage| (passage.from.as_raw_fd(), passage.to)).collect();
        let standby =
            if passages.is_empty() { None } else { Standby::start(&descriptors).ok().map(Arc::new) };
        Self { passages, standby, ..Self::default() }
    }

    /// Copies from now on. The program has been started, and its ends are closed here.
    pub(super) fn copy(&mut self) {
        for (number, passage) in (0..).zip(self.passages.drain(..)) {
            let (ended, standby) = (Arc::clone(&self.ended), self.standby.clone());
            self.copies.push(thread::spawn(move || {
                if passage.copy(&ended) == Left::Closed
                    && let Some(standby) = standby
                {
                    standby.close(number);
                }
            }));
        }
    }

    /// Copies what the program has left. What others that it started still write is copied by the process that stands by.
    pub(super) fn end(self) {
        self.ended.store(true, Ordering::Relaxed);
        self.copies.into_iter().for_each(|copy| drop(copy.join()));
    }
}

impl Passage {
    /// Until the last writer has closed its end, nobody reads, or the program has ended and nothing comes.
    fn copy(mut self, ended: &AtomicBool) -> Left {
        let mut buffer = vec![0; 64 << 10];
        loop {
            let last = ended.load(Ordering::Relaxed);
            if !readable(&self.from) {
                if last {
                    return Left::Open;
                }
                continue;
            }
            // A terminal whose other end is closed answers with an error.
            let Ok(length @ 1..) = self.from.read(&mut buffer) else { return Left::Closed };
            // Where nobody reads any more, the program is to notice.
            if write_all(self.to, &buffer[..length]).is_err() {
                return Left::Closed;
            }
            writes(self.stream, &buffer[..length]);
        }
    }
}

/// Where a stream of this process goes.
struct Target {
    fd: RawFd,
    place: (u64, u64, u64),
    is_terminal: bool,
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

#[allow(unsafe_code, clippy::unnecessary_cast)]
impl Target {
    /// None for what is not passed through: a file, which is read back, or a device that swallows it.
    fn of(fd: RawFd) -> Option<Self> {
        // SAFETY: the structure is filled by the call, and only read if it was.
        let (status, is_terminal) = unsafe {
            let mut status = std::mem::zeroed::<libc::stat>();
            if libc::fstat(fd, &raw mut status) != 0 {
                return None;
            }
            (status, libc::isatty(fd) == 1)
        };
        let passes = matches!(status.st_mode & libc::S_IFMT, libc::S_IFIFO | libc::S_IFSOCK);
        let place = (status.st_dev as u64, status.st_ino as u64, status.st_rdev as u64);
        (is_terminal || passes).then_some(Self { fd, place, is_terminal })
    }

    fn passage(&self, stream: Stream) -> Option<(Passage, OwnedFd)> {
        let (from, end) = if self.is_terminal { self.terminal() } else { pipe() }.ok()?;
        Some((Passage { stream, from: File::from(from), to: self.fd }, end))
    }

    /// A terminal of the same size that changes no byte: what its output needs, the real one does.
    fn terminal(&self) -> io::Result<(OwnedFd, OwnedFd)> {
        let (mut ours, mut theirs) = (-1, -1);
        // SAFETY: the structures are filled by the calls before they are used, and the descriptors are new.
        unsafe {
            let (mut mode, mut size) = (std::mem::zeroed(), std::mem::zeroed::<libc::winsize>());
            if libc::tcgetattr(self.fd, &raw mut mode) != 0
                || libc::ioctl(self.fd, libc::TIOCGWINSZ, &raw mut size) != 0
            {
                return Err(io::Error::last_os_error());
            }
            mode.c_oflag &= !libc::OPOST;
            mode.c_lflag &= !libc::ECHO;
            let name = std::ptr::null_mut();
            if libc::openpty(&raw mut ours, &raw mut theirs, name, &raw const mode, &raw const size) != 0 {
                return Err(io::Error::last_os_error());
            }
            for fd in [ours, theirs] {
                libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC);
            }
            Ok((OwnedFd::from_raw_fd(ours), OwnedFd::from_raw_fd(theirs)))
        }
    }
}

fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (ours, theirs) = io::pipe()?;
    Ok((ours.into(), theirs.into()))
}

#[allow(unsafe_code)]
fn readable(file: &File) -> bool {
    let mut asked = libc::pollfd { fd: file.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    // SAFETY: one structure, valid for the call.
    unsafe { libc::poll(&raw mut asked, 1, LOOK) > 0 }
}
