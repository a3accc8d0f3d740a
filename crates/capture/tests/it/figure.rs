use trackline_capture::evaluate::{ConfusionMatrix, precision_recall_curve, roc_curve};
use trackline_capture::figure;

#[test]
fn look() {
    let w = |n: &str, b: Vec<u8>| {
        println!("{n} {}", b.len());
        std::fs::write(format!("/tmp/capture/{n}.png"), b).unwrap();
    };
    let m = |names: &[&str], counts: Vec<f64>| ConfusionMatrix {
        names: names.iter().map(|s| s.to_string()).collect(),
        counts,
    };
    w(
        "cm3",
        figure::confusion_matrix(
            &m(&["setosa", "versicolor", "virginica"], vec![50., 0., 0., 0., 47., 3., 0., 1., 49.]),
            "Normalized confusion matrix",
        ),
    );
    w(
        "cm2",
        figure::confusion_matrix(
            &m(&["0", "1"], vec![150., 20., 3., 1234567.]),
            "Normalized confusion matrix",
        ),
    );
    for n in [10usize, 26, 100] {
        let names: Vec<String> =
            (0..n).map(|i| if n == 10 { i.to_string() } else { format!("class {i}") }).collect();
        let counts =
            (0..n * n).map(|k| if k % n == k / n { 50. } else { ((k * 7919) % 13) as f64 / 3.0 }).collect();
        w(
            &format!("cm{n}"),
            figure::confusion_matrix(&ConfusionMatrix { names, counts }, "Normalized confusion matrix"),
        );
    }
    let mut s = 12345u64;
    let mut r = || {
        s = s.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (s >> 33) as f64 / (1u64 << 31) as f64
    };
    let pos: Vec<bool> = (0..300).map(|_| r() < 0.4).collect();
    let sc: Vec<f64> = pos.iter().map(|&p| r() + if p { 0.5 } else { 0.0 }).collect();
    w("roc", figure::roc_curve(&roc_curve(&pos, &sc, None).unwrap(), "ROC curve"));
    w(
        "pr",
        figure::precision_recall_curve(
            &precision_recall_curve(&pos, &sc, None).unwrap(),
            "Precision-recall curve",
        ),
    );
    w(
        "fi4",
        figure::feature_importance(
            &[("f0".into(), 98.), ("f1".into(), 87.), ("f2".into(), 134.), ("f3".into(), 157.)],
            "Feature importance (weight)",
        ),
    );
    let many: Vec<(String, f64)> = (0..120)
        .map(|i| (format!("feature number {i} with a long name indeed"), r().powi(4) * 3.0))
        .collect();
    w("fi120", figure::feature_importance(&many, "Feature importance (gain)"));
    let neg: Vec<(String, f64)> = (0..8).map(|i| (format!("x{i}"), r() - 0.5)).collect();
    w("fineg", figure::feature_importance(&neg, "Coefficients"));
    w("fi0", figure::feature_importance(&[], "Feature importance"));
}
