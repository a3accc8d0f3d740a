use std::collections::HashMap;

use pyo3::prelude::*;
use trackline_capture::evaluate::{self, Classes, Classification, LabelValues, Probabilities};
use trackline_capture::figure;

use super::array::Array;
use super::column::PyValues;
use crate::error;
use crate::picture::Picture;

type Scores = HashMap<&'static str, f64>;

/// The scores that MLflow records of a classifier, without the prefix `training_`.
#[pyfunction]
#[pyo3(signature = (truth, predicted, probabilities=None, weights=None, pos_label=None))]
pub fn classification_scores(
    truth: &Bound<'_, PyAny>,
    predicted: &Bound<'_, PyAny>,
    probabilities: Option<&Bound<'_, PyAny>>,
    weights: Option<&Bound<'_, PyAny>>,
    pos_label: Option<&str>,
) -> PyResult<Scores> {
    let (truth, predicted, weights) = (labels(truth)?, labels(predicted)?, numbers_if_any(weights)?);
    let probabilities = match probabilities {
        Some(array) => Some(Probabilities::read(&Array::new(array)?.view()?).map_err(error::invalid)?),
        None => None,
    };
    let input = Classification {
        truth: &truth,
        predicted: &predicted,
        probabilities: probabilities.as_ref(),
        weights: weights.as_deref(),
        pos_label,
    };
    evaluate::classification_scores(&input).map(HashMap::from_iter).map_err(error::invalid)
}

/// The scores that MLflow records of a regressor, without the prefix `training_`.
#[pyfunction]
#[pyo3(signature = (truth, predicted, weights=None))]
pub fn regression_scores(
    truth: &Bound<'_, PyAny>,
    predicted: &Bound<'_, PyAny>,
    weights: Option<&Bound<'_, PyAny>>,
) -> PyResult<Scores> {
    let (truth, predicted, weights) = (numbers(truth)?, numbers(predicted)?, numbers_if_any(weights)?);
    evaluate::regression_scores(&truth, &predicted, weights.as_deref())
        .map(HashMap::from_iter)
        .map_err(error::invalid)
}

/// A PNG of the confusion matrix.
#[pyfunction]
pub fn draw_confusion_matrix(
    py: Python<'_>,
    truth: &Bound<'_, PyAny>,
    predicted: &Bound<'_, PyAny>,
    weights: Option<&Bound<'_, PyAny>>,
    title: String,
) -> PyResult<Picture> {
    let (truth, predicted, weights) = (labels(truth)?, labels(predicted)?, numbers_if_any(weights)?);
    let matrix = py.detach(|| {
        let classes = Classes::encode(&truth, &predicted)?;
        evaluate::confusion_matrix(&classes, weights.as_deref())
    });
    let matrix = matrix.map_err(error::invalid)?;
    Ok(Picture::of(move || figure::confusion_matrix(&matrix, &title)))
}

/// A PNG of the ROC curve of a binary problem.
#[pyfunction]
pub fn draw_roc_curve(
    py: Python<'_>,
    positive: &Bound<'_, PyAny>,
    scores: &Bound<'_, PyAny>,
    weights: Option<&Bound<'_, PyAny>>,
    title: String,
) -> PyResult<Picture> {
    let (positive, scores, weights) = (truths(positive)?, numbers(scores)?, numbers_if_any(weights)?);
    let curve = py.detach(|| evaluate::roc_curve(&positive, &scores, weights.as_deref()));
    let curve = curve.map_err(error::invalid)?;
    Ok(Picture::of(move || figure::roc_curve(&curve, &title)))
}

/// A PNG of the precision-recall curve of a binary problem.
#[pyfunction]
pub fn draw_precision_recall_curve(
    py: Python<'_>,
    positive: &Bound<'_, PyAny>,
    scores: &Bound<'_, PyAny>,
    weights: Option<&Bound<'_, PyAny>>,
    title: String,
) -> PyResult<Picture> {
    let (positive, scores, weights) = (truths(positive)?, numbers(scores)?, numbers_if_any(weights)?);
    let curve = py.detach(|| evaluate::precision_recall_curve(&positive, &scores, weights.as_deref()));
    let curve = curve.map_err(error::invalid)?;
    Ok(Picture::of(move || figure::precision_recall_curve(&curve, &title)))
}

fn labels(object: &Bound<'_, PyAny>) -> PyResult<LabelValues> {
    LabelValues::read(&PyValues::new(object)?.view()?).map_err(error::invalid)
}

fn numbers(object: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    Array::new(object)?.view()?.to_f64().map_err(error::invalid)
}

fn numbers_if_any(object: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Vec<f64>>> {
    object.map(numbers).transpose()
}

fn truths(object: &Bound<'_, PyAny>) -> PyResult<Vec<bool>> {
    Ok(numbers(object)?.into_iter().map(|value| value != 0.0).collect())
}
