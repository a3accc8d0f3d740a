use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A forked child of the test, and what it says.
pub struct Child {
    pid: libc::pid_t,
    said: BufReader<PipeReader>,
}

/// What a child says its lines with.
pub struct Say(PipeWriter);

impl Say {
    pub fn line(&mut self, line: impl std::fmt::Display) {
        self.0.write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}

/// Runs `work` in a forked child, which ends without any clean-up.
#[allow(unsafe_code)]
pub fn fork(work: impl FnOnce(&mut Say)) -> Child {
    let (reader, writer) = std::io::pipe().unwrap();
    // SAFETY: glibc keeps its allocator usable in a child of a program with threads, and the child ends without
    // returning into the test harness.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "no fork");
    if pid == 0 {
        drop(reader);
        let ended = catch_unwind(AssertUnwindSafe(|| work(&mut Say(writer))));
        // SAFETY: ends the process at once.
        unsafe { libc::_exit(i32::from(ended.is_err())) };
    }
    Child { pid, said: BufReader::new(reader) }
}

impl Child {
    /// The next line; none when the child has ended.
    pub fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line.strip_suffix('\n').map(str::to_owned)
    }

    /// Kills the child and gives what it said until then.
    pub fn kill(mut self) -> Vec<String> {
        kill(self.pid);
        let said = std::iter::from_fn(|| self.line()).collect();
        assert_eq!(self.status(), libc::SIGKILL);
        said
    }

    /// Kills the child, whose own children may still hold the other end of what it says.
    pub fn kill_only(self) {
        kill(self.pid);
        assert_eq!(self.status(), libc::SIGKILL);
    }

    /// Waits for the child, however it ends.
    pub fn wait(self) {
        self.status();
    }

    pub fn pid(&self) -> libc::pid_t {
        self.pid
    }

    /// Waits for the child, which must end well, and gives what it said.
    pub fn finish(mut self) -> Vec<String> {
        let said = std::iter::from_fn(|| self.line()).collect();
        assert_eq!(self.status(), 0, "the child failed");
        said
    }

    #[allow(unsafe_code)]
    fn status(&self) -> i32 {
        let mut status = 0;
        // SAFETY: a valid pointer, and a child of this process.
        unsafe { libc::waitpid(self.pid, &mut status, 0) };
        status
    }
}

/// Kills a process that a test started and nobody has waited for.
pub fn kill(pid: libc::pid_t) {
    signal(pid, libc::SIGKILL);
}

/// Sends a signal to a process that a test started and nobody has waited for.
#[allow(unsafe_code)]
pub fn signal(pid: libc::pid_t, number: libc::c_int) {
    // SAFETY: a signal; the id cannot be another process's before it was waited for.
    unsafe { libc::kill(pid, number) };
}
