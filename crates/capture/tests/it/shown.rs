//! Metrics in lines as real programs show them, and lines that hold none.

use trackline_capture::shown::{Lines, Shown};

/// What the lines of one program tell: key, step, value.
fn read(lines: &[&str]) -> Vec<(String, i64, f64)> {
    let mut state = Lines::default();
    let shown = lines.iter().flat_map(|line| state.read(line, &[], &[]));
    shown.map(|Shown { key, step, value, .. }| (key, step, value)).collect()
}

fn is(lines: &[&str], wanted: &[(&str, i64, f64)]) {
    let wanted: Vec<_> = wanted.iter().map(|(key, step, value)| ((*key).to_owned(), *step, *value)).collect();
    assert_eq!(read(lines), wanted, "{lines:#?}");
}

#[test]
fn a_line_an_epoch() {
    for line in [
        "Epoch 3: loss=0.31 acc: 92.1%",
        "epoch 3/10 - loss: 0.31 - acc: 92.1",
        "Epoch [3/10], Loss: 0.31, Acc: 92.1%",
        "[Epoch 3/10] [loss: 0.31] [acc: 92.1]",
        "Epoch: 3 | Loss: 0.31 | Acc: 92.1%",
        "epoch: 3, loss: 0.31, acc: 92.1, time: 12.3s",
        "{'epoch': 3, 'loss': 0.31, 'acc': 92.1}",
        "{\"loss\": 0.31, \"acc\": 92.1, \"epoch\": 3}",
        "Epoch: 0003 loss= 0.31 acc= 92.1",
        "Epoch 3\tloss 0.31\tacc 92.1",
        "Epoch 3 loss 0.31 acc 92.1",
        "ep=3 loss=tensor(0.31, grad_fn=<NllLossBackward0>) acc=np.float64(92.1)",
        "2024-05-01 12:00:00,123 - INFO - Epoch 3 - loss: 0.31 - acc: 92.1",
        "[2024-05-01 12:00:00] Epoch 3: Loss 0.31, Acc 92.1 (took 3.2s)",
        "\u{1b}[32mEpoch 3\u{1b}[0m loss: 0.31, acc: 92.1",
        "[3] loss: 0.31 acc: 92.1",
        "3/10 loss: 0.31 acc: 92.1",
        "[3]\tloss:0.31\tacc:92.1",
        "3:\tloss: 0.31\tacc: 92.1\ttotal: 50ms\tremaining: 5s",
    ] {
        is(&[line], &[("loss", 3, 0.31), ("acc", 3, 92.1)]);
    }
}

#[test]
fn train_and_validation() {
    for line in [
        "Epoch 3 | train loss 0.31 | val loss 0.42",
        "Epoch 3: train_loss=0.31, val_loss=0.42",
        "Epoch 3, Train Loss: 0.31, Val Loss: 0.42",
        "step 3: train loss 0.31, val loss 0.42",
        "Epoch 3 Loss: train 0.31 val 0.42",
        "Epoch 3 Loss: train=0.31, val=0.42",
    ] {
        is(&[line], &[("train_loss", 3, 0.31), ("val_loss", 3, 0.42)]);
    }
    is(
        &["Epoch 0/24", "----------", "train Loss: 0.5 Acc: 0.7", "val Loss: 0.3 Acc: 0.9"],
        &[("train_loss", 0, 0.5), ("train_acc", 0, 0.7), ("val_loss", 0, 0.3), ("val_acc", 0, 0.9)],
    );
    is(
        &["Epoch 2 - Train: loss=0.5 acc=0.7 | Val: loss=0.3 acc=0.9"],
        &[("train_loss", 2, 0.5), ("train_acc", 2, 0.7), ("val_loss", 2, 0.3), ("val_acc", 2, 0.9)],
    );
}

#[test]
fn parts_of_the_data_after_one_name() {
    is(&["MSE train: 19.9, test: 27.1"], &[("mse_train", 0, 19.9), ("mse_test", 0, 27.1)]);
    is(&["Train RMSE: 0.5 | Test: 0.7"], &[("train_rmse", 0, 0.5), ("test_rmse", 0, 0.7)]);
    is(&["Accuracy: 0.5, test: 3"], &[("accuracy", 0, 0.5)]);
}

