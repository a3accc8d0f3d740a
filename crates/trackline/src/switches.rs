//! What is captured, by category, and how a user switches a category off.

use std::env;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

/// A kind of thing that is captured without being logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Results of metric functions.
    Metrics,
    /// Values in what the program prints or shows in a progress bar.
    Shown,
    /// Figures that are drawn.
    Figures,
    /// Files that are written and read.
    Files,
    /// Descriptions of the data.
    Data,
    /// Models saved on the way.
    Checkpoints,
    /// The structure of models.
    Structure,
    /// What a training loop of the program's own does.
    Loops,
    /// Arguments of the command line.
    Arguments,
    /// Configurations, and constants of the script.
    Configs,
    /// Repeated fits of one place as one search.
    Sweeps,
    /// What the program writes to the terminal.
    Console,
    /// Use of the machine.
    SystemMetrics,
    /// The machine, the interpreter and the packages.
    Environment,
    /// Commit and changes.
    Git,
    /// The source of the script.
    Code,
}

impl Category {
    /// Every category.
    pub const ALL: [Self; 16] = [
        Self::Metrics,
        Self::Shown,
        Self::Figures,
        Self::Files,
        Self::Data,
        Self::Checkpoints,
        Self::Structure,
        Self::Loops,
        Self::Arguments,
        Self::Configs,
        Self::Sweeps,
        Self::Console,
        Self::SystemMetrics,
        Self::Environment,
        Self::Git,
        Self::Code,
    ];

    /// Its name: `system_metrics`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Metrics => "metrics",
            Self::Shown => "shown",
            Self::Figures => "figures",
            Self::Files => "files",
            Self::Data => "data",
            Self::Checkpoints => "checkpoints",
            Self::Structure => "structure",
            Self::Loops => "loops",
            Self::Arguments => "arguments",
            Self::Configs => "configs",
            Self::Sweeps => "sweeps",
            Self::Console => "console",
            Self::SystemMetrics => "system_metrics",
            Self::Environment => "environment",
            Self::Git => "git",
            Self::Code => "code",
        }
    }

    /// What it is, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::Metrics => "Results of metric functions",
            Self::Shown => "Values that are printed, logged or shown in progress bars",
            Self::Figures => "Figures that are shown, saved or left open",
            Self::Files => "Files that are written and read",
            Self::Data => "What the data looks like, and where it came from",
            Self::Checkpoints => "Models saved on the way",
            Self::Structure => "The structure of models",
            Self::Loops => "What training loops compute",
            Self::Arguments => "Arguments of the command line",
            Self::Configs => "Configurations, and constants of the script",
            Self::Sweeps => "Repeated fits, as one search",
            Self::Console => "What is written to the terminal",
            Self::SystemMetrics => "Use of processors, memory and devices",
            Self::Environment => "Machine, interpreter and packages",
            Self::Git => "Commit and uncommitted changes",
            Self::Code => "The source of the script",
        }
    }

    /// The category of a name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }

    /// The variable of the environment that switches it: `TRACKLINE_SYSTEM_METRICS`.
    pub fn variable(self) -> String {
        format!("TRACKLINE_{}", self.name().to_ascii_uppercase())
    }

    /// Switches it for this process, or with `None` leaves it to the environment again.
    pub fn choose(self, on: Option<bool>) {
        let choice = on.map_or(UNCHOSEN, |on| if on { ON } else { OFF });
        CHOSEN[self as usize].store(choice, Ordering::Relaxed);
    }

    /// Whether it is captured: what this process chose, else the environment (`TRACKLINE_FIGURES=off`), else
    /// `[tool.trackline]` of the nearest `pyproject.toml` (`figures = false`), else yes.
    pub fn is_on(self) -> bool {
        match CHOSEN[self as usize].load(Ordering::Relaxed) {
            ON => true,
            OFF => false,
            _ => variable_is_on(&self.variable()).unwrap_or_else(|| !project().contains(&self)),
        }
    }
}

// Atomics: a forked child must find no lock that another thread held.
static CHOSEN: [AtomicU8; Category::ALL.len()] = [const { AtomicU8::new(UNCHOSEN) }; Category::ALL.len()];
const UNCHOSEN: u8 = 0;
const ON: u8 = 1;
const OFF: u8 = 2;

/// What a variable of the environment says, if it is set.
pub fn variable_is_on(name: &str) -> Option<bool> {
    let value = env::var(name).ok().filter(|value| !value.is_empty())?.to_ascii_lowercase();
    Some(!matches!(value.as_str(), "off" | "false" | "no" | "0"))
}

/// What the project switches off, as it stood when it was first asked for.
fn project() -> &'static [Category] {
    static OFF: OnceLock<Vec<Category>> = OnceLock::new();
    // Made before it is asked for a place: a child that is forked meanwhile must not wait for a thread it lacks.
    if OFF.get().is_none() {
        drop(OFF.set(env::current_dir().map(|here| switched_off(&here)).unwrap_or_default()));
    }
    OFF.get().map_or(&[], Vec::as_slice)
}

fn switched_off(here: &Path) -> Vec<Category> {
    let texts = here.ancestors().filter_map(|folder| fs::read_to_string(folder.join("pyproject.toml")).ok());
    let tables = texts.filter_map(|text| text.parse::<toml::Table>().ok());
    let found = tables.filter_map(|table| table.get("tool")?.get("trackline").cloned()).next();
    let Some(found) = found else { return Vec::new() };
    let off = |category: &Category| found.get(category.name()).and_then(toml::Value::as_bool) == Some(false);
    Category::ALL.into_iter().filter(off).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_project_that_says_something_counts() {
        let top = tempfile::tempdir().unwrap();
        let inner = top.path().join("a/b");
        fs::create_dir_all(&inner).unwrap();
        assert_eq!(switched_off(&inner), []);
        let table = "[tool.trackline]\nfigures = false\ngit = true\nnothing = false\n";
        fs::write(top.path().join("pyproject.toml"), table).unwrap();
        fs::write(inner.join("pyproject.toml"), "[project]\nname = 'inner'\n").unwrap();
        assert_eq!(switched_off(&inner), [Category::Figures]);
        fs::write(inner.join("pyproject.toml"), "not toml").unwrap();
        assert_eq!(switched_off(&inner), [Category::Figures]);
    }

    #[test]
    fn a_choice_of_the_process_counts_most() {
        assert!(Category::Sweeps.is_on());
        Category::Sweeps.choose(Some(false));
        assert!(!Category::Sweeps.is_on());
        Category::Sweeps.choose(None);
        assert!(Category::Sweeps.is_on());
        assert_eq!(Category::of("sweeps"), Some(Category::Sweeps));
        assert_eq!(Category::SystemMetrics.variable(), "TRACKLINE_SYSTEM_METRICS");
    }
}
