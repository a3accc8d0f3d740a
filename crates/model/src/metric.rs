use serde::{Deserialize, Serialize};

/// One measured value of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// What was measured.
    pub key: String,
    /// Any double, NaN and the infinities included.
    pub value: f64,
    /// When.
    pub timestamp: i64,
    /// Where on the training axis; may be negative, need not rise.
    pub step: i64,
    /// The logged model it was measured of, if one.
    pub model_id: Option<String>,
    /// The dataset it was measured on, if one.
    pub dataset_name: Option<String>,
    /// The digest of that dataset.
    pub dataset_digest: Option<String>,
}

impl Metric {
    /// Its point in the history of its key.
    #[must_use]
    pub fn point(&self) -> Point {
        Point { step: self.step, timestamp: self.timestamp, value: self.value }
    }

    /// A point of `key` that belongs to no logged model and no dataset.
    #[must_use]
    pub fn of_point(key: impl Into<String>, point: &Point) -> Self {
        Self {
            key: key.into(),
            value: point.value,
            timestamp: point.timestamp,
            step: point.step,
            model_id: None,
            dataset_name: None,
            dataset_digest: None,
        }
    }
}

/// One point of a metric's history.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Where on the training axis.
    pub step: i64,
    /// When.
    pub timestamp: i64,
    /// Any double.
    pub value: f64,
}

/// What is known of a metric's history without reading it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricSummary {
    /// What was measured.
    pub key: String,
    /// How many points were written.
    pub count: u64,
    /// The point written at the lowest (step, time).
    pub first: Point,
    /// The greatest (step, time, value), NaN counting as 0: MLflow's rule for "latest".
    pub latest: Point,
    /// The least value that is not NaN; NaN if there is none.
    pub min: f64,
    /// The greatest value that is not NaN; NaN if there is none.
    pub max: f64,
}
