//! The `trackline` command: arguments, printing, exit codes.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what this crate is for")]

mod args;
mod backup;
mod experiments;
mod failure;
mod gc;
mod json;
mod number;
mod place;
mod run;
mod runs;
mod serve;
mod sync;
mod table;
mod time;

use std::ffi::OsString;
use std::io::Write;

use clap::Parser;

use args::{Cli, Command, ExperimentsCommand, RunsCommand};
use failure::Failure;

pub use run::Interpreter;

/// Runs the command with these arguments, the program's name first, and gives the exit code:
/// 0 for success, 1 for a failure, 2 for a command that is wrong in itself; of `run`, that of the program. `python` is the
/// one that the command is a script of.
pub fn run(args: impl IntoIterator<Item = impl Into<OsString> + Clone>, python: Option<&Interpreter>) -> i32 {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(help_or_error) => {
            // Nobody reads a help text that cannot be printed.
            drop(help_or_error.print());
            return help_or_error.exit_code();
        }
    };
    let done = match &cli.command {
        _ if cli.env_file.is_some() => Err(environment_is_given()),
        Command::Run(args) => run::run(args, python),
        command => carry_out(command).and_then(|output| print(&output)).map(|()| 0),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            failure.code()
        }
    }
}

/// A process changes its own environment only where no other thread may read it.
fn environment_is_given() -> Failure {
    let what = "--env-file: the environment is taken as the command finds it";
    Failure::usage(what).hint("set it before, in a shell with: set -a; . FILE; set +a")
}

/// Gives what is to be printed at the end.
fn carry_out(command: &Command) -> Result<String, Failure> {
    match command {
        Command::Run(_) => Ok(String::new()),
        Command::Ui(args) | Command::Server(args) => serve::serve(args).map(|()| String::new()),
        Command::Runs(RunsCommand::List(args)) => runs::list(args),
        Command::Runs(RunsCommand::Show(args)) => runs::show(args),
        Command::Runs(RunsCommand::Diff(args)) => runs::diff(args),
        Command::Experiments(ExperimentsCommand::List(args)) => experiments::list(args),
        Command::Sync(args) => sync::sync(args),
        Command::Backup(args) => backup::backup(args),
        Command::Gc(args) => gc::gc(args),
        Command::Version => Ok(format!("trackline {}\n", env!("CARGO_PKG_VERSION"))),
    }
}

fn print(output: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(output.as_bytes()).and_then(|()| stdout.flush()) {
        // `trackline runs list | head` has what it wanted.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(format!("cannot write the output: {error}"))),
        Ok(()) => Ok(()),
    }
}
