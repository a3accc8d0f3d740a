use trackline_model::Invalid;

use super::weights::{Weights, same_length};

/// True against false positives as the threshold falls.
#[derive(Debug, Clone, PartialEq)]
pub struct RocCurve {
    /// The share of negative samples at or above each threshold, rising from 0 to 1.
    pub false_positive_rate: Vec<f64>,
    /// The share of positive samples at or above each threshold, rising from 0 to 1.
    pub true_positive_rate: Vec<f64>,
    /// Falling; the first is infinite.
    pub thresholds: Vec<f64>,
    /// The area under the curve.
    pub area: f64,
}

/// Precision against recall as the threshold rises.
#[derive(Debug, Clone, PartialEq)]
pub struct PrecisionRecallCurve {
    /// Precision at each threshold, then 1.
    pub precision: Vec<f64>,
    /// Recall at each threshold, then 0.
    pub recall: Vec<f64>,
    /// Rising; one fewer than the points.
    pub thresholds: Vec<f64>,
    /// The precision averaged over the steps of recall.
    pub average_precision: f64,
    /// The share of positive samples: what a guess would reach.
    pub prevalence: f64,
}

/// The ROC curve, without the points that lie on a line between their neighbours.
pub fn roc_curve(positive: &[bool], scores: &[f64], weights: Option<&[f64]>) -> Result<RocCurve, Invalid> {
    let mut steps = steps(positive, scores, weights)?;
    drop_collinear(&mut steps);
    steps.insert(0, Step { threshold: f64::INFINITY, ..Step::default() });
    let last = *steps.last().unwrap_or(&Step::default());
    if last.negatives <= 0.0 || last.positives <= 0.0 {
        return Err(Invalid::new("a ROC curve needs samples of both classes"));
    }
    let false_positive_rate: Vec<f64> = steps.iter().map(|step| step.negatives / last.negatives).collect();
    let true_positive_rate: Vec<f64> = steps.iter().map(|step| step.positives / last.positives).collect();
    let area = trapezoids(&false_positive_rate, &true_positive_rate);
    let thresholds = steps.iter().map(|step| step.threshold).collect();
    Ok(RocCurve { false_positive_rate, true_positive_rate, thresholds, area })
}

/// The area under the ROC curve of a binary problem.
pub fn roc_auc_binary(positive: &[bool], scores: &[f64], weights: Option<&[f64]>) -> Result<f64, Invalid> {
    roc_curve(positive, scores, weights).map(|curve| curve.area)
}

/// The precision-recall curve, with every threshold.
pub fn precision_recall_curve(
    positive: &[bool],
    scores: &[f64],
    weights: Option<&[f64]>,
) -> Result<PrecisionRecallCurve, Invalid> {
    let steps = steps(positive, scores, weights)?;
    let last = *steps.last().unwrap_or(&Step::default());
    if last.positives <= 0.0 {
        return Err(Invalid::new("a precision-recall curve needs samples of the positive class"));
    }
    let precision_at = |step: &Step| match step.positives + step.negatives {
        0.0 => 0.0,
        predicted => step.positives / predicted,
    };
    let rising = || steps.iter().rev();
    let precision: Vec<f64> = rising().map(precision_at).chain([1.0]).collect();
    let recall: Vec<f64> = rising().map(|step| step.positives / last.positives).chain([0.0]).collect();
    let average_precision = recall
        .windows(2)
        .zip(&precision)
        .map(|(recall, precision)| (recall[0] - recall[1]) * precision)
        .sum();
    let prevalence = last.positives / (last.positives + last.negatives);
    let thresholds = rising().map(|step| step.threshold).collect();
    Ok(PrecisionRecallCurve { precision, recall, thresholds, average_precision, prevalence })
}

/// The weight of the samples of either class at or above a threshold.
#[derive(Clone, Copy, Default)]
struct Step {
    threshold: f64,
    positives: f64,
    negatives: f64,
}

/// One step per distinct score, highest first.
fn steps(positive: &[bool], scores: &[f64], weights: Option<&[f64]>) -> Result<Vec<Step>, Invalid> {
    same_length(positive.len(), scores.len())?;
    let weights = Weights::new(weights, scores.len())?;
    if let Some(score) = scores.iter().find(|score| !score.is_finite()) {
        return Err(Invalid::new(format!("a score is {score}; scores must be finite")));
    }
    let kept = (0..scores.len()).filter(|&index| weights.at(index) != 0.0);
    let mut order: Vec<(f64, usize)> = kept.map(|index| (scores[index], index)).collect();
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut steps: Vec<Step> = Vec::new();
    let mut sum = Step::default();
    for (score, index) in order {
        let starts = steps.last().is_none_or(|last| last.threshold != score);
        sum.threshold = score;
        *(if positive[index] { &mut sum.positives } else { &mut sum.negatives }) += weights.at(index);
        match steps.last_mut() {
            Some(last) if !starts => *last = sum,
            _ => steps.push(sum),
        }
    }
    Ok(steps)
}

/// Drops steps at which neither count's slope changes; the first and the last stay.
fn drop_collinear(steps: &mut Vec<Step>) {
    if steps.len() <= 2 {
        return;
    }
    let bends = |a: f64, b: f64, c: f64| (c - b) - (b - a) != 0.0;
    let keep: Vec<bool> = steps
        .windows(3)
        .map(|w| {
            bends(w[0].negatives, w[1].negatives, w[2].negatives)
                || bends(w[0].positives, w[1].positives, w[2].positives)
        })
        .collect();
    let last = steps.len() - 1;
    let mut index = 0;
    steps.retain(|_| {
        let kept = index == 0 || index == last || keep[index - 1];
        index += 1;
        kept
    });
}

fn trapezoids(x: &[f64], y: &[f64]) -> f64 {
    x.windows(2).zip(y.windows(2)).map(|(x, y)| (x[1] - x[0]) * (y[0] + y[1]) / 2.0).sum()
}
