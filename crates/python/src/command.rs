use pyo3::prelude::*;

/// Runs the `trackline` command with these arguments (the program's name first) and gives its exit code.
#[pyfunction]
pub fn cli_main(py: Python<'_>, argv: Vec<String>) -> i32 {
    end_at_interrupt();
    py.detach(|| trackline_cli::run(argv))
}

/// Python's handler would only set a flag, which nobody looks at while the command runs.
#[allow(unsafe_code)]
fn end_at_interrupt() {
    // SAFETY: sets the default action of a signal; no handler of ours is involved.
    unsafe { libc::signal(libc::SIGINT, libc::SIG_DFL) };
}