#[test]
fn what_the_code_has_computed() {
    let told = |line: &str, results: &[f64]| {
        let shown = Lines::default().read(line, &[], results);
        shown.into_iter().map(|Shown { key, value, .. }| (key, value)).collect::<Vec<_>>()
    };
    for (line, result, key) in [
        ("Slope: 2.31", 2.31, "slope"),
        ("p-value: 0.03", 0.03, "p-value"),
        ("Intercept: 1.5", 1.5, "intercept"),
        ("Estimated number of clusters: 3", 3.0, "estimated_number_clusters"),
        ("Total errors: 12", 12.0, "total_errors"),
    ] {
        assert_eq!(told(line, &[result]), [(key.to_owned(), result)], "{line}");
        assert_eq!(told(line, &[]), [], "{line}");
    }
    for line in ["Rows: 150", "Training time: 12.5", "batch_size: 32", "clusters = [1, 2]", "done in 12.5"] {
        assert_eq!(told(line, &[150.0, 12.5, 32.0, 1.0, 2.0]), [], "{line}");
    }
}

#[test]
fn an_epoch_and_a_batch() {
    is(
        &[
            "Train Epoch: 1 [640/60000 (1%)]\tLoss: 2.1",
            "Train Epoch: 2 [640/60000 (1%)]\tLoss: 0.3",
            "Test set: Average loss: 0.0482, Accuracy: 9842/10000 (98%)",
        ],
        &[
            ("train_loss", 640, 2.1),
            ("train_loss", 60640, 0.3),
            ("test_average_loss", 0, 0.0482),
            ("test_accuracy", 0, 98.0),
        ],
    );
    is(
        &["Epoch [1/5], Step [100/600], Loss: 0.3", "Epoch [2/5], Step [100/600], Loss: 0.2"],
        &[("loss", 100, 0.3), ("loss", 700, 0.2)],
    );
    is(
        &["epoch 0 batch 0 loss 0.9", "epoch 0 batch 50 loss 0.8", "epoch 1 batch 0 loss 0.7"],
        &[("loss", 0, 0.9), ("loss", 50, 0.8), ("loss", 51, 0.7)],
    );
    is(&["[1,  2000] loss: 2.2", "[1,  4000] loss: 1.8"], &[("loss", 2000, 2.2), ("loss", 4000, 1.8)]);
    is(
        &["[Epoch 0/200] [Batch 3/938] [D loss: 0.69] [G loss: 0.71]"],
        &[("d_loss", 3, 0.69), ("g_loss", 3, 0.71)],
    );
}

