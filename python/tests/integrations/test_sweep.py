"""Searches that the user writes as loops."""

from __future__ import annotations

import argparse
import itertools
import runpy
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trackline
from recorded import Recorded
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
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
    assert [run.info.run_name for run in children][:2] == ["n_neighbors=1, weighting=uniform", "n_neighbors=1, weighting=distance"]
    assert parent.info.start_time <= children[0].info.start_time


def test_one_turn_is_no_search(autolog: None, recorded: Recorded) -> None:
    for n_neighbors in (1,):
        KNeighborsClassifier(n_neighbors).fit(X, y)
    for depth in (1,):
        DecisionTreeClassifier(max_depth=depth).fit(X, y)
    assert len(recorded.top()) == len(recorded.runs()) == 2


def test_one_turn_is_no_search_in_a_run_of_the_user_either(autolog: None, recorded: Recorded) -> None:
    options = argparse.Namespace(runs=1, models={"tree": DecisionTreeClassifier(max_depth=1)})

    def search() -> None:
        with trackline.start_run():
            for _run in range(options.runs):
                for name, model in options.models.items():
                    model.fit(X, y)

    search()
    assert recorded.run().data.params["max_depth"] == "1"
    assert recorded.run().data.params["name"] == "tree"


def test_loops_in_loops_and_what_functions_are_given(autolog: None, recorded: Recorded) -> None:
    def train(depth: int, *, leaves: int) -> None:
        DecisionTreeClassifier(max_depth=depth, max_leaf_nodes=leaves).fit(X, y)

    for scale in (1, 2):
        for limit in (3, 4):
            train(limit, leaves=scale * 2)
    (parent,) = recorded.top()
    found = [run.data.params for run in recorded.children(parent)]
    assert [(params["scale"], params["limit"]) for params in found] == [("1", "3"), ("1", "4"), ("2", "3"), ("2", "4")]
    assert [(params["depth"], params["leaves"]) for params in found] == [("3", "2"), ("4", "2"), ("3", "4"), ("4", "4")]
    because = {line.key: line for line in trackline.explain(recorded.children(parent)[0].info.run_id)}
    assert (because["leaves"].source, because["leaves"].confidence) == ("loop.arguments", 0.9)


def test_comprehensions(autolog: None, recorded: Recorded) -> None:
    listed = [DecisionTreeClassifier(max_depth=depth).fit(X, y) for depth in (1, 2)]
    by_name = {name: KNeighborsClassifier(weights=name).fit(X, y) for name in ("uniform", "distance")}
    KNeighborsClassifier(len([one for one in listed])).fit(X, y)
    assert len(listed) == len(by_name) == 2
    depths, names, alone = recorded.top()
    assert [run.data.params["depth"] for run in recorded.children(depths)] == ["1", "2"]
    assert [run.data.params["name"] for run in recorded.children(names)] == ["uniform", "distance"]
    assert "one" not in alone.data.params and not recorded.children(alone)


def test_two_places_in_one_loop(autolog: None, recorded: Recorded) -> None:
    for seed in (0, 1):
        DecisionTreeClassifier(random_state=seed).fit(X, y)
        KNeighborsClassifier().fit(X, y)
    (parent,) = recorded.top()
    assert [run.data.params["seed"] for run in recorded.children(parent)] == ["0", "0", "1", "1"]


def test_a_runner_of_scripts_is_no_search(autolog: None, recorded: Recorded, tmp_path: Path) -> None:
    script = tmp_path / "train.py"
    script.write_text("from sklearn.datasets import load_iris\nfrom sklearn.dummy import DummyClassifier\n"
                      "DummyClassifier().fit(*load_iris(return_X_y=True))\n")
    for _ in range(2):
        runpy.run_path(str(script), run_name="__main__")
    assert len(recorded.top()) == 2


