//! `trackline run`: a program as it is without, and a run that says what it did.

mod args;
mod console;
mod injection;
mod left_out;
mod mail;
mod program;
mod recording;
mod signals;
mod standby;

use std::path::PathBuf;
use std::process::ExitStatus;

use trackline::Witness;

use crate::failure::Failure;
pub(crate) use args::RunArgs;
use console::Console;
use injection::Injection;
use mail::Mail;
use program::Program;
use recording::Recording;
use signals::Signals;

/// The Python that the command belongs to.
#[derive(Debug, Clone)]
pub struct Interpreter {
    /// Its path.
    pub executable: PathBuf,
    /// The folder of the package `trackline`.
    pub package: PathBuf,
}

/// Runs the program and gives the exit code; where a signal ended the program, the same ends this process.
pub(crate) fn run(args: &RunArgs, python: Option<&Interpreter>) -> Result<i32, Failure> {
    // Before there are threads: they take over what is blocked.
    let signals = Signals::block();
    let program = Program::of(&args.command, python);
    let folder = tempfile::tempdir().ok();
    let mail = folder.as_ref().and_then(|folder| Mail::below(folder.path()));
    let recording = Recording::start(args, &program)?;
    let witness = Witness::new();
    let mut command = program.command();
    command.envs(recording.environment(args));
    if let (Some(folder), Some(mail)) = (&folder, &mail) {
        command.envs(mail.environment());
        command.envs(Injection::below(folder.path(), python).environment());
    }
    let mut console = Console::attach(&mut command, recording.run());
    let mut child = match signals.spawn(command) {
        Ok(child) => child,
        Err(error) => return Err(recording.not_started(&program, &error)),
    };
    console.copy();
    let status = signals.wait(&mut child);
    console.end();
    let ending = mail.as_ref().map_or_else(|| witness.ending(status), |mail| mail.ending(status, &witness));
    recording.end(ending, mail.as_ref());
    drop(folder);
    Ok(leave(status, &signals))
}

fn leave(status: ExitStatus, signals: &Signals) -> i32 {
    use std::os::unix::process::ExitStatusExt;

    if let Some(signal) = status.signal() {
        signals.die_of(signal);
        return 128 + signal;
    }
    status.code().unwrap_or(1)
}