#[test]
fn one_number_at_the_end() {
    for (line, key, value) in [
        ("Test accuracy: 0.93", "test_accuracy", 0.93),
        ("Accuracy: 93.1%", "accuracy", 93.1),
        ("Accuracy = 0.93", "accuracy", 0.93),
        ("The accuracy is 0.93", "accuracy", 0.93),
        ("RMSE 3.2", "rmse", 3.2),
        ("RMSE: 1,234.5", "rmse", 1234.5),
        ("R2 Score: 0.8", "r2_score", 0.8),
        ("R^2: 0.8", "r2", 0.8),
        ("R² = 0.8", "r2", 0.8),
        ("Mean Squared Error: 12.3", "mean_squared_error", 12.3),
        ("F1-score: 0.9", "f1-score", 0.9),
        ("AUC-ROC: .93", "auc-roc", 0.93),
        ("Accuracy of KNN: 0.95", "accuracy_knn", 0.95),
        ("Random Forest Accuracy: 0.95", "random_forest_accuracy", 0.95),
        ("KNN: accuracy = 0.95", "knn_accuracy", 0.95),
        ("Random Forest - Accuracy: 0.95", "accuracy", 0.95),
        ("Accuracy of the network on the 10000 test images: 55 %", "accuracy_network_test_images", 55.0),
        ("Mean CV accuracy: 0.93 (+/- 0.02)", "mean_cv_accuracy", 0.93),
        ("Accuracy: 0.93 ± 0.02", "accuracy", 0.93),
        ("MSE (test) = 0.1", "mse_test", 0.1),
        ("Accuracy (%): 92", "accuracy", 92.0),
        ("mAP@0.5: 0.71", "map_0.5", 0.71),
        ("Recall@10 = 0.5", "recall_10", 0.5),
        ("top-1 accuracy 75.2", "top-1_accuracy", 75.2),
        ("Best cross-validation score: 0.97", "best_cross-validation_score", 0.97),
        ("INFO:root:Final test accuracy: 0.93", "final_test_accuracy", 0.93),
        ("accuracy                           0.96       114", "accuracy", 0.96),
        ("loss: 0.31 (0.35)", "loss", 0.31),
        ("Loss: nan", "loss", f64::NAN),
        ("valid_0's l2: 0.24", "valid_0-l2", 0.24),
        ("silhouette score is 0.55", "silhouette_score", 0.55),
        ("Best Model: Random Forest with ROC-AUC: 0.96", "best_model_roc-auc", 0.96),
        ("Best Performance: 0.96", "best_performance", 0.96),
        ("Best Seed: 54", "best_seed", 54.0),
        ("Best alpha = 0.1", "best_alpha", 0.1),
        ("Silhouette Coefficient: 0.62", "silhouette_coefficient", 0.62),
        ("Accuracy std: 0.02", "accuracy_std", 0.02),
        ("Final classification rate: 0.96", "final_classification_rate", 0.96),
        ("MSE train: 19.9", "mse_train", 19.9),
        ("specificity from the matrix: 0.5", "specificity_from_matrix", 0.5),
        ("Perplexity on test set = 12.5", "perplexity_test_set", 12.5),
        ("Cost on training data: 1136.5", "cost_training_data", 1136.5),
        ("Train Batch Loss: 0.5", "train_batch_loss", 0.5),
    ] {
        let found = read(&[line]);
        assert_eq!(found.len(), 1, "{line}: {found:?}");
        assert_eq!(found[0].0, key, "{line}");
        assert!(found[0].2 == value || value.is_nan() && found[0].2.is_nan(), "{line}: {found:?}");
    }
}

#[test]
fn a_label_that_has_a_word_for_its_value_names_nothing_else() {
    is(&["Method:               IRLS   Log-Likelihood:        -2998.6"], &[("log-likelihood", 0, -2998.6)]);
    is(&["Model: forest, accuracy: 0.9"], &[("accuracy", 0, 0.9)]);
}

#[test]
fn counters_inside_of_sentences() {
    is(&["Cost after iteration 100: 0.48"], &[("cost", 100, 0.48)]);
    is(&["loss at step 100: 0.4"], &[("loss", 100, 0.4)]);
    is(&["Iteration 0, cost 0.69"], &[("cost", 0, 0.69)]);
    is(&["Fold 1: accuracy 0.93", "Fold 2: accuracy 0.91"], &[("accuracy", 1, 0.93), ("accuracy", 2, 0.91)]);
    is(&["iter 10: loss 4.2, time 100ms, mfu 3%"], &[("loss", 10, 4.2)]);
    is(&["step 100 | lr 1e-3 | loss 0.5"], &[("lr", 100, 1e-3), ("loss", 100, 0.5)]);
    is(&["Episode 10\tReward: 20.0"], &[("reward", 10, 20.0)]);
}

#[test]
fn a_list_is_a_curve() {
    is(&["Scores: [0.9 0.8 0.7]"], &[("scores", 0, 0.9), ("scores", 1, 0.8), ("scores", 2, 0.7)]);
    is(&["losses = [0.9, 0.8]"], &[("losses", 0, 0.9), ("losses", 1, 0.8)]);
    is(&["costs = [0.9, 0.8]"], &[("costs", 0, 0.9), ("costs", 1, 0.8)]);
}

#[test]
fn the_strength_of_a_penalty_is_no_metric() {
    is(&["l1=0.5", "ElasticNet (alpha=0.9, l1_ratio=0.8)"], &[]);
    is(&["train l1=0.5"], &[("train_l1", 0, 0.5)]);
}

#[test]
fn a_rate_is_what_the_words_before_it_say() {
    is(
        &["Epoch 1 dropout_rate=0.3 learning_rate=0.1 click_rate=0.04"],
        &[("learning_rate", 1, 0.1), ("click_rate", 1, 0.04)],
    );
    for (line, key, value) in [
        ("False positive rate: 0.07", "false_positive_rate", 0.07),
        ("acceptance rate = 0.47", "acceptance_rate", 0.47),
        ("tpr: 0.9", "tpr", 0.9),
    ] {
        is(&[line], &[(key, 0, value)]);
    }
    for line in ["learning rate: 0.1", "Dropout rate: 0.3", "mutation rate: 0.05", "frame rate: 29.5"] {
        is(&[line], &[]);
    }
}