def test_a_run_of_the_user_around_the_loop_is_the_parent(autolog: None, recorded: Recorded) -> None:
    def search() -> str:
        with trackline.start_run() as run:
            for depth in (1, 2):
                DecisionTreeClassifier(max_depth=depth).fit(X, y)
            DecisionTreeClassifier(max_depth=7).fit(X, y)
        return run.info.run_id

    run_id = search()
    (parent,) = recorded.top()
    assert parent.info.run_id == run_id
    assert [run.data.params["depth"] for run in recorded.children(parent)] == ["1", "2"]
    assert parent.data.params["max_depth"] == "7"


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

    def unnumbered() -> None:
        for strength in (0.1, 1.0):
            for train, _test in KFold(2).split(X):
                LogisticRegression(C=strength, max_iter=500).fit(X[train], y[train])

    compare()
    folds()
    unnumbered()
    compared, folded, both = recorded.top()
    models = [(run.data.params["name"], run.data.params["model"]) for run in recorded.children(compared)]
    assert models == [("tree", "DecisionTreeClassifier"), ("knn", "KNeighborsClassifier")]
    assert [run.data.params["fold"] for run in recorded.children(folded)] == ["0", "1"]
    assert not any("train" in run.data.params for run in recorded.children(folded))
    told = [(run.data.params["strength"], run.data.params["fold"]) for run in recorded.children(both)]
    assert told == [("0.1", "0"), ("0.1", "1"), ("1.0", "0"), ("1.0", "1")]


def test_a_variable_that_only_counts_is_no_setting(autolog: None, recorded: Recorded) -> None:
    def search() -> None:
        for i in (1, 2):
            DecisionTreeClassifier(max_depth=i).fit(X, y)

    def validate() -> None:
        for i, (train, _) in enumerate(KFold(2).split(X)):
            KNeighborsClassifier().fit(X[train], y[train])

    search()
    validate()
    searched, validated = recorded.top()
    depths = [(run.data.params["max_depth"], "i" in run.data.params, run.info.run_name) for run in recorded.children(searched)]
    assert depths == [("1", False, "i=1"), ("2", False, "i=2")]
    assert [run.data.params["fold"] for run in recorded.children(validated)] == ["0", "1"]


def test_the_parent_of_folds_has_the_mean_of_their_scores(autolog: None, recorded: Recorded) -> None:
    def validate(number: bool) -> list[float]:
        scores = []
        for fold, (train, test) in enumerate(KFold(3, shuffle=True, random_state=number).split(X)):
            model = KNeighborsClassifier().fit(X[train], y[train])
            held = X[test]
            scores.append(accuracy_score(y[test], model.predict(held)))
        return scores

    scores = validate(False)
    DecisionTreeClassifier(max_depth=1).fit(X, y)
    parent, _ = recorded.top()
    assert parent.data.metrics["mean_accuracy_score_held"] == pytest.approx(np.mean(scores))
    assert parent.data.metrics["std_accuracy_score_held"] == pytest.approx(np.std(scores))
    assert not any("training" in key for key in parent.data.metrics)
    assert len(recorded.children(parent)) == 3


def test_a_run_of_the_user_in_each_turn_stays_the_run(autolog: None, recorded: Recorded) -> None:
    def search() -> None:
        for strength in (0.1, 1.0):
            with trackline.start_run():
                LogisticRegression(C=strength, max_iter=500).fit(X, y)

    search()
    assert [run.data.params["strength"] for run in recorded.top()] == ["0.1", "1.0"]
    assert len(recorded.runs()) == 2


def test_what_a_function_is_given_in_several_places(autolog: None, recorded: Recorded) -> None:
    def score(name: str, model: Any, X: Any, shuffled: bool = False) -> None:
        fit(model, X, 5)

    def fit(model: Any, X: Any, rounds: int) -> None:
        model.fit(X, y)

    score("tree", DecisionTreeClassifier(), X)
    score("neighbours", KNeighborsClassifier(), X, shuffled=True)
    given = [(run.data.params["name"], run.data.params["shuffled"]) for run in recorded.top()]
    assert given == [("tree", "False"), ("neighbours", "True")]
    assert not any({"model", "rounds", "X"} & run.data.params.keys() for run in recorded.runs())


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
