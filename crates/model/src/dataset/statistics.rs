use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// The most values that [`ColumnStatistics::top`] lists.
pub const MAX_TOP: usize = 20;

/// What the values of a column are like, as the `columns` of a dataset's profile have it. What is not known, or makes
/// no sense for the column's type, is left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnStatistics {
    /// Its name; arrays have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many of the values that were looked at are there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
    /// How many of them are missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub null_count: Option<usize>,
    /// The least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<Number>,
    /// The greatest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<Number>,
    /// Their mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Their standard deviation, with `count - 1` as the divisor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub std: Option<f64>,
    /// The nine values that divide the ranked rows in ten equal parts, between two neighbours by linear interpolation
    /// (type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996; NumPy's default).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deciles: Vec<f64>,
    /// How many different values the ranked rows have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distinct: Option<usize>,
    /// The most frequent values of the ranked rows with their number, at most [`MAX_TOP`]; of columns in which values
    /// come back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub top: Vec<(Value, usize)>,
    /// How many values the last three are of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranked: Option<usize>,
}
