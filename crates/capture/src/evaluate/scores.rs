use trackline_model::Invalid;

use super::{
    Average, Classes, LabelValues, Multiclass, Probabilities, accuracy, log_loss, mean_absolute_error,
    mean_squared_error, precision_recall_f1, r2_score, roc_auc,
};

/// What a classifier said about samples whose class is known.
#[derive(Debug, Clone, Copy)]
pub struct Classification<'a> {
    /// The true labels.
    pub truth: &'a LabelValues,
    /// The predicted labels.
    pub predicted: &'a LabelValues,
    /// The predicted probability of each class.
    pub probabilities: Option<&'a Probabilities>,
    /// One weight per sample.
    pub weights: Option<&'a [f64]>,
    /// The positive class of a binary problem, as text; `None` averages over the classes by their weight.
    pub pos_label: Option<&'a str>,
}

/// The scores that MLflow records after a classifier's `fit`, under its names without the prefix `training_`:
/// `precision_score`, `recall_score`, `f1_score`, `accuracy_score`, with probabilities also `log_loss`, `roc_auc`.
/// A score that is not defined for the data (one class only, say) is left out.
pub fn classification_scores(input: &Classification<'_>) -> Result<Vec<(&'static str, f64)>, Invalid> {
    let classes = Classes::encode(input.truth, input.predicted)?;
    let average = input.pos_label.map_or(Average::Weighted, Average::Binary);
    let mut scores = Vec::with_capacity(6);
    if let Ok(found) = precision_recall_f1(&classes, input.weights, average) {
        scores.push(("precision_score", found.precision));
        scores.push(("recall_score", found.recall));
        scores.push(("f1_score", found.f1));
    }
    scores.push(("accuracy_score", accuracy(&classes, input.weights)?));
    if let Some(probabilities) = input.probabilities {
        if let Ok(loss) = log_loss(&classes, probabilities, input.weights) {
            scores.push(("log_loss", loss));
        }
        if let Ok(area) = roc_auc(&classes, probabilities, Multiclass::Ovo, Average::Weighted, input.weights)
        {
            scores.push(("roc_auc", area));
        }
    }
    Ok(scores)
}

/// The scores that MLflow records after a regressor's `fit`, under its names without the prefix `training_`:
/// `mean_squared_error`, `mean_absolute_error`, `r2_score`, `root_mean_squared_error`.
pub fn regression_scores(
    truth: &[f64],
    predicted: &[f64],
    weights: Option<&[f64]>,
) -> Result<Vec<(&'static str, f64)>, Invalid> {
    let squared = mean_squared_error(truth, predicted, weights)?;
    let mut scores = vec![
        ("mean_squared_error", squared),
        ("mean_absolute_error", mean_absolute_error(truth, predicted, weights)?),
        ("root_mean_squared_error", squared.sqrt()),
    ];
    if let Ok(r2) = r2_score(truth, predicted, weights) {
        scores.push(("r2_score", r2));
    }
    Ok(scores)
}