#[test]
fn several_of_a_metric_are_one_too() {
    is(&["inertias: 12.5, maps: 64.5"], &[("inertias", 0, 12.5)]);
}

#[test]
fn names_without_a_counter_are_counted() {
    is(&["loss: 0.5", "loss: 0.4"], &[("loss", 0, 0.5), ("loss", 1, 0.4)]);
}

#[test]
fn the_loops_around_the_code_are_counters_too() {
    let mut lines = Lines::default();
    let mut step = |turns: &[i64]| lines.read("loss: 0.5", turns, &[])[0].step;
    assert_eq!([step(&[0, 0]), step(&[0, 100]), step(&[1, 0]), step(&[1, 100])], [0, 100, 101, 201]);
}

#[test]
fn a_progress_bar_counts_as_it_ends() {
    is(
        &["Epoch 1/2", " 1/10 [>....] - loss: 0.9\r10/10 [=====] 1s 5ms/step - loss: 0.5 - val_loss: 0.6"],
        &[("loss", 10, 0.5), ("val_loss", 10, 0.6)],
    );
}

#[test]
fn a_table_under_its_names() {
    is(
        &[
            "epoch     train_loss  valid_loss  accuracy  time",
            "0         0.52        0.48        0.91      00:03",
        ],
        &[("train_loss", 0, 0.52), ("valid_loss", 0, 0.48), ("accuracy", 0, 0.91)],
    );
    is(
        &[
            "  epoch    train_loss    valid_acc     dur",
            "-------  ------------  -----------  ------",
            "      1        0.6909       0.5400  0.0125",
            "      2        0.6000       0.6400  0.0115",
        ],
        &[("train_loss", 1, 0.6909), ("valid_acc", 1, 0.54), ("train_loss", 2, 0.6), ("valid_acc", 2, 0.64)],
    );
    is(&["| iter | loss | x |", "| 1 | 0.5 | 3.5 |"], &[("loss", 1, 0.5)]);
}

#[test]
fn an_unknown_name_must_change_with_a_counter() {
    let lines = ["step 1: sharpe: 0.5", "step 2: sharpe: 0.6", "step 3: sharpe: 0.7", "step 4: sharpe: 0.8"];
    is(&lines[..2], &[]);
    is(&lines, &[("sharpe", 1, 0.5), ("sharpe", 2, 0.6), ("sharpe", 3, 0.7), ("sharpe", 4, 0.8)]);
    let later = [&lines[..], &["sharpe: 0.9"]].concat();
    assert_eq!(read(&later).last(), Some(&("sharpe".to_owned(), 4, 0.9)));
    is(&["step 1: k: 0.5", "step 2: k: 0.5", "step 3: k: 0.5", "step 4: k: 0.5"], &[]);
    is(&["sharpe: 0.5", "sharpe: 0.6", "sharpe: 0.7", "sharpe: 0.8"], &[]);
}

#[test]
fn lines_about_the_machine_and_the_data() {
    for line in [
        "",
        "2024-05-01 12:00:00,123 INFO starting",
        "12:30:15 started",
        "Python 3.12.1 (main, Jan 1 2024, 10:00:00) [GCC 13.2.0] on linux",
        "torch 2.1.0+cu118, numpy: 1.26.4, version: 2.0.1",
        "X_train shape: (120, 4), y_train shape: (120,)",
        "(150, 4) (150,)",
        "torch.Size([64, 3, 32, 32])",
        "Downloading data: 100%|██████████| 26.4M/26.4M [00:02<00:00, 11.9MB/s]",
        "Saved model to /tmp/model_0.93.pt",
        "File size: 12.3 MB",
        "Listening on http://127.0.0.1:8080",
        "Server at 192.168.0.1:5000",
        "Using device: cuda:0",
        "Number of parameters: 61706",
        "Total params: 1,234,567",
        "Batch size: 32",
        "batch_size=32, epochs=10, lr=0.001, momentum=0.9",
    ] {
        is(&[line], &[]);
    }
}

