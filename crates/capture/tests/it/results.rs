//! Results in files that a program has written.

use std::fs;

use trackline_capture::results;

/// `key=value` of scores, `key=value,value@step` of curves with the step of their end.
fn found(name: &str, text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    let mut told = Vec::new();
    for written in results::read(&path) {
        let values: Vec<String> = written.points.iter().map(|(_, value)| value.to_string()).collect();
        let end = written.points.last().unwrap().0;
        told.push(format!("{}={}@{end}", written.key, values.join(",")).replace("@0", ""));
    }
    told.sort();
    told.join(" ")
}

#[test]
fn scores_in_json_and_yaml() {
    let text =
        r#"{"accuracy": 0.93, "n_test": 20, "F1-score": 0.5, "lr": 0.1, "bias": -1.5, "best_model": "tree"}"#;
    assert_eq!(found("report.json", text), "accuracy=0.93 f1_score=0.5");
    assert_eq!(found("out_metrics.json", text), "accuracy=0.93 bias=-1.5 f1_score=0.5");
    assert_eq!(
        found("a.json", r#"{"results": {"test": {"rmse": 2.5, "within": 0.5}}}"#),
        "test_rmse=2.5 test_within=0.5"
    );
    assert_eq!(
        found("summary.yaml", "accuracy: 0.9\ndate: 2024-01-01\nnested:\n  loss: 0.25\n"),
        "accuracy=0.9 nested_loss=0.25"
    );
    assert_eq!(found("a.json", r#"{"matrix": [[1, 2], [3, 4]], "counts": [1, 2], "loss": 7}"#), "");
}

#[test]
fn curves() {
    assert_eq!(
        found("a.json", r#"{"loss": [0.5, 0.25], "val": {"loss": [0.75, 0.5]}}"#),
        "loss=0.5,0.25@1 val_loss=0.75,0.5@1"
    );
    assert_eq!(
        found("h.json", r#"[{"epoch": 1, "loss": 0.5, "n": 3}, {"epoch": 2, "loss": 0.25, "n": 3}]"#),
        "loss=0.5,0.25@2"
    );
    assert_eq!(found("h.csv", "epoch,mse,seconds\n0,0.5,1.5\n10,0.25,1.5\n"), "mse=0.5,0.25@10");
    assert_eq!(
        found("h.csv", ",loss,val_loss\n0,0.5,0.75\n1,0.25,0.5\n"),
        "loss=0.5,0.25@1 val_loss=0.75,0.5@1"
    );
    assert_eq!(found("h.tsv", "loss\tacc\n0.5\t0.1\n0.25\t0.2\n"), "acc=0.1,0.2@1 loss=0.5,0.25@1");
}

#[test]
fn tables_of_models_and_of_metrics() {
    let text = "model,accuracy,n_features\nRandom Forest,0.75,10\n\"SVM, linear\",0.5,10\n";
    assert_eq!(found("scores.csv", text), "random_forest_accuracy=0.75 svm_linear_accuracy=0.5");
    assert_eq!(found("m.csv", "metric,value\nAccuracy,0.75\nF1,0.5\nrows,10\n"), "accuracy=0.75 f1=0.5");
    assert_eq!(found("m.csv", "accuracy,f1\n0.75,0.5\n"), "accuracy=0.75 f1=0.5");
    assert_eq!(
        found("t.json", r#"[{"name": "a", "auc": 0.5}, {"name": "b", "auc": 0.75}]"#),
        "a_auc=0.5 b_auc=0.75"
    );
}

#[test]
fn texts_are_read_as_if_they_were_shown() {
    let text = "Report of 2024-03-01\nfinal mse: 0.0851\nR2: 0.98\n3 models in 20.5 seconds\n";
    assert_eq!(found("report.txt", text), "final_mse=0.0851 r2=0.98");
    assert_eq!(found("log.txt", "Epoch 1: loss 0.5\nEpoch 2: loss 0.25\n"), "loss=0.5,0.25@2");
}

#[test]
fn data_is_no_result() {
    for (name, text) in [
        ("predictions.csv", "id,prediction,error\n1,0.5,0.25\n2,0.5,0.5\n"),
        ("predictions.csv", ",y_true,y_pred,loss\n0,1,0,0.5\n1,0,1,0.75\n"),
        ("report.csv", ",precision,recall,support\na,0.5,0.5,10\n"),
        ("people.csv", "name,age,height\nAnn,30,1.7\n"),
        ("broken.csv", "loss,acc\n0.5\n"),
        ("broken.json", "{\"loss\": 0.5"),
        ("nan.yaml", "loss: .nan\n"),
        ("reviews.json", r#"[{"text": "good", "stars": 4.5}, {"text": "bad", "stars": 1.5}]"#),
        ("loss.bin", "loss: 0.5"),
    ] {
        assert_eq!(found(name, text), if name == "loss.bin" { "loss=0.5" } else { "" }, "{name}: {text}");
    }
    let long: String = (0..60).map(|row| format!("m{row},0.5\n")).collect();
    assert_eq!(found("long.csv", &format!("model,accuracy\n{long}")), "");
}
