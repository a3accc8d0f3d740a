//! Every score against scikit-learn's own, from `fixtures/make_fixtures.py`.

use serde_json::Value;
use trackline_capture::evaluate::{
    Average, Classes, Classification, LabelValues, Multiclass, Probabilities, accuracy,
    classification_scores, confusion_matrix, log_loss, precision_recall_curve, precision_recall_f1,
    regression_scores, roc_auc, roc_curve,
};

fn cases(kind: &str) -> Vec<Value> {
    let scores: Value = serde_json::from_str(include_str!("../fixtures/scores.json")).unwrap();
    scores[kind].as_array().unwrap().clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn weights(case: &Value) -> Option<Vec<f64>> {
    (!case["weights"].is_null()).then(|| numbers(&case["weights"]))
}

fn labels(value: &Value) -> LabelValues {
    let values = value.as_array().unwrap();
    match &values[0] {
        Value::Bool(_) => LabelValues::Bools(values.iter().map(|v| v.as_bool().unwrap()).collect()),
        Value::String(_) => {
            LabelValues::Texts(values.iter().map(|v| v.as_str().unwrap().to_owned()).collect())
        }
        first if first.is_i64() => LabelValues::Ints(values.iter().map(|v| v.as_i64().unwrap()).collect()),
        _ => LabelValues::Floats(numbers(value)),
    }
}

fn probabilities(case: &Value) -> Option<Probabilities> {
    let rows = case["probabilities"].as_array()?;
    let values = rows.iter().flat_map(numbers).collect();
    Some(Probabilities::new(values, rows[0].as_array().unwrap().len(), false).unwrap())
}

fn classes(case: &Value) -> Classes {
    Classes::encode(&labels(&case["truth"]), &labels(&case["predicted"])).unwrap()
}

#[track_caller]
fn near(found: f64, expected: &Value, what: &str, case: &Value) {
    let expected =
        expected.as_f64().unwrap_or_else(|| panic!("{what} of `{}` is not in the fixture", case["name"]));
    let bound = 1e-12 * expected.abs().max(1.0);
    assert!((found - expected).abs() <= bound, "{what} of {}: {found}, not {expected}", case["name"]);
}

#[track_caller]
fn all_near(found: &[f64], expected: &Value, what: &str, case: &Value) {
    let expected = expected.as_array().unwrap();
    assert_eq!(found.len(), expected.len(), "points of {what} of {}", case["name"]);
    for (found, expected) in found.iter().zip(expected) {
        near(*found, expected, what, case);
    }
}

#[test]
fn counts_and_their_averages_are_those_of_scikit_learn() {
    for case in cases("classification") {
        let (classes, weights, expected) = (classes(&case), weights(&case), &case["expected"]);
        let weights = weights.as_deref();
        near(accuracy(&classes, weights).unwrap(), &expected["accuracy"], "accuracy", &case);
        let matrix = confusion_matrix(&classes, weights).unwrap();
        all_near(&matrix.counts, &expected["confusion"], "confusion", &case);
        assert_eq!(serde_json::json!(matrix.names), expected["names"]);
        let positive = classes.names.last().unwrap();
        for (name, average) in [
            ("micro", Average::Micro),
            ("macro", Average::Macro),
            ("weighted", Average::Weighted),
            ("binary", Average::Binary(positive)),
        ] {
            if expected[name].is_null() {
                continue;
            }
            let found = precision_recall_f1(&classes, weights, average).unwrap();
            all_near(&[found.precision, found.recall, found.f1], &expected[name], name, &case);
        }
    }
}

#[test]
fn losses_and_areas_are_those_of_scikit_learn() {
    let mut checked = 0;
    for case in cases("classification") {
        let (Some(probabilities), weights) = (probabilities(&case), weights(&case)) else { continue };
        let (classes, weights, expected) = (classes(&case), weights.as_deref(), &case["expected"]);
        near(log_loss(&classes, &probabilities, weights).unwrap(), &expected["log_loss"], "log loss", &case);
        for (name, area) in expected["areas"].as_object().unwrap() {
            let multiclass = if name.starts_with("ovr") { Multiclass::Ovr } else { Multiclass::Ovo };
            let average = if name.ends_with("macro") { Average::Macro } else { Average::Weighted };
            near(roc_auc(&classes, &probabilities, multiclass, average, weights).unwrap(), area, name, &case);
            checked += 1;
        }
    }
    assert_eq!(checked, 16, "areas in the fixture");
}

#[test]
fn curves_have_scikit_learns_points() {
    let mut checked = 0;
    for case in cases("classification") {
        let expected = &case["expected"]["curve"];
        if expected.is_null() {
            continue;
        }
        let (classes, weights) = (classes(&case), weights(&case));
        let positive: Vec<bool> = classes.truth.iter().map(|&code| code == 1).collect();
        let scores = probabilities(&case).unwrap().column(1);
        let roc = roc_curve(&positive, &scores, weights.as_deref()).unwrap();
        all_near(&roc.false_positive_rate, &expected["false_positive_rate"], "false positive rate", &case);
        all_near(&roc.true_positive_rate, &expected["true_positive_rate"], "true positive rate", &case);
        all_near(&roc.thresholds[1..], &expected["roc_thresholds"], "ROC thresholds", &case);
        let curve = precision_recall_curve(&positive, &scores, weights.as_deref()).unwrap();
        all_near(&curve.precision, &expected["precision"], "precision", &case);
        all_near(&curve.recall, &expected["recall"], "recall", &case);
        all_near(&curve.thresholds, &expected["thresholds"], "thresholds", &case);
        near(curve.average_precision, &expected["average_precision"], "average precision", &case);
        checked += 1;
    }
    assert_eq!(checked, 6, "curves in the fixture");
}

#[test]
fn errors_of_numbers_are_those_of_scikit_learn() {
    for case in cases("regression") {
        let weights = weights(&case);
        let (truth, predicted) = (numbers(&case["truth"]), numbers(&case["predicted"]));
        let scores = regression_scores(&truth, &predicted, weights.as_deref()).unwrap();
        assert_eq!(scores.len(), 4);
        for (name, score) in scores {
            near(score, &case["expected"][name], name, &case);
        }
    }
}

#[test]
fn a_classifier_gets_mlflows_six_scores() {
    let case = &cases("classification")[0];
    let probabilities = probabilities(case);
    let input = Classification {
        truth: &labels(&case["truth"]),
        predicted: &labels(&case["predicted"]),
        probabilities: probabilities.as_ref(),
        weights: None,
        pos_label: None,
    };
    let names = |input: &Classification<'_>| -> Vec<&str> {
        classification_scores(input).unwrap().into_iter().map(|(name, _)| name).collect()
    };
    let all = ["precision_score", "recall_score", "f1_score", "accuracy_score", "log_loss", "roc_auc"];
    assert_eq!(names(&input), all);
    let one_class = LabelValues::Ints(vec![1; 60]);
    let without_areas = Classification { truth: &one_class, predicted: &one_class, ..input };
    assert_eq!(names(&without_areas), all[..4], "what one class does not define is left out");
}

