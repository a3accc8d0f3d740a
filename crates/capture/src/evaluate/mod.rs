//! Scores of a model's predictions, with scikit-learn's meaning to the last digits.
//!
//! The definitions are those of `sklearn.metrics` (1.9):
//! <https://scikit-learn.org/stable/modules/model_evaluation.html>.

mod classification;
mod curves;
mod labels;
mod probability;
mod regression;
mod scores;
mod weights;

pub use classification::{
    Average, ConfusionMatrix, MAX_CONFUSION_CLASSES, PrecisionRecallF1, accuracy, confusion_matrix,
    precision_recall_f1,
};
pub use curves::{PrecisionRecallCurve, RocCurve, precision_recall_curve, roc_auc_binary, roc_curve};
pub use labels::{Classes, LabelValues};
pub use probability::{Multiclass, Probabilities, log_loss, roc_auc};
pub use regression::{mean_absolute_error, mean_squared_error, r2_score};
pub use scores::{Classification, classification_scores, regression_scores};
