//! Signals that reach the command are for the program.

use std::io;
use std::mem::MaybeUninit;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::ptr;

use libc::{c_int, siginfo_t, sigset_t};

/// Those that would end the command, or that programs have a use for.
const FORWARDED: [c_int; 6] =
    [libc::SIGHUP, libc::SIGINT, libc::SIGQUIT, libc::SIGTERM, libc::SIGUSR1, libc::SIGUSR2];

/// Signals wait until the command asks for them; none ends it while the program lives.
pub(super) struct Signals {
    waiting: sigset_t,
    before: sigset_t,
}

#[allow(unsafe_code)]
impl Signals {
    /// To be called while there is one thread: others take it over from the one that starts them.
    pub(super) fn block() -> Self {
        let mut waiting = MaybeUninit::uninit();
        let mut before = MaybeUninit::uninit();
        // SAFETY: the sets are initialized by the calls, and the signals are valid ones.
        unsafe {
            // Ignored by whoever started the command, the end of a child would not be told.
            libc::signal(libc::SIGCHLD, libc::SIG_DFL);
            libc::sigemptyset(waiting.as_mut_ptr());
            libc::sigaddset(waiting.as_mut_ptr(), libc::SIGCHLD);
            for signal in FORWARDED {
                libc::sigaddset(waiting.as_mut_ptr(), signal);
            }
            libc::pthread_sigmask(libc::SIG_BLOCK, waiting.as_ptr(), before.as_mut_ptr());
            Self { waiting: waiting.assume_init(), before: before.assume_init() }
        }
    }

    /// Starts the program with the signals as they were, and those again that Python ignores for itself.
    pub(super) fn spawn(&self, mut command: Command) -> io::Result<Child> {
        let before = self.before;
        // SAFETY: only calls that are allowed between fork and exec.
        unsafe {
            command.pre_exec(move || {
                libc::signal(libc::SIGXFSZ, libc::SIG_DFL);
                libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, ptr::null_mut());
                Ok(())
            });
        }
        command.spawn()
    }

    /// Waits for the end of the program, and hands on to it what signals come meanwhile.
    pub(super) fn wait(&self, child: &mut Child) -> ExitStatus {
        loop {
            let (signal, from_terminal) = self.next();
            match child.try_wait() {
                Ok(Some(status)) => return status,
                // What the terminal sends, it sends to the program too.
                Ok(None) if signal != libc::SIGCHLD && !from_terminal => send(child, signal),
                Ok(None) => {}
                Err(_) => return ExitStatus::default(),
            }
        }
    }

    #[cfg(target_os = "linux")]
    fn next(&self) -> (c_int, bool) {
        let mut about = MaybeUninit::<siginfo_t>::zeroed();
        // SAFETY: both pointers are valid for the call; zeroed is a valid value of the structure.
        let (signal, about) =
            unsafe { (libc::sigwaitinfo(&raw const self.waiting, about.as_mut_ptr()), about.assume_init()) };
        (signal, about.si_code == libc::SI_KERNEL)
    }

    #[cfg(not(target_os = "linux"))]
    fn next(&self) -> (c_int, bool) {
        let mut signal = 0;
        // SAFETY: both pointers are valid for the call.
        unsafe { libc::sigwait(&raw const self.waiting, &raw mut signal) };
        (signal, matches!(signal, libc::SIGINT | libc::SIGQUIT))
    }

    /// Ends this process as the program ended, so that whoever waits for it sees the same. Leaves no second core file.
    pub(super) fn die_of(&self, signal: c_int) {
        let no_core = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: plain calls with valid arguments; the process may end in them, which is what they are for.
        unsafe {
            libc::setrlimit(libc::RLIMIT_CORE, &raw const no_core);
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.before, ptr::null_mut());
        }
    }
}

#[allow(unsafe_code)]
fn send(child: &Child, signal: c_int) {
    if let Ok(pid) = libc::pid_t::try_from(child.id()) {
        // SAFETY: the child has not been waited for, so the number is still its own.
        unsafe { libc::kill(pid, signal) };
    }
}