#[test]
fn probabilities_of_32_bits_are_clipped_to_their_own_step() {
    let labels = LabelValues::Ints(vec![0, 1]);
    let classes = Classes::encode(&labels, &labels).unwrap();
    let certain_and_wrong = Probabilities::new(vec![0.0, 1.0, 1.0, 0.0], 2, true).unwrap();
    let loss = log_loss(&classes, &certain_and_wrong, None).unwrap();
    assert_eq!(loss, -f64::from(f32::EPSILON).ln());
}

#[test]
fn what_cannot_be_scored_is_a_clear_error() {
    let (two, three) = (LabelValues::Ints(vec![0, 1]), LabelValues::Ints(vec![0, 1, 2]));
    let message = Classes::encode(&three, &two).unwrap_err().message;
    assert_eq!(message, "3 true values but 2 predictions: give one prediction per sample");
    let texts = LabelValues::Texts(vec!["a".to_owned(), "b".to_owned()]);
    assert!(Classes::encode(&two, &texts).unwrap_err().message.contains("both be text or both be numbers"));
    let classes = Classes::encode(&two, &two).unwrap();
    assert!(precision_recall_f1(&classes, None, Average::Binary("7")).unwrap_err().message.contains("`7`"));
    assert!(accuracy(&classes, Some(&[1.0])).unwrap_err().message.contains("1 sample weights for 2 samples"));
    assert!(roc_curve(&[true, true], &[0.1, 0.2], None).is_err());
    assert!(Probabilities::new(vec![0.5, 1.5], 2, false).is_err());
}

#[test]
fn numbers_of_different_types_are_the_same_classes() {
    let truth = LabelValues::Ints(vec![0, 1, 1]);
    let predicted = LabelValues::Floats(vec![-0.0, 1.0, 0.0]);
    let classes = Classes::encode(&truth, &predicted).unwrap();
    assert_eq!(classes.names, ["0.0", "1.0"]);
    assert_eq!((classes.truth, classes.predicted), (vec![0, 1, 1], vec![0, 1, 0]));
}