#[test]
fn lines_about_settings_and_progress() {
    for line in [
        "Namespace(lr=0.01, batch_size=64, epochs=14, gamma=0.7, seed=1)",
        "Learning rate: 0.001",
        "seed: 42",
        "Training time: 12.34",
        "Elapsed: 0.53",
        "Epoch time: 12.5 s",
        "Total time 3.5",
        "done in 3.214s",
        "Train size: 120, test size: 30",
        "Training samples: 60000",
        "Best epoch: 7",
        "Early stopping at epoch 7",
        "Conv2d(1, 32, kernel_size=(3, 3), stride=(1, 1))",
        "(bn1): BatchNorm2d(64, eps=1e-05, momentum=0.1, affine=True)",
        "RandomForestClassifier(max_depth=5, n_estimators=100, random_state=42)",
        "Best parameters: {'C': 0.1, 'gamma': 0.01, 'kernel': 'rbf'}",
        "Epoch 00003: val_loss improved from 0.51234 to 0.41234, saving model to best.h5",
        "Error 404: not found",
        "Traceback (most recent call last):",
        "  File \"train.py\", line 12, in <module>",
        "0x7f8b4c0d2e10",
        "GPU 0: 45C, 80W, 1024MiB / 8192MiB",
        "Fold 1",
        "======== Fold 1 ========",
        "count    150.000000",
        "std        0.828066",
        "Standard deviation: 0.82",
        "Coefficient: 0.82",
        "Best epoch: 12",
        "Best params: {'depth': 3, 'seed': 4}",
        "25%        5.100000",
        "0  5.1  3.5  1.4  0.2  setosa",
        "[[50  0  0] [ 0 47  3] [ 0  2 48]]",
        "[0.1 0.2 0.3 0.4]",
        "5 5 0.2",
        "precision: 16",
        "           0       0.93      0.95      0.94        43",
        "Loaded 1000 images from 10 classes",
        "Step 1: load the data",
        "1. Load data",
        "Model saved in 3 files",
        "step size: 0.1",
        "dropout: 0.5",
        "Vocab size 65, iterations 5000",
        "Hello world 42",
        "0.93",
        "max_iter=1000 reached",
        "threshold: 0.5",
        "Chapter 3.2: the loss function",
        "weight decay: 0.0001",
        "Progress: 45%",
        "target score: 195.0",
    ] {
        is(&[line], &[]);
    }
}

#[test]
fn a_dict_in_a_dict_is_named_for_where_it_is() {
    is(
        &["{'epoch': 2, 'train': {'loss': 0.5}, 'val': {'loss': 0.75, 'acc': 0.25}}"],
        &[("train_loss", 2, 0.5), ("val_loss", 2, 0.75), ("val_acc", 2, 0.25)],
    );
    is(
        &[
            "[",
            "{",
            "\"epoch\": 0,",
            "\"train\": {",
            "\"loss\": 1.5",
            "},",
            "\"validation\": {",
            "\"loss\": 1.25,",
            "\"top1\": 25.0",
            "}",
            "}",
            "]",
            "loss: 0.5",
        ],
        &[("train_loss", 0, 1.5), ("val_loss", 0, 1.25), ("val_top1", 0, 25.0), ("loss", 0, 0.5)],
    );
    is(&["{'svm': {'accuracy': 0.5}}", "accuracy: 0.75"], &[("svm_accuracy", 0, 0.5), ("accuracy", 0, 0.75)]);
    is(
        &["\"train\": {", "\"loss\": 0.5", "and so on", "\"loss\": 0.25"],
        &[("train_loss", 0, 0.5), ("loss", 0, 0.25)],
    );
}

#[test]
fn a_part_of_the_data_with_a_counter_of_its_batches() {
    is(
        &[
            "Train: 0 [   2/6 ( 50%)]  Loss: 1.35 (1.41)  Time: 0.340s,   47.06/s  (0.621s,   25.76/s)  Data: 0.231 (0.231)",
            "Train: 1 [   2/6 ( 50%)]  Loss: 1.04 (1.27)  Time: 0.348s,   45.94/s  (0.552s,   28.98/s)  Data: 0.036 (0.038)",
            "Test: [   1/1]  Time: 0.030 (0.221)  Loss:   1.366 ( 1.360)  Acc@1:   0.000 ( 25.000)",
        ],
        &[("train_loss", 2, 1.35), ("train_loss", 8, 1.04), ("test_loss", 0, 1.366), ("test_acc_1", 0, 0.0)],
    );
}

