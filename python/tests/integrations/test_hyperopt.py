"""Hyperopt: a search with its trials, as they run."""

from __future__ import annotations

from typing import Any

import hyperopt
import numpy
import pytest
import trackline
from hyperopt import hp
from recorded import Recorded
from sklearn.datasets import load_iris
from sklearn.model_selection import KFold
from sklearn.neighbors import KNeighborsClassifier

X, y = load_iris(return_X_y=True)
SPACE = {"n": hp.randint("n", 1, 9), "model": hp.choice("model", [{"weights": "uniform"}, {"weights": "distance"}])}


def search(objective: Any, space: Any = SPACE, **options: Any) -> Any:
    options = {"max_evals": 4, "rstate": numpy.random.default_rng(1), "verbose": False} | options
    return hyperopt.fmin(objective, space, hyperopt.rand.suggest, **options)


def trials(recorded: Recorded) -> list[trackline.entities.Run]:
    """The children in the order of their numbers: several may begin in one millisecond."""
    (parent,) = recorded.top()
    return sorted(recorded.children(parent), key=lambda run: int(run.data.tags["hyperopt.trial"]))


@pytest.mark.parametrize("kept", [True, False])
def test_a_search_is_a_run_and_each_trial_a_child(autolog: None, recorded: Recorded, kept: bool) -> None:
    points: list[Any] = []

    def objective(point: Any) -> Any:
        points.append(point)
        loss = abs(point["n"] - 4) + 0.5
        return {"loss": loss, "status": "ok", "noise": 0.25}

    search(objective, **({"trials": hyperopt.Trials()} if kept else {}))
    found = trials(recorded)
    losses = [abs(point["n"] - 4) + 0.5 for point in points]
    assert [(run.data.params["n"], run.data.params["model.weights"]) for run in found] == [
        (str(point["n"]), point["model"]["weights"]) for point in points
    ]
    assert [(run.data.metrics["loss"], run.data.metrics["noise"], run.info.status) for run in found] == [
        (loss, 0.25, "FINISHED") for loss in losses
    ]
    (parent,) = recorded.top()
    assert recorded.curve(parent, "loss") == list(enumerate(losses))
    assert parent.data.metrics["best_loss"] == min(losses)
    assert (parent.data.params["algo"], parent.data.params["max_evals"]) == ("rand.suggest", "4")
    assert parent.data.params["best_n"] == str(points[losses.index(min(losses))]["n"])
    assert parent.info.status == "FINISHED"


def test_fits_and_folds_belong_to_their_trial(autolog: None, recorded: Recorded) -> None:
    def objective(n: int) -> float:
        for train, _ in KFold(2).split(X):
            KNeighborsClassifier(int(n)).fit(X[train], y[train])
        return float(n)

    search(objective, hp.randint("neighbours", 1, 9), max_evals=2)
    found = trials(recorded)
    assert all("neighbours" in run.data.params for run in found) and len(found) == 2
    assert all([fold.data.params["fold"] for fold in recorded.children(run)] == ["0", "1"] for run in found)


def test_an_error_that_ends_the_search_is_the_users(autolog: None, recorded: Recorded) -> None:
    def fails(_: Any) -> float:
        raise ValueError("as told")

    with pytest.raises(ValueError, match="as told"):
        search(fails)
    assert [run.info.status for run in recorded.runs()] == ["FAILED", "FAILED"]
