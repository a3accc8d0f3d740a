"""Searches that the user writes as loops."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import trackline
from recorded import Recorded
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, ParameterGrid
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier

X, y = load_iris(return_X_y=True)


def test_a_loop_is_a_run_and_each_fit_a_child(autolog: None, recorded: Recorded) -> None:
    def search() -> None:
        for n_neighbors, weighting in itertools.product([1, 3], ["uniform", "distance"]):
            KNeighborsClassifier(n_neighbors, weights=weighting).fit(X, y)

    search()
    (parent,) = recorded.top()
    children = recorded.children(parent)
    turns = [(run.data.params["n_neighbors"], run.data.params["weighting"]) for run in children]
    assert turns == [("1", "uniform"), ("1", "distance"), ("3", "uniform"), ("3", "distance")]
    assert all("training_accuracy_score" in run.data.metrics and run.info.status == "FINISHED" for run in children)
    assert parent.data.params == {}


def test_a_grid_in_a_loop_around_the_function_that_fits(autolog: None, recorded: Recorded) -> None:
    def train(settings: dict[str, int]) -> None:
        XGBClassifier(n_estimators=2, **settings).fit(X, y)

    def search() -> None:
        for point in ParameterGrid({"max_depth": [1, 2], "num_parallel_tree": [1]}):
            train(point)

    search()
    (parent,) = recorded.top()
    assert [run.data.params["max_depth"] for run in recorded.children(parent)] == ["1", "2"]


def test_models_compared_and_folds(autolog: None, recorded: Recorded) -> None:
    def compare() -> None:
        for name, model in {"tree": DecisionTreeClassifier(), "knn": KNeighborsClassifier()}.items():
            model.fit(X, y)

    def folds() -> None:
        for fold, (train, _test) in enumerate(KFold(2).split(X)):
            KNeighborsClassifier().fit(X[train], y[train])

    compare()
    folds()
    compared, folded = recorded.top()
    models = [(run.data.params["name"], run.data.params["model"]) for run in recorded.children(compared)]
    assert models == [("tree", "DecisionTreeClassifier"), ("knn", "KNeighborsClassifier")]
    assert [run.data.params["fold"] for run in recorded.children(folded)] == ["0", "1"]
    assert not any("train" in run.data.params for run in recorded.children(folded))


def test_a_run_of_the_user_in_each_turn_stays_the_run(autolog: None, recorded: Recorded) -> None:
    def search() -> None:
        for strength in (0.1, 1.0):
            with trackline.start_run():
                LogisticRegression(C=strength, max_iter=500).fit(X, y)

    search()
    assert [run.data.params["strength"] for run in recorded.top()] == ["0.1", "1.0"]
    assert len(recorded.runs()) == 2


def test_switched_off(recorded: Recorded) -> None:
    trackline.autolog(capture={"sweeps": False})

    def search() -> None:
        for n_neighbors in (1, 3):
            KNeighborsClassifier(n_neighbors).fit(X, y)

    search()
    assert len(recorded.top()) == 2


def test_threads(autolog: None, recorded: Recorded) -> None:
    def search() -> None:
        def train(depth: int) -> None:
            DecisionTreeClassifier(max_depth=depth).fit(X, y)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(train, (1, 2)))

    search()
    assert sorted(run.data.params["max_depth"] for run in recorded.runs()) == ["1", "2"]