#[test]
fn a_part_of_the_data_within_a_word() {
    is(
        &["EP2_train, avg_loss= 6.5 total_acc= 49.5", "EP2_test, avg_loss= 7.5 total_acc= 48.5"],
        &[
            ("train_avg_loss", 0, 6.5),
            ("train_total_acc", 0, 49.5),
            ("test_avg_loss", 0, 7.5),
            ("test_total_acc", 0, 48.5),
        ],
    );
}

#[test]
fn a_counter_that_stands_still_goes_on() {
    is(
        &["Episode T: 200 Reward: -3.5", "Episode T: 200 Reward: -2.5", "Episode T: 150 Reward: -1.5"],
        &[("reward", 200, -3.5), ("reward", 201, -2.5), ("reward", 202, -1.5)],
    );
}

#[test]
fn what_an_arrow_leads_from_and_to_is_told_elsewhere() {
    is(&["Validation loss decreased (inf --> 0.167462).  Saving model ..."], &[]);
    is(&["Validation loss decreased (0.167462 --> 0.160316).  Saving model ..."], &[]);
    is(
        &["Epoch: 1, Steps: 133 | Train Loss: 0.2063994 Vali Loss: 0.1674620"],
        &[("train_loss", 1, 0.206_399_4), ("vali_loss", 1, 0.167_462_0)],
    );
}

#[test]
fn a_rate_per_second_measures_the_machine() {
    let line = |step, rate| format!("step {step}: img/s: {rate} loss: 0.5");
    let lines: Vec<_> = (1..6).map(|step| line(step, 2.5 * f64::from(step))).collect();
    let keys = read(&lines.iter().map(String::as_str).collect::<Vec<_>>()).into_iter().map(|(key, ..)| key);
    assert!(keys.eq(["loss"; 5]));
}

#[test]
fn of_how_many_a_percentage_is_counts_nothing() {
    is(
        &["3/391 Loss: 1.25 | Acc: 45.5% (290/640) | F1: 0.5"],
        &[("loss", 3, 1.25), ("acc", 3, 45.5), ("f1", 3, 0.5)],
    );
}

#[test]
fn what_a_loop_has_come_to() {
    is(&["Final m=2.5, b=-4.5"], &[("final_m", 0, 2.5), ("final_b", 0, -4.5)]);
    is(&["Best C: 10, gamma: 0.5"], &[("best_c", 0, 10.0), ("best_gamma", 0, 0.5)]);
}

#[test]
fn a_heading_names_the_numbers_below_it() {
    let told = |lines: &[&str], results: &[f64]| {
        let mut state = Lines::default();
        let shown = lines.iter().flat_map(|line| state.read(line, &[], results)).collect::<Vec<_>>();
        shown.into_iter().map(|Shown { key, value, .. }| (key, value)).collect::<Vec<_>>()
    };
    let one = |key: &str, value: f64| vec![(key.to_owned(), value)];
    assert_eq!(told(&["Model Accuracy:", "", "[0.93]"], &[]), one("model_accuracy", 0.93));
    assert_eq!(told(&["Total Award:", "2231"], &[]), one("total_award", 2231.0));
    assert_eq!(told(&["Half life:", "2.5"], &[2.5]), one("half_life", 2.5));
    assert_eq!(told(&["Half life:", "2.5"], &[]), []);
    assert_eq!(told(&["RMSE", "KNN:\t2.5"], &[2.5]), one("rmse_knn", 2.5));
    assert_eq!(told(&["RMSE", "KNN:\t2.5"], &[]), []);
    assert_eq!(told(&["Accuracy:", "done", "0.93"], &[0.93]), []);
    assert_eq!(told(&["Accuracy:", "0.93", "0.5"], &[]), one("accuracy", 0.93));
    assert_eq!(told(&["Loading the data", "0.93"], &[0.93]), []);
    assert_eq!(told(&["Accuracy", "0.1 0.2"], &[]), []);
}

#[test]
fn bytes_are_no_result() {
    let mut lines = Lines::default();
    assert_eq!(lines.read("nbytes: 0.5, slope: 0.25", &[], &[0.5, 0.25]).len(), 1);
}
