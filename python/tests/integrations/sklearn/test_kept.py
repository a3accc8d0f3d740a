"""Fits that are many: folds, steps, epochs; and what estimators keep of them."""

from __future__ import annotations

import gc
import json
from typing import Any

import numpy as np
import pytest
import skorch
import torch
import trackline
from recorded import Recorded
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import accuracy_score, make_scorer
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    cross_val_score,
    cross_validate,
    learning_curve,
    validation_curve,
)
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

X, y = load_iris(return_X_y=True)


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_cross_validation_is_a_run_with_folds(autolog: None, recorded: Recorded, n_jobs: int | None) -> None:
    scores = cross_val_score(LogisticRegression(C=0.5, max_iter=500), X, y, cv=3, n_jobs=n_jobs)
    run = recorded.run()
    assert recorded.curve(run, "test_score") == list(enumerate(scores))
    assert run.data.metrics["mean_test_score"] == scores.mean()
    assert run.data.metrics["std_test_score"] == scores.std()
    assert run.data.params["C"] == "0.5"
    assert run.data.params["cv"] == "3"
    assert run.inputs.dataset_inputs[0].dataset.name == "X"


def test_several_scores_and_times(autolog: None, recorded: Recorded) -> None:
    found = cross_validate(LogisticRegression(max_iter=500), X, y, cv=2, scoring=["accuracy", "f1_macro"])
    run = recorded.run()
    assert recorded.curve(run, "test_f1_macro") == list(enumerate(found["test_f1_macro"]))
    assert {"mean_test_accuracy", "mean_fit_time"} <= run.data.metrics.keys()


def test_in_a_run_it_leaves_the_run_to_the_fit(autolog: None, recorded: Recorded) -> None:
    model = LogisticRegression(max_iter=500)
    with trackline.start_run():
        cross_val_score(model, X, y, cv=2)
        model.fit(X, y)
    (parent,) = recorded.top()
    (child,) = recorded.children(parent)
    assert "training_accuracy_score" in parent.data.metrics
    assert "mean_test_score" in child.data.metrics


def test_a_learning_curve_is_one_run(autolog: None, recorded: Recorded) -> None:
    model = LogisticRegression(max_iter=500)
    sizes, train, test = learning_curve(model, X, y, cv=2, train_sizes=[0.5, 1.0], shuffle=True, random_state=0)
    run = recorded.run()
    assert recorded.curve(run, "mean_train_score") == list(zip(sizes, train.mean(axis=1), strict=True))
    assert recorded.curve(run, "std_test_score") == list(zip(sizes, test.std(axis=1), strict=True))
    assert (run.data.params["cv"], run.data.params["train_sizes"], run.data.params["max_iter"]) == ("2", "[0.5, 1.0]", "500")


def test_a_validation_curve_is_one_run(autolog: None, recorded: Recorded) -> None:
    _, test = validation_curve(SVC(), X, y, param_name="C", param_range=[0.1, 1.0], cv=2)
    run = recorded.run()
    assert recorded.curve(run, "mean_test_score") == list(enumerate(test.mean(axis=1)))
    assert (run.data.params["param_name"], run.data.params["param_range"]) == ("C", "[0.1, 1.0]")


def test_the_loop_of_the_steps_is_no_search(autolog: None, recorded: Recorded) -> None:
    def search() -> None:
        for alpha in (0.1, 1.0):
            model = SGDClassifier(alpha=alpha, random_state=0)
            for epoch in range(2):
                for start in range(0, 150, 75):
                    model.partial_fit(X[start : start + 75], y[start : start + 75], classes=[0, 1, 2])

    search()
    gc.collect()
    (parent,) = recorded.top()
    params = [run.data.params for run in recorded.children(parent)]
    assert [told["alpha"] for told in params] == ["0.1", "1.0"]
    assert not any({"epoch", "start"} & told.keys() for told in params)


