"""Search estimators: the search is one run, every candidate a child of it."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
import trackline
from recorded import Recorded
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, RandomizedSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

X, y = load_iris(return_X_y=True)
GRID = {"max_depth": [1, None], "n_estimators": [3, 5]}


def search(**options: Any) -> GridSearchCV:
    return GridSearchCV(RandomForestClassifier(random_state=0), GRID, cv=3, **options)


def untimed(results: dict[str, Any]) -> dict[str, Any]:
    return {key: np.asarray(values).tolist() for key, values in results.items() if "_time" not in key}


@pytest.mark.parametrize(("n_jobs", "backend"), [(None, "loky"), (2, "loky"), (2, "threading")])
def test_every_candidate_is_a_child_with_its_folds(recorded: Recorded, n_jobs: int | None, backend: str) -> None:
    import joblib

    bare = search(n_jobs=n_jobs).fit(X, y)
    trackline.autolog()
    with joblib.parallel_backend(backend):
        tracked = search(n_jobs=n_jobs).fit(X, y)
    assert untimed(tracked.cv_results_) == untimed(bare.cv_results_)
    assert tracked.best_params_ == bare.best_params_
    (parent,) = recorded.top()
    children = recorded.children(parent)
    assert len(recorded.runs()) == 1 + len(children) == 5
    # Candidates that were handed over in the same millisecond come back in any order.
    by_params = {(child.data.params["max_depth"], child.data.params["n_estimators"]): child for child in children}
    for number, params in enumerate(tracked.cv_results_["params"]):
        child = by_params[str(params["max_depth"]), str(params["n_estimators"])]
        assert child.data.params["bootstrap"] == "True"
        assert child.info.status == "FINISHED"
        assert child.info.start_time <= child.info.end_time <= parent.info.end_time
        for key in ("split0_test_score", "split2_test_score", "mean_test_score", "std_test_score", "rank_test_score"):
            assert child.data.metrics[key] == tracked.cv_results_[key][number]
        assert child.data.metrics["mean_fit_time"] == tracked.cv_results_["mean_fit_time"][number]
    assert len({(child.info.start_time, child.info.end_time) for child in children}) > 1


def test_the_parent_is_recorded_as_mlflow_does(autolog: None, recorded: Recorded) -> None:
    tracked = search().fit(X, y)
    (parent,) = recorded.top()
    assert parent.data.params["best_max_depth"] == str(tracked.best_params_["max_depth"])
    assert parent.data.params["cv"] == "3"
    assert "estimator__n_estimators" not in parent.data.params
    assert parent.data.metrics["best_cv_score"] == tracked.best_score_
    assert parent.data.metrics["training_score"] == tracked.score(X, y)
    assert parent.data.tags["estimator_name"] == "GridSearchCV"
    assert {"cv_results.csv", "estimator.html", "training_confusion_matrix.png"} <= recorded.files(parent)
    assert len(recorded.text(parent, "cv_results.csv").splitlines()) == 5
    models = [trackline.get_logged_model(output.model_id).name for output in parent.outputs.model_outputs]
    assert sorted(models) == ["best_estimator", "model"]


class Watching(ClassifierMixin, BaseEstimator):
    """Looks at what the store holds while it is fitted."""

    seen: list[list[str]] = []

    def __init__(self, depth: int = 1) -> None:
        self.depth = depth

    def fit(self, X: Any, y: Any) -> Watching:
        self.classes_ = np.unique(y)
        Watching.seen.append([run.info.status for run in Recorded().runs()])
        return self

    def predict(self, X: Any) -> Any:
        return np.full(len(X), self.classes_[0])


def test_candidates_are_there_and_end_while_the_search_runs(autolog: None) -> None:
    Watching.seen.clear()
    GridSearchCV(Watching(), {"depth": [1, 2, 3]}, cv=2, refit=False).fit(X, y)
    assert Watching.seen[0] == ["RUNNING"] * 2
    assert sorted(Watching.seen[-1]) == ["FINISHED"] * 2 + ["RUNNING"] * 2


def test_candidates_appear_and_end_while_other_processes_run_them(autolog: None, recorded: Recorded) -> None:
    from concurrent.futures import ThreadPoolExecutor

    slow = GridSearchCV(RandomForestClassifier(300), {"max_depth": list(range(1, 9))}, cv=2, n_jobs=2, refit=False)
    with ThreadPoolExecutor(1) as thread:
        fitting = thread.submit(slow.fit, X, y)
        seen: set[tuple[str, bool]] = set()
        while not fitting.done():
            children = [run for run in recorded.runs() if "max_depth" in run.data.params]
            if any(run.info.status == "RUNNING" for run in children):
                seen |= {(run.info.status, "split0_test_score" in run.data.metrics) for run in children}
            time.sleep(0.02)
    fitting.result()
    assert ("FINISHED", True) in seen
    assert [run.info.status for run in recorded.runs()] == ["FINISHED"] * 9


def test_randomized_search(autolog: None, recorded: Recorded) -> None:
    RandomizedSearchCV(SVC(), {"C": [0.1, 1, 10]}, n_iter=2, cv=2, random_state=0).fit(X, y)
    assert len(recorded.children(*recorded.top())) == 2


def test_every_round_of_a_halving_search(autolog: None, recorded: Recorded) -> None:
    tracked = HalvingGridSearchCV(SVC(), {"C": [0.1, 1, 10, 100]}, cv=2, random_state=0, factor=2).fit(X, y)
    (parent,) = recorded.top()
    children = recorded.children(parent)
    assert len(children) == len(tracked.cv_results_["params"]) > 4
    ranks = [child.data.metrics["rank_test_score"] for child in children]
    assert ranks == tracked.cv_results_["rank_test_score"].tolist()


def test_several_scorers_and_training_scores(autolog: None, recorded: Recorded) -> None:
    scoring = ["accuracy", "f1_macro"]
    tracked = search(scoring=scoring, refit="accuracy", return_train_score=True).fit(X, y)
    child = recorded.children(*recorded.top())[0]
    for key in ("split1_test_f1_macro", "split1_train_accuracy", "mean_test_f1_macro", "rank_test_accuracy"):
        assert child.data.metrics[key] == tracked.cv_results_[key][0]


def test_a_search_that_chooses_by_a_function(autolog: None, recorded: Recorded) -> None:
    tracked = search(scoring=["accuracy"], refit=lambda results: int(results["rank_test_accuracy"].argmin())).fit(X, y)
    (parent,) = recorded.top()
    assert parent.data.params["best_max_depth"] == str(tracked.best_params_["max_depth"])
    assert parent.data.metrics["training_accuracy_score"] > 0.9
    assert "training_score" not in parent.data.metrics


def test_a_search_in_a_pipeline_and_a_pipeline_in_a_search(autolog: None, recorded: Recorded) -> None:
    GridSearchCV(make_pipeline(StandardScaler(), SVC()), {"svc__C": [1, 2]}, cv=2).fit(X, y)
    (parent,) = recorded.top()
    assert [child.data.params["svc__C"] for child in recorded.children(parent)] == ["1", "2"]
    inner = GridSearchCV(SVC(), {"C": [1, 2]}, cv=2)
    make_pipeline(StandardScaler(), inner).fit(X, y)
    assert len(recorded.runs()) == 4


def test_a_search_in_a_search_has_the_outer_candidates(autolog: None, recorded: Recorded) -> None:
    inner = GridSearchCV(LogisticRegression(max_iter=500), {"C": [1, 2]}, cv=2)
    GridSearchCV(inner, {"scoring": ["accuracy", "f1_macro"]}, cv=2).fit(X, y)
    assert len(recorded.runs()) == 3


class Failing(Watching):
    def fit(self, X: Any, y: Any) -> Failing:
        if self.depth == 2:
            raise ValueError("too deep")
        self.classes_ = np.unique(y)
        return self


@pytest.mark.filterwarnings("ignore:.*fits failed", "ignore:.*are non-finite")
def test_a_candidate_that_fails_is_a_failed_child(autolog: None, recorded: Recorded) -> None:
    GridSearchCV(Failing(), {"depth": [1, 2]}, cv=2).fit(X, y)
    good, bad = recorded.children(*recorded.top())
    assert (good.info.status, bad.info.status) == ("FINISHED", "FAILED")
    assert "too deep" in bad.data.tags["split0_error"]


def test_a_search_that_fails_leaves_no_run_open(autolog: None, recorded: Recorded) -> None:
    with pytest.raises(ValueError, match="too deep"):
        GridSearchCV(Failing(), {"depth": [1, 2, 3]}, cv=2, error_score="raise").fit(X, y)
    (parent,) = recorded.top()
    assert parent.info.status == "FAILED"
    assert sorted(run.info.status for run in recorded.children(parent)) == ["FAILED", "FINISHED"]


def test_two_searches_in_one_run(autolog: None, recorded: Recorded) -> None:
    with trackline.start_run():
        search().fit(X, y)
        search().fit(X, y)
    (parent,) = recorded.top()
    second = [run for run in recorded.children(parent) if "best_cv_score" in run.data.metrics]
    assert len(second) == 1
    assert len(recorded.children(parent)) == 5
    assert len(recorded.children(second[0])) == 4


def test_only_the_best_on_request(recorded: Recorded) -> None:
    trackline.sklearn.autolog(max_tuning_runs=2)
    tracked = search().fit(X, y)
    (parent,) = recorded.top()
    ranks = [child.data.metrics["rank_test_score"] for child in recorded.children(parent)]
    assert sorted(ranks) == sorted(tracked.cv_results_["rank_test_score"])[:2]
    assert "split0_test_score" in recorded.children(parent)[0].data.metrics


def test_a_search_that_fails_the_second_time(autolog: None, recorded: Recorded) -> None:
    tracked = GridSearchCV(Failing(), {"depth": [1]}, cv=2, error_score="raise").fit(X, y)
    tracked.param_grid = {"depth": [1, 3, 2]}
    with pytest.raises(ValueError, match="too deep"):
        tracked.fit(X, y)
    first, second = recorded.top()
    assert "best_cv_score" in first.data.metrics
    assert "best_cv_score" not in second.data.metrics
    assert len(recorded.children(second)) == 3


class OwnSearch(BaseEstimator):  # type: ignore[misc]
    """A search by no base of scikit-learn's."""

    def __init__(self, estimator: Any, param_distributions: dict[str, list[int]]) -> None:
        self.estimator = estimator
        self.param_distributions = param_distributions

    def fit(self, X: Any, y: Any) -> OwnSearch:
        ((name, values),) = self.param_distributions.items()
        found = [clone(self.estimator).set_params(**{name: value}).fit(X, y).score(X, y) for value in values]
        params = [{name: value} for value in values]
        self.cv_results_ = {"params": params, "mean_test_score": np.array(found)}
        self.best_index_ = int(np.argmax(found))
        self.best_params_ = params[self.best_index_]
        return self


def test_a_search_of_its_own_kind(autolog: None, recorded: Recorded) -> None:
    OwnSearch(DecisionTreeClassifier(random_state=0), {"max_depth": [1, 3]}).fit(X, y)
    (parent,) = recorded.top()
    assert parent.data.params["best_max_depth"] == "3"
    children = {run.data.params["max_depth"]: run.data.metrics["mean_test_score"] for run in recorded.children(parent)}
    assert children.keys() == {"1", "3"} and children["3"] > children["1"]
