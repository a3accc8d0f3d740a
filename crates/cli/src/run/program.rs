//! What is to be run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Interpreter;

/// A program and its arguments.
#[derive(Debug)]
pub(super) struct Program {
    /// The script or the name of the program, as the user wrote it.
    pub(super) name: OsString,
    /// What is executed, with its arguments.
    pub(super) argv: Vec<OsString>,
}

impl Program {
    /// A command as it was written; a script that ends in `.py` is for Python: the one that Trackline is installed in, or
    /// else the one on the path.
    pub(super) fn of(given: &[OsString], python: Option<&Interpreter>) -> Self {
        let mut argv = given.to_vec();
        let script = given.iter().find(|word| is_script(word));
        let name = script.or(given.first()).cloned().unwrap_or_default();
        if given.first().is_some_and(is_script) {
            argv.insert(0, python.map_or_else(python_of_path, |python| python.executable.clone().into()));
        }
        Self { name, argv }
    }

    pub(super) fn command(&self) -> Command {
        let (first, rest) =
            self.argv.split_first().map_or((OsString::new(), &[][..]), |(a, b)| (a.clone(), b));
        let mut command = Command::new(first);
        command.args(rest);
        command
    }
}

fn is_script(word: &OsString) -> bool {
    Path::new(word).extension().is_some_and(|ending| ending == "py" || ending == "pyw")
}

fn python_of_path() -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let has_python = std::env::split_paths(&path).any(|folder: PathBuf| folder.join("python").is_file());
    if has_python { "python" } else { "python3" }.into()
}
