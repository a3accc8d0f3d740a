"""Scores that the user computes after a fit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
import sklearn.metrics as metrics
import trackline
from recorded import Recorded
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score as taken_before  # Before any test has called autolog().
from sklearn.model_selection import cross_val_score, train_test_split

X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X / X.max(axis=0), y, random_state=0)


def fitted() -> LogisticRegression:
    return LogisticRegression(max_iter=500).fit(X_train, y_train)


def test_the_usual_calls_are_all_recorded(autolog: None, recorded: Recorded) -> None:
    model = fitted()
    predicted = model.predict(X_test)
    probabilities = model.predict_proba(X_test)
    values = {
        "f1_score_X_test": metrics.f1_score(y_test, predicted),
        "f1_score-2_X_test": metrics.f1_score(y_test, predicted, average="macro"),
        "LogisticRegression_score_X_test": model.score(X_test, y_test),
        "roc_auc_score_X_test": metrics.roc_auc_score(y_test, probabilities[:, 1]),
        "roc_auc_score-2_X_test": metrics.roc_auc_score(y_test, model.decision_function(X_test)),
        "accuracy_score_X_test": metrics.accuracy_score(y_test, (probabilities[:, 1] > 0.3).astype(int)),
        "precision_score_X_test": metrics.precision_score(y_test.tolist(), predicted.tolist()),
        "recall_score_X_test": metrics.recall_score(pd.Series(y_test), pd.Series(predicted.copy())),
    }
    matrix = metrics.confusion_matrix(y_test, predicted)
    report = metrics.classification_report(y_test, predicted, output_dict=True)
    text = metrics.classification_report(y_test, predicted)
    run = recorded.run()
    assert {key: run.data.metrics.get(key) for key in values} == pytest.approx(values)
    assert recorded.json(run, "confusion_matrix_X_test.json") == matrix.tolist()
    assert recorded.json(run, "classification_report_X_test.json") == report
    assert recorded.text(run, "classification_report-2_X_test.txt") == text
    info = recorded.json(run, "metric_info.json")
    assert info["f1_score-2_X_test"] == "f1_score(y_true=y_test, y_pred=predicted, average='macro')"
    assert info["LogisticRegression_score_X_test"] == "LogisticRegression.score(X=X_test, y=y_test)"
    assert info["roc_auc_score_X_test"] == "roc_auc_score(y_true=y_test, y_score=<ndarray>)"


def test_what_makes_another_score_is_a_setting(autolog: None, recorded: Recorded) -> None:
    predicted = fitted().predict(X_test)
    metrics.fbeta_score(y_test, predicted, beta=2, average="binary")
    metrics.silhouette_score(X_test, predicted, sample_size=50, random_state=0)
    params = recorded.run().data.params
    told = {key: value for key, value in params.items() if key.startswith(("fbeta_score", "silhouette_score"))}
    assert told == {"fbeta_score.beta": "2", "silhouette_score.sample_size": "50"}


def test_a_function_taken_before_autolog(autolog: None, recorded: Recorded) -> None:
    value = taken_before(y_test, fitted().predict(X_test))
    assert recorded.run().data.metrics["f1_score_X_test"] == value


def test_what_is_inferred_says_so(autolog: None, recorded: Recorded) -> None:
    model = fitted()
    metrics.f1_score(y_test, model.predict(X_test))
    metrics.accuracy_score(y_test, model.predict(X_test).tolist())
    captured = {item["key"]: item for item in trackline._tracker.store().runs.captured(recorded.run().info.run_id)}
    assert captured["f1_score_X_test"].get("confidence") is None
    assert captured["accuracy_score_X_test"]["confidence"] == 0.5


def test_each_model_gets_its_own_scores(autolog: None, recorded: Recorded) -> None:
    first, second = fitted(), LogisticRegression(C=0.001).fit(X_train, y_train)
    mine, other = first.predict(X_test), second.predict(X_test)
    values = [metrics.f1_score(y_test, mine), metrics.f1_score(y_test, other)]
    assert [run.data.metrics["f1_score_X_test"] for run in recorded.runs()] == values


def test_functions_inside_of_functions_do_not_count(autolog: None, recorded: Recorded) -> None:
    before = set(recorded_metrics(recorded, fitted()))
    metrics.classification_report(y_test, np.ones_like(y_test), zero_division=0)
    cross_val_score(LogisticRegression(max_iter=500), X_train, y_train, cv=2, scoring="f1")
    fit, validation = recorded.runs()
    assert set(fit.data.metrics) == before
    assert not [key for key in validation.data.metrics if key.startswith("f1_score")]


def recorded_metrics(recorded: Recorded, _model: Any) -> dict[str, float]:
    return recorded.run().data.metrics


def test_without_a_model_the_current_run_gets_the_score(autolog: None, recorded: Recorded) -> None:
    guess = np.ones_like(y_test)
    with trackline.start_run():
        always = metrics.accuracy_score(y_test, guess)
    assert recorded.run().data.metrics == {"accuracy_score_guess": always, "always": always}


def test_evaluation_data_is_described_once(autolog: None, recorded: Recorded) -> None:
    model = fitted()
    for _ in range(3):
        model.predict(X_test)
        model.predict_proba(X_train)
    inputs = [(item.dataset.name, item.tags[0].value) for item in recorded.run().inputs.dataset_inputs]
    assert sorted(inputs) == [("X_test", "eval"), ("X_train", "train")]


def test_the_best_estimator_of_a_search_belongs_to_its_run(autolog: None, recorded: Recorded) -> None:
    from sklearn.model_selection import GridSearchCV

    search = GridSearchCV(LogisticRegression(max_iter=500), {"C": [1, 2]}, cv=2).fit(X_train, y_train)
    value = metrics.f1_score(y_test, search.best_estimator_.predict(X_test))
    (parent,) = recorded.top()
    assert parent.data.metrics["f1_score_X_test"] == value


def test_a_loop_of_many_calls_is_one_curve(autolog: None, recorded: Recorded) -> None:
    predicted = fitted().predict_proba(X_test)[:, 1]
    for threshold in np.linspace(0.1, 0.9, 250):
        metrics.accuracy_score(y_test, predicted > threshold)
    run = recorded.run()
    assert [key for key in run.data.metrics if key.startswith("accuracy_score")] == ["accuracy_score_X_test"]
    assert len(recorded.curve(run, "accuracy_score_X_test")) == 250


def test_files_of_a_loop_of_many_calls_are_cut(autolog: None, recorded: Recorded) -> None:
    predicted = fitted().predict(X_test)
    for _ in range(205):
        metrics.confusion_matrix(y_test, predicted)
    run = recorded.run()
    files = trackline.MlflowClient().list_artifacts(run.info.run_id)
    assert len([file for file in files if file.path.startswith("confusion_matrix")]) == 200


def test_post_training_metrics_can_be_turned_off(recorded: Recorded) -> None:
    trackline.sklearn.autolog(log_post_training_metrics=False)
    metrics.f1_score(y_test, fitted().predict(X_test))
    assert all(key.startswith("training_") for key in recorded.run().data.metrics)


def test_names_of_a_script_are_found(tmp_path: Path) -> None:
    """As `__main__`, with the function imported before, in a function of the user's."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert "mean_squared_error_holdout" in done.stdout
    assert done.stderr == ""


