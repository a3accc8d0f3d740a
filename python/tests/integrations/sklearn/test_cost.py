"""What a fit makes the program do on our behalf: counted, since a busy machine takes longer for the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import trackline
from pandas import DataFrame
from recorded import Recorded
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_iris
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import accuracy_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from trackline.integrations import _forest, _sampling
from trackline.integrations import sklearn as integration

X, y = load_iris(return_X_y=True)


class Counting(RandomForestClassifier):
    """Counts how often its trees are asked."""

    asked = 0

    def predict_proba(self, X: Any) -> Any:
        type(self).asked += 1
        return super().predict_proba(X)


@pytest.mark.parametrize("pipeline", [False, True])
def test_a_forest_goes_through_its_trees_once(autolog: None, recorded: Recorded, pipeline: bool) -> None:
    forest = Counting(20, max_depth=2, random_state=0)
    model = make_pipeline(StandardScaler(), forest) if pipeline else forest
    Counting.asked = 0
    model.fit(X, y)
    assert Counting.asked == 1
    assert recorded.run().data.metrics["training_accuracy_score"] == accuracy_score(y, model.predict(X))


@pytest.mark.parametrize("kind", [RandomForestClassifier, ExtraTreesClassifier, RandomForestRegressor])
@pytest.mark.parametrize("table", [X, DataFrame(X, columns=list("abcd"))])
def test_the_mean_of_trees_is_what_a_forest_predicts(kind: Any, table: Any) -> None:
    forest = kind(30, max_depth=3, random_state=0).fit(table, y)
    method = "predict" if kind is RandomForestRegressor else "predict_proba"
    assert np.array_equal(_forest.mean_of_trees(forest, method, table), getattr(forest, method)(table))


def test_a_forest_of_the_users_own_is_asked_itself() -> None:
    forest = Counting(5, max_depth=2).fit(X, y)
    assert _forest.mean_of_trees(forest, "predict_proba", X) is None
    assert _forest.mean_of_trees(forest, "predict", X) is None


def test_a_class_is_looked_at_once(autolog: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[type] = []
    methods = integration._patch_methods
    monkeypatch.setattr(integration, "_patch_methods", lambda kind: seen.append(kind) or methods(kind))

    class Base(ClassifierMixin, BaseEstimator):
        def fit(self, X: Any, y: Any) -> Base:
            return self

    class Derived(Base):
        pass

    assert seen == [Base, Derived]


def test_a_class_that_is_made_costs_no_run(autolog: None, store: Any) -> None:
    with trackline.start_run() as run:
        before = run.handle.spent
        for _ in range(20):
            type("Made", (RandomForestClassifier,), {"fit": lambda self, X, y: self})
        assert run.handle.spent == before


def test_what_a_model_has_learned_is_counted_by_what_a_row_goes_through() -> None:
    trees = ExtraTreesClassifier(7, max_depth=2).fit(X, y)
    count = _sampling.learned(trees)
    assert 7 * _sampling.A_TREE <= count < 10 * _sampling.A_TREE
    assert _sampling.learned([np.zeros((3, 4)), {"b": np.zeros(2)}, "text", None]) == 14
