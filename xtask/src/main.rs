//! Checks of the house that no compiler makes. `cargo xtask tidy` runs them all.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command for the developer's terminal")]

mod tidy;

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("tidy") => tidy::run(),
        other => {
            eprintln!("error: {} is no task", other.unwrap_or("nothing"));
            eprintln!("hint: cargo xtask tidy");
            ExitCode::from(2)
        }
    }
}
