use std::io::{IsTerminal, stderr};

use tracing_subscriber::filter::LevelFilter;

use super::args::LogFormat;

/// Writes to standard error what the server says of itself: each request in this format, or only what went wrong.
pub(super) fn log(format: Option<LogFormat>) {
    let level = if format.is_some() { LevelFilter::INFO } else { LevelFilter::WARN };
    let lines = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_target(false)
        .with_ansi(stderr().is_terminal())
        .with_writer(stderr);
    // A second call in one process, from Python, keeps what the first one set up.
    drop(match format {
        Some(LogFormat::Json) => lines.json().flatten_event(true).with_span_list(false).try_init(),
        Some(LogFormat::Text) | None => lines.try_init(),
    });
}
