use std::ffi::OsString;
use std::path::PathBuf;

use pyo3::prelude::*;
use trackline_cli::Interpreter;

/// Runs the `trackline` command with these arguments (the program's name first) and gives its exit code. The interpreter and
/// the folder of the package are for `trackline run`.
#[pyfunction]
pub fn cli_main(py: Python<'_>, argv: Vec<OsString>, executable: PathBuf, package: PathBuf) -> i32 {
    end_at_interrupt();
    py.detach(|| trackline_cli::run(argv, Some(&Interpreter { executable, package })))
}

/// Python's handler would only set a flag, which nobody looks at while the command runs.
#[allow(unsafe_code)]
fn end_at_interrupt() {
    // SAFETY: sets the action of a signal to the default or back to what it was; no handler of ours is involved.
    unsafe {
        // Whoever started the command in the background may have it ignore Ctrl-C, and the program below it too.
        if libc::signal(libc::SIGINT, libc::SIG_DFL) == libc::SIG_IGN {
            libc::signal(libc::SIGINT, libc::SIG_IGN);
        }
    }
}
