//! The texts of a dataset record, in MLflow's forms.

use super::{ArrayView, Column};

/// What identifies and sizes up a dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// 8 hex digits that differ when the content does.
    pub digest: String,
    /// JSON: `{"mlflow_tensorspec": …}` or `{"mlflow_colspec": …}`.
    pub schema: String,
    /// JSON: sizes and, where there are few enough numeric columns, their statistics; `"digest_sampled": true` when
    /// the digest and the statistics were taken from a sample.
    pub profile: String,
}

/// Describes arrays as MLflow's `NumpyDataset` does.
pub fn describe_tensors(_features: &ArrayView<'_>, _targets: Option<&ArrayView<'_>>) -> Description {
    Description::default()
}

/// Describes a table as MLflow's `PandasDataset` does.
pub fn describe_table(_columns: &[Column<'_>]) -> Description {
    Description::default()
}

/// A signature's JSON for one array: `[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 4]}}]`.
pub fn tensor_spec(_array: &ArrayView<'_>) -> String {
    String::new()
}

/// A signature's JSON for a table: `[{"type": "double", "name": "a", "required": true}]`.
pub fn column_spec(_columns: &[Column<'_>]) -> String {
    String::new()
}
