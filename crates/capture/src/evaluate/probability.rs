use trackline_model::Invalid;

use super::weights::Weights;
use super::{Average, Classes, roc_auc_binary};
use crate::data::ArrayView;

/// The predicted probability of each class for each sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Probabilities {
    /// One row per sample, one column per class in sorted order, in C order.
    values: Vec<f64>,
    columns: usize,
    /// The smallest step of the type the values came in; probabilities are clipped to it.
    epsilon: f64,
}

/// How an area under a curve is defined for more than two classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Multiclass {
    /// Every pair of classes (Hand and Till, 2001). Takes no sample weights.
    Ovo,
    /// Each class against the rest.
    Ovr,
}

impl Probabilities {
    /// Values in C order with this many columns; `single` says that they were computed in 32 bits.
    pub fn new(values: Vec<f64>, columns: usize, single: bool) -> Result<Self, Invalid> {
        if columns == 0 || !values.len().is_multiple_of(columns) {
            return Err(Invalid::new(format!(
                "{} probabilities do not fill rows of {columns}",
                values.len()
            )));
        }
        if let Some(value) = values.iter().find(|value| !(0.0..=1.0).contains(*value)) {
            return Err(Invalid::new(format!("{value} is not a probability; they lie between 0 and 1")));
        }
        let epsilon = if single { f64::from(f32::EPSILON) } else { f64::EPSILON };
        if columns == 1 {
            let values = values.iter().flat_map(|&value| [1.0 - value, value]).collect();
            return Ok(Self { values, columns: 2, epsilon });
        }
        Ok(Self { values, columns, epsilon })
    }

    /// The result of `predict_proba`: two-dimensional, or one-dimensional with the probability of the second class.
    pub fn read(array: &ArrayView<'_>) -> Result<Self, Invalid> {
        let columns = if array.shape().len() == 2 { array.shape()[1] } else { 1 };
        Self::new(array.to_f64()?, columns, array.dtype().size == 4)
    }

    /// How many samples.
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// The probability of one class for every sample.
    pub fn column(&self, class: usize) -> Vec<f64> {
        self.values.iter().skip(class).step_by(self.columns).copied().collect()
    }

    /// Checks that there is a row per sample and a column per true class, and says which classes these are.
    fn fit(&self, classes: &Classes) -> Result<Vec<u32>, Invalid> {
        let present = classes.true_classes();
        if present.len() < 2 {
            return Err(Invalid::new("the true labels hold one class only; two are needed"));
        }
        if present.len() != self.columns || self.rows() != classes.truth.len() {
            return Err(Invalid::new(format!(
                "{} samples of {} classes but probabilities of shape {} x {}",
                classes.truth.len(),
                present.len(),
                self.rows(),
                self.columns
            )));
        }
        Ok(present)
    }
}

/// The mean of minus the logarithm of the probability given to the true class.
pub fn log_loss(
    classes: &Classes,
    probabilities: &Probabilities,
    weights: Option<&[f64]>,
) -> Result<f64, Invalid> {
    let present = probabilities.fit(classes)?;
    let (low, high) = (probabilities.epsilon, 1.0 - probabilities.epsilon);
    let losses = classes.truth.iter().enumerate().map(|(row, code)| {
        let column = present.partition_point(|class| class < code);
        -probabilities.values[row * probabilities.columns + column].clamp(low, high).ln()
    });
    Weights::new(weights, classes.truth.len())?.mean(losses)
}

/// The area under the ROC curve. With two classes `multiclass` and `average` do not matter; with more, `average`
/// is [`Average::Macro`] or [`Average::Weighted`].
pub fn roc_auc(
    classes: &Classes,
    probabilities: &Probabilities,
    multiclass: Multiclass,
    average: Average<'_>,
    weights: Option<&[f64]>,
) -> Result<f64, Invalid> {
    let present = probabilities.fit(classes)?;
    let is = |class: u32| classes.truth.iter().map(|&truth| truth == class).collect::<Vec<_>>();
    if let [_, positive] = present[..] {
        return roc_auc_binary(&is(positive), &probabilities.column(1), weights);
    }
    let weighted = match average {
        Average::Macro => false,
        Average::Weighted => true,
        other => {
            return Err(Invalid::new(format!("{other:?} is no average of areas; use Macro or Weighted")));
        }
    };
    let sample_weights = Weights::new(weights, classes.truth.len())?;
    let mut parts = Vec::new();
    match multiclass {
        Multiclass::Ovr => {
            for (column, &class) in present.iter().enumerate() {
                let positive = is(class);
                let area = roc_auc_binary(&positive, &probabilities.column(column), weights)?;
                let held = positive.iter().enumerate().filter(|(_, positive)| **positive);
                parts.push((area, held.map(|(index, _)| sample_weights.at(index)).sum()));
            }
        }
        Multiclass::Ovo if sample_weights.given() => {
            return Err(Invalid::new("one-versus-one areas are not defined with sample weights; use Ovr"));
        }
        Multiclass::Ovo => {
            for a in 0..present.len() {
                for b in a + 1..present.len() {
                    parts.push(pair(&classes.truth, probabilities, (a, present[a]), (b, present[b]))?);
                }
            }
        }
    }
    let (sum, total) = parts.iter().fold((0.0, 0.0), |(sum, total), &(area, weight)| {
        let weight = if weighted { weight } else { 1.0 };
        (sum + area * weight, total + weight)
    });
    Ok(sum / total)
}

/// The mean area of two classes against each other, and how many samples they have.
fn pair(
    truth: &[u32],
    probabilities: &Probabilities,
    a: (usize, u32),
    b: (usize, u32),
) -> Result<(f64, f64), Invalid> {
    let rows: Vec<usize> = truth
        .iter()
        .enumerate()
        .filter(|(_, class)| **class == a.1 || **class == b.1)
        .map(|(row, _)| row)
        .collect();
    let area = |(column, class): (usize, u32)| {
        let positive: Vec<bool> = rows.iter().map(|&row| truth[row] == class).collect();
        let scores: Vec<f64> =
            rows.iter().map(|&row| probabilities.values[row * probabilities.columns + column]).collect();
        roc_auc_binary(&positive, &scores, None)
    };
    Ok(((area(a)? + area(b)?) / 2.0, rows.len() as f64))
}
