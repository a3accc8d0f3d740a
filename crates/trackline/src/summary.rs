//! What a run holds, in one line.

use std::fmt;
use std::path::Path;

use trackline_model::{Captured, CapturedKind};

use crate::{Backend, Error};

/// How much there is of each kind; the use of the machine, the console and the code are not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Hyperparameters.
    pub params: usize,
    /// Metrics, each however many points it has.
    pub metrics: usize,
    /// Logged models.
    pub models: usize,
    /// Pictures among the files.
    pub figures: usize,
    /// Other files.
    pub files: usize,
}

impl Summary {
    /// Of a run as the store has it.
    ///
    /// # Errors
    /// `NotFound` for a run that is not there; trouble with the store.
    pub fn read(backend: &Backend, run_id: &str) -> Result<Self, Error> {
        Ok(Self::of(&backend.captured(run_id)?))
    }

    fn of(captured: &[Captured]) -> Self {
        let mut summary = Self::default();
        for item in captured {
            match item.kind {
                CapturedKind::Param => summary.params += 1,
                CapturedKind::Metric if !is_of_machine(&item.key) => summary.metrics += 1,
                CapturedKind::Model => summary.models += 1,
                CapturedKind::Artifact if is_picture(&item.key) => summary.figures += 1,
                CapturedKind::Artifact if item.key != "console.log" && !item.key.starts_with("code/") => {
                    summary.files += 1;
                }
                _ => {}
            }
        }
        summary
    }

    /// The line for the end of a program: what there is, and where to look.
    pub fn line(&self, backend: &Backend, run_id: &str) -> String {
        let run = &run_id[..run_id.len().min(8)];
        match backend {
            Backend::Store(_) => {
                format!("trackline: {self} · trackline runs show {run} --why · trackline ui")
            }
            Backend::Server(_) => format!("trackline: {self} · {backend} · run {run}"),
        }
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// `3 params, 1 metric, 2 files`
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.params, "param"),
            (self.metrics, "metric"),
            (self.models, "model"),
            (self.figures, "figure"),
            (self.files, "file"),
        ];
        let told = counts.iter().filter(|(count, _)| *count > 0);
        let told = told.map(|(count, what)| format!("{count} {what}{}", if *count == 1 { "" } else { "s" }));
        f.write_str(&told.collect::<Vec<_>>().join(", "))
    }
}

fn is_of_machine(key: &str) -> bool {
    key.starts_with("system/") || key.starts_with("trackline.")
}

fn is_picture(path: &str) -> bool {
    let ending = Path::new(path).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    matches!(ending.to_ascii_lowercase().as_str(), "png" | "jpg" | "jpeg" | "svg" | "gif" | "webp")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(kind: CapturedKind, key: &str) -> Captured {
        Captured { kind, key: key.to_owned(), source: "test".to_owned(), confidence: None }
    }

    #[test]
    fn what_there_is_is_counted_by_kind() {
        let items = [
            item(CapturedKind::Param, "lr"),
            item(CapturedKind::Param, "depth"),
            item(CapturedKind::Metric, "loss"),
            item(CapturedKind::Metric, "system/memory"),
            item(CapturedKind::Tag, "who"),
            item(CapturedKind::Artifact, "a/plot.PNG"),
            item(CapturedKind::Artifact, "console.log"),
            item(CapturedKind::Artifact, "code/train.py"),
        ];
        assert_eq!(Summary::of(&items).to_string(), "2 params, 1 metric, 1 figure");
        assert!(Summary::of(&items[3..5]).is_empty());
    }
}
