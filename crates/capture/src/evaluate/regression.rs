use trackline_model::Invalid;

use super::weights::{Weights, same_length};

fn check<'a>(truth: &[f64], predicted: &[f64], weights: Option<&'a [f64]>) -> Result<Weights<'a>, Invalid> {
    same_length(truth.len(), predicted.len())?;
    if let Some(value) = truth.iter().chain(predicted).find(|value| !value.is_finite()) {
        return Err(Invalid::new(format!("{value} among the values: the error is not defined")));
    }
    Weights::new(weights, truth.len())
}

fn differences<'a>(truth: &'a [f64], predicted: &'a [f64]) -> impl ExactSizeIterator<Item = f64> + 'a {
    truth.iter().zip(predicted).map(|(truth, predicted)| truth - predicted)
}

/// The mean of the squared differences.
pub fn mean_squared_error(truth: &[f64], predicted: &[f64], weights: Option<&[f64]>) -> Result<f64, Invalid> {
    check(truth, predicted, weights)?
        .mean(differences(truth, predicted).map(|difference| difference * difference))
}

/// The mean of the absolute differences.
pub fn mean_absolute_error(
    truth: &[f64],
    predicted: &[f64],
    weights: Option<&[f64]>,
) -> Result<f64, Invalid> {
    check(truth, predicted, weights)?.mean(differences(truth, predicted).map(f64::abs))
}

/// The share of the variance that the predictions explain; for a constant truth 1 if it is met, else 0.
pub fn r2_score(truth: &[f64], predicted: &[f64], weights: Option<&[f64]>) -> Result<f64, Invalid> {
    if truth.len() < 2 {
        return Err(Invalid::new(format!("R² needs at least two samples, not {}", truth.len())));
    }
    let center = check(truth, predicted, weights)?.mean(truth.iter().copied())?;
    let left = mean_squared_error(truth, predicted, weights)?;
    let spread =
        Weights::new(weights, truth.len())?.mean(truth.iter().map(|value| (value - center).powi(2)))?;
    Ok(match (spread, left) {
        (0.0, 0.0) => 1.0,
        (0.0, _) => 0.0,
        _ => 1.0 - left / spread,
    })
}
