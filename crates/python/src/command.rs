use pyo3::prelude::*;

/// Runs the `trackline` command with these arguments (the program's name first) and gives its exit code.
#[pyfunction]
pub fn cli_main(py: Python<'_>, argv: Vec<String>) -> i32 {
    py.detach(|| trackline_cli::run(argv))
}
