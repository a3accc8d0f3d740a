use std::env;
use std::time::Duration;

use crate::switches::{Category, variable_is_on};

/// Nothing is sampled oftener: the kernel counts processor time in hundredths of a second.
pub const SHORTEST: Duration = Duration::from_millis(100);

/// What the environment says, read on the thread of a caller: another thread must not read what the program may be
/// changing.
#[derive(Debug)]
pub struct Settings {
    /// Between two samples, if it is said.
    pub interval: Option<Duration>,
    /// What this machine is called in the keys of a run that several machines log to.
    pub node: Option<String>,
}

impl Settings {
    pub fn from_environment() -> Self {
        let intervals = ["TRACKLINE_SYSTEM_METRICS_INTERVAL", "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL"];
        let seconds = intervals.into_iter().find_map(positive);
        // MLflow takes that many samples for a point. Utilisation is that of the whole time anyway.
        let samples = positive("MLFLOW_SYSTEM_METRICS_SAMPLES_BEFORE_LOGGING");
        let interval = seconds.or(samples.map(|_| super::INTERVAL.as_secs_f64()));
        let interval = interval.map(|seconds| seconds * samples.unwrap_or(1.0));
        Self {
            interval: interval
                .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
                .map(|interval| interval.max(SHORTEST)),
            node: env::var("MLFLOW_SYSTEM_METRICS_NODE_ID").ok().filter(|node| !node.is_empty()),
        }
    }
}

/// Whether runs get system metrics that say nothing about it themselves.
pub fn enabled() -> bool {
    Category::SystemMetrics.is_on() && variable_is_on("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING") != Some(false)
}

fn positive(name: &str) -> Option<f64> {
    env::var(name).ok()?.parse().ok().filter(|number: &f64| *number > 0.0)
}
