//! The `trackline` command.

fn main() {
    std::process::exit(trackline_cli::run(std::env::args_os(), None));
}
