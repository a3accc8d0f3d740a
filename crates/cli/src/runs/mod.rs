//! `trackline runs …`

mod diff;
mod environment;
mod family;
mod find;
mod json;
mod list;
mod metric_columns;
mod show;

pub(crate) use diff::diff;
pub(crate) use list::list;
pub(crate) use show::show;

use trackline_model::{EXIT_TAG, ExitKind, Run, RunStatus, Tag};

/// Enough of an id to tell runs apart, and to give back to the command.
fn short_id(run_id: &str) -> String {
    run_id.chars().take(8).collect()
}

fn status(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Running => "RUNNING",
        RunStatus::Scheduled => "SCHEDULED",
        RunStatus::Finished => "FINISHED",
        RunStatus::Failed => "FAILED",
        RunStatus::Killed => "KILLED",
    }
}

/// As a person is told: MLflow's status, but LOST where nobody knows what became of the run.
fn state(run: &Run) -> &'static str {
    let lost = |tag: &Tag| tag.key == EXIT_TAG && tag.value == ExitKind::Lost.as_str();
    match run.info.status {
        RunStatus::Killed if run.data.tags.iter().any(lost) => "LOST",
        other => status(other),
    }
}

/// How long it took, or has been going on.
fn elapsed(run: &Run, now: i64) -> i64 {
    (run.info.end_time.unwrap_or(now) - run.info.start_time).max(0)
}

/// Whether the metric tells about the machine or about tracking, and not about the training.
fn is_system_metric(key: &str) -> bool {
    key.starts_with("system/") || key.starts_with("trackline.")
}

/// Whether the tag was set by tracking itself; such tags repeat what is shown elsewhere.
fn is_system_tag(key: &str) -> bool {
    key.starts_with("mlflow.") || key.starts_with("trackline.")
}
