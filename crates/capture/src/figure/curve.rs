//! ROC and precision-recall curves.

use super::axes::{UnitAxes, point};
use super::color::{ACCENT, FRAME};
use crate::evaluate::{PrecisionRecallCurve, RocCurve};

/// `training_roc_curve.png`: the curve, the area under it, and what a guess would reach.
pub fn roc_curve(curve: &RocCurve, title: &str) -> Vec<u8> {
    let mut axes = UnitAxes::new(title, "False positive rate", "True positive rate");
    let line =
        thinned(curve.false_positive_rate.iter().zip(&curve.true_positive_rate).map(|(&x, &y)| point(x, y)));
    draw(&mut axes, &line, &[point(0.0, 0.0), point(1.0, 1.0)]);
    axes.legend(&format!("AUC = {:.4}", curve.area));
    axes.canvas.png(title)
}

/// `training_precision_recall_curve.png`: the curve, its average precision, and what a guess would reach.
pub fn precision_recall_curve(curve: &PrecisionRecallCurve, title: &str) -> Vec<u8> {
    let mut axes = UnitAxes::new(title, "Recall", "Precision");
    // From right to left each precision holds until the next recall, as scikit-learn draws it.
    let mut steps = Vec::with_capacity(2 * curve.recall.len());
    for (&recall, &precision) in curve.recall.iter().zip(&curve.precision) {
        if let Some(&(_, height)) = steps.last() {
            steps.push((recall, height));
        }
        steps.push((recall, precision));
    }
    let line = thinned(steps.into_iter().map(|(recall, precision)| point(recall, precision)));
    draw(&mut axes, &line, &[point(0.0, curve.prevalence), point(1.0, curve.prevalence)]);
    axes.legend(&format!("AP = {:.4}", curve.average_precision));
    axes.canvas.png(title)
}

fn draw(axes: &mut UnitAxes, line: &[(f32, f32)], guess: &[(f32, f32)]) {
    let floor = point(0.0, 0.0).1;
    let mut area = line.to_vec();
    area.extend(line.last().map(|last| (last.0, floor)));
    area.extend(line.first().map(|first| (first.0, floor)));
    axes.canvas.area(&area, ACCENT);
    axes.canvas.dashes(guess, 1.5, FRAME);
    axes.canvas.line(line, 2.5, ACCENT);
}

/// A curve of a million points has no more corners than there are pixels. The first and the last point stay.
fn thinned(points: impl Iterator<Item = (f32, f32)>) -> Vec<(f32, f32)> {
    let mut kept: Vec<(f32, f32)> = Vec::new();
    let mut skipped = None;
    for point in points {
        match kept.last() {
            Some(last) if (point.0 - last.0).abs() + (point.1 - last.1).abs() < 0.5 => skipped = Some(point),
            _ => {
                kept.push(point);
                skipped = None;
            }
        }
    }
    kept.extend(skipped);
    kept
}