def learned_in_steps(recorded: Recorded) -> float:
    model = SGDClassifier(random_state=0)
    rows = np.random.default_rng(0).permutation(len(X))
    for part in np.split(rows, 5):
        model.partial_fit(X[part], y[part], classes=[0, 1, 2])
    assert recorded.run().info.status == "RUNNING"
    return float(accuracy_score(y, model.predict(X)))


def test_partial_fits_are_steps_of_one_run(autolog: None, recorded: Recorded) -> None:
    accuracy = learned_in_steps(recorded)
    gc.collect()
    run = recorded.run()
    assert run.info.status == "FINISHED"
    assert recorded.curve(run, "samples_seen") == [(step, 30.0 * (step + 1)) for step in range(5)]
    assert len(recorded.curve(run, "training_score")) == 5
    assert run.data.params["random_state"] == "0"
    assert run.data.metrics["accuracy_score_X"] == accuracy
    (given,) = run.inputs.dataset_inputs
    assert (given.dataset.name, json.loads(given.dataset.profile)["num_rows"]) == ("X", len(X))


def test_a_partial_fit_that_fails(autolog: None, recorded: Recorded) -> None:
    with pytest.raises(ValueError, match="classes"):
        SGDClassifier().partial_fit(X, y)
    assert recorded.run().info.status == "FAILED"


def test_curves_that_estimators_keep(autolog: None, recorded: Recorded) -> None:
    network = MLPClassifier((4,), max_iter=5, random_state=0, early_stopping=True)
    with pytest.warns(UserWarning, match="iterations"):
        make_pipeline(StandardScaler(), network).fit(X, y)
    boosted = GradientBoostingClassifier(n_estimators=4).fit(X, y)
    first, second = recorded.runs()
    assert [step for step, _ in recorded.curve(first, "loss")] == [0, 1, 2, 3, 4]
    assert len(recorded.curve(first, "validation_score")) == 5
    assert recorded.curve(second, "train_score") == list(enumerate(boosted.train_score_))


def test_figures_that_estimators_keep(autolog: None, recorded: Recorded) -> None:
    clusters = KMeans(3, n_init=1, random_state=0).fit(X)
    metrics = recorded.run().data.metrics
    assert metrics["inertia"] == clusters.inertia_
    assert metrics["n_iter"] == clusters.n_iter_


def test_the_epochs_of_skorch(autolog: None, recorded: Recorded) -> None:
    shape = {"module__in_features": 4, "module__out_features": 3}
    net = skorch.NeuralNetClassifier(torch.nn.Linear, criterion=torch.nn.CrossEntropyLoss, max_epochs=3, verbose=0, **shape)
    net.fit(X.astype("float32"), y)
    run = recorded.run()
    assert run.data.params["max_epochs"] == "3"
    assert recorded.curve(run, "valid_loss") == [(row["epoch"], row["valid_loss"]) for row in net.history]


def by_hand(truth: Any, predicted: Any) -> float:
    return float((truth == predicted).mean())


def test_scorers_written_by_hand(autolog: None, recorded: Recorded) -> None:
    scoring = {"mine": make_scorer(by_hand), "f1": "f1_macro"}
    search = GridSearchCV(LogisticRegression(max_iter=500), {"C": [0.1, 1]}, cv=2, scoring=scoring, refit="mine").fit(X, y)
    (parent,) = recorded.top()
    means = [child.data.metrics["mean_test_mine"] for child in recorded.children(parent)]
    assert means == search.cv_results_["mean_test_mine"].tolist()


def test_a_search_that_halves_says_in_which_round(autolog: None, recorded: Recorded) -> None:
    estimator = LogisticRegression(max_iter=500)
    search = HalvingGridSearchCV(estimator, {"C": [0.1, 1, 10, 100]}, min_resources=30, cv=2, random_state=0).fit(X, y)
    (parent,) = recorded.top()
    children = recorded.children(parent)
    assert len(children) == len(search.cv_results_["iter"])
    assert [child.data.params["iter"] for child in children] == [str(value) for value in search.cv_results_["iter"]]
    assert {child.data.params["n_resources"] for child in children} > {"30"}