SCRIPT = """
from sklearn.metrics import mean_squared_error as mse
import trackline
trackline.autolog()
from sklearn.datasets import make_regression
from sklearn.linear_model import LinearRegression

def judge(model, holdout, truth):
    return mse(truth, model.predict(holdout))

X, y = make_regression(random_state=0)
judge(LinearRegression().fit(X, y), X[:50], y[:50])
print(list(trackline.search_runs(output_format="list")[0].data.metrics))
"""


def test_scores_of_imbalanced_learn(autolog: None, recorded: Recorded) -> None:
    from imblearn.metrics import classification_report_imbalanced, geometric_mean_score

    predicted = fitted().predict(X_test)
    mean = geometric_mean_score(y_test, predicted)
    report = classification_report_imbalanced(y_test, predicted)
    run = recorded.run()
    assert run.data.metrics["geometric_mean_score_X_test"] == mean
    assert recorded.text(run, "classification_report_imbalanced_X_test.txt") == report


def test_a_score_in_a_loop_is_a_curve(autolog: None, recorded: Recorded) -> None:
    model = fitted()
    predicted = model.predict(X_test)
    for _ in range(3):
        score = model.score(X_test, y_test)
        metrics.f1_score(y_test, predicted)
    metrics.f1_score(y_test, predicted)
    run = recorded.run()
    assert recorded.curve(run, "LogisticRegression_score_X_test") == [(0, score), (1, score), (2, score)]
    assert len(recorded.curve(run, "f1_score_X_test")) == 3
    assert len(recorded.curve(run, "f1_score-2_X_test")) == 1


def test_what_a_model_reads_that_was_loaded(autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    """Its fit is another run's, or on no record at all; the data that it judges is that of this one."""
    trackline.autolog(disable=True)
    joblib.dump(fitted(), tmp_path / "model.joblib")
    trackline.autolog()
    model = joblib.load(tmp_path / "model.joblib")
    with trackline.start_run():
        for row in X_test[:3]:
            model.predict(row.reshape(1, -1))
        predicted = model.predict(X_test)
        model.predict_proba(X_test)
        accuracy = metrics.accuracy_score(y_test, predicted)
    run = recorded.run()
    assert [(each.dataset.name, [tag.value for tag in each.tags]) for each in run.inputs.dataset_inputs] == [("X_test", ["eval"])]
    assert run.data.metrics["accuracy"] == accuracy
