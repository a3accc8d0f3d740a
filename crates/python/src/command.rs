use std::ffi::OsString;
use std::path::PathBuf;

use pyo3::prelude::*;
use trackline_cli::Interpreter;

/// Runs the `trackline` command with these arguments (the program's name first) and gives its exit code. The interpreter and
/// the folder of the package are for `trackline run`.
#[pyfunction]
pub fn cli_main(py: Python<'_>, argv: Vec<OsString>, executable: PathBuf, package: PathBuf) -> i32 {
    py.detach(|| trackline_cli::run(argv, Some(&Interpreter { executable, package })))
}
