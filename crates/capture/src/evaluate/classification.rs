use trackline_model::Invalid;

use super::Classes;
use super::weights::Weights;

/// How per-class scores become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average<'a> {
    /// The score of this class alone.
    Binary(&'a str),
    /// From the counts of all classes together.
    Micro,
    /// The plain mean over the classes.
    Macro,
    /// The mean over the classes, each counting as often as it is true.
    Weighted,
}

/// Three scores that go together. Where one would divide by zero it is 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrecisionRecallF1 {
    /// Of what was predicted, the share that is true.
    pub precision: f64,
    /// Of what is true, the share that was predicted.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
}

/// How often each true class was predicted as each class.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfusionMatrix {
    /// The classes.
    pub names: Vec<String>,
    /// One row per true class, one column per predicted class, in C order.
    pub counts: Vec<f64>,
}

/// A confusion matrix of more classes than this is refused: it would be large and nobody could read it.
pub const MAX_CONFUSION_CLASSES: usize = 1000;

/// The share of samples whose predicted class is the true one.
pub fn accuracy(classes: &Classes, weights: Option<&[f64]>) -> Result<f64, Invalid> {
    let hits =
        classes.truth.iter().zip(&classes.predicted).map(|(truth, predicted)| f64::from(truth == predicted));
    Weights::new(weights, classes.truth.len())?.mean(hits)
}

/// Counts every pair of true and predicted class.
pub fn confusion_matrix(classes: &Classes, weights: Option<&[f64]>) -> Result<ConfusionMatrix, Invalid> {
    let size = classes.names.len();
    if size > MAX_CONFUSION_CLASSES {
        return Err(Invalid::new(format!(
            "a confusion matrix of {size} classes is not made; the most is {MAX_CONFUSION_CLASSES}"
        )));
    }
    let weights = Weights::new(weights, classes.truth.len())?;
    let mut counts = vec![0.0; size * size];
    for (index, (&truth, &predicted)) in classes.truth.iter().zip(&classes.predicted).enumerate() {
        counts[truth as usize * size + predicted as usize] += weights.at(index);
    }
    Ok(ConfusionMatrix { names: classes.names.clone(), counts })
}

/// Precision, recall and F1.
pub fn precision_recall_f1(
    classes: &Classes,
    weights: Option<&[f64]>,
    average: Average<'_>,
) -> Result<PrecisionRecallF1, Invalid> {
    let counts = count(classes, Weights::new(weights, classes.truth.len())?);
    match average {
        Average::Binary(name) => binary(classes, &counts, name),
        Average::Micro => Ok(counts.iter().fold(Count::default(), Count::plus).scores()),
        Average::Macro => Ok(mean(&counts, |_| 1.0)),
        Average::Weighted => Ok(mean(&counts, |count| count.truth)),
    }
}

fn binary(classes: &Classes, counts: &[Count], name: &str) -> Result<PrecisionRecallF1, Invalid> {
    match classes.position(name) {
        Some(position) => Ok(counts[position].scores()),
        // As scikit-learn has it: data of one class, not the positive one, has nothing to find and scores 0.
        None if classes.names.len() < 2 => Ok(Count::default().scores()),
        None => Err(Invalid::new(format!(
            "`{name}` is not one of the classes {}",
            classes.names.iter().take(20).cloned().collect::<Vec<_>>().join(", ")
        ))),
    }
}

/// The weight of the samples that are, and are said to be, of one class.
#[derive(Clone, Copy, Default)]
struct Count {
    both: f64,
    predicted: f64,
    truth: f64,
}

impl Count {
    fn plus(self, other: &Self) -> Self {
        Self {
            both: self.both + other.both,
            predicted: self.predicted + other.predicted,
            truth: self.truth + other.truth,
        }
    }

    fn scores(&self) -> PrecisionRecallF1 {
        PrecisionRecallF1 {
            precision: ratio(self.both, self.predicted),
            recall: ratio(self.both, self.truth),
            f1: ratio(2.0 * self.both, self.truth + self.predicted),
        }
    }
}

fn count(classes: &Classes, weights: Weights<'_>) -> Vec<Count> {
    let mut counts = vec![Count::default(); classes.names.len()];
    for (index, (&truth, &predicted)) in classes.truth.iter().zip(&classes.predicted).enumerate() {
        let weight = weights.at(index);
        counts[truth as usize].truth += weight;
        counts[predicted as usize].predicted += weight;
        if truth == predicted {
            counts[truth as usize].both += weight;
        }
    }
    counts
}

fn mean(counts: &[Count], weight: impl Fn(&Count) -> f64) -> PrecisionRecallF1 {
    let mut sum = PrecisionRecallF1 { precision: 0.0, recall: 0.0, f1: 0.0 };
    let mut total = 0.0;
    for count in counts {
        let (weight, scores) = (weight(count), count.scores());
        sum.precision += weight * scores.precision;
        sum.recall += weight * scores.recall;
        sum.f1 += weight * scores.f1;
        total += weight;
    }
    PrecisionRecallF1 {
        precision: ratio(sum.precision, total),
        recall: ratio(sum.recall, total),
        f1: ratio(sum.f1, total),
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}
