"""Fits of all kinds of estimators."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
import trackline
from recorded import Recorded
from scipy.sparse import csr_matrix
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.decomposition import PCA
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import (
    BaggingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    RandomForestRegressor,
    VotingClassifier,
)
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_iris(return_X_y=True)
Xb, yb = load_breast_cancer(return_X_y=True)
Xr, yr = load_diabetes(return_X_y=True)
CLASSIFIER = {"precision_score", "recall_score", "f1_score", "accuracy_score", "log_loss", "roc_auc", "score"}
REGRESSOR = {"mean_squared_error", "mean_absolute_error", "r2_score", "root_mean_squared_error", "score"}


def training(*names: str) -> set[str]:
    return {f"training_{name}" for name in names}


def test_a_binary_classifier(autolog: None, recorded: Recorded) -> None:
    from sklearn import metrics

    model = RandomForestClassifier(5, max_depth=2, random_state=0).fit(Xb, yb)
    run = recorded.run()
    assert run.data.metrics.keys() == training(*CLASSIFIER)
    assert run.data.metrics["training_f1_score"] == metrics.f1_score(yb, model.predict(Xb), average="weighted")
    expected = metrics.roc_auc_score(yb, model.predict_proba(Xb)[:, 1])
    assert run.data.metrics["training_roc_auc"] == pytest.approx(expected, abs=1e-12)
    assert {
        "estimator.html",
        "training_confusion_matrix.png",
        "training_roc_curve.png",
        "training_precision_recall_curve.png",
    } <= recorded.files(run)
    assert recorded.bytes(run, "training_roc_curve.png").startswith(b"\x89PNG")
    assert run.data.params["max_depth"] == "2"
    assert "None" not in run.data.params.values()
    assert run.data.tags["estimator_name"] == "RandomForestClassifier"
    assert run.data.tags["estimator_class"] == "sklearn.ensemble._forest.RandomForestClassifier"
    assert run.data.tags["mlflow.autologging"] == "sklearn"


def test_a_regressor(autolog: None, recorded: Recorded) -> None:
    model = RandomForestRegressor(5, random_state=0).fit(Xr, yr)
    assert recorded.run().data.metrics.keys() == training(*REGRESSOR)
    assert recorded.run().data.metrics["training_score"] == pytest.approx(model.score(Xr, yr), abs=1e-12)


def test_a_pipeline_is_one_run_with_all_params(autolog: None, recorded: Recorded) -> None:
    make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    run = recorded.run()
    assert run.data.params["logisticregression__C"] == "1.0"
    assert run.data.metrics.keys() == training(*CLASSIFIER)


def test_unsupervised_estimators(autolog: None, recorded: Recorded) -> None:
    KMeans(2, n_init=1, random_state=0).fit(X)
    KMeans(2, n_init=1, random_state=0).fit_predict(X)
    PCA(2).fit_transform(X)
    names = [run.data.tags["estimator_name"] for run in recorded.runs()]
    assert sorted(names) == ["KMeans", "KMeans", "PCA"]
    assert all(run.outputs.model_outputs for run in recorded.runs())


def test_preprocessing_makes_no_run(autolog: None, recorded: Recorded) -> None:
    StandardScaler().fit_transform(X)
    ColumnTransformer([("scale", StandardScaler(), [0])]).fit(X)
    assert recorded.runs() == []


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_estimators_in_estimators_make_no_runs(autolog: None, recorded: Recorded, n_jobs: int | None) -> None:
    import joblib

    parts = [("a", LogisticRegression(max_iter=500)), ("b", KNeighborsClassifier())]
    with joblib.parallel_backend("threading"):
        VotingClassifier(parts, n_jobs=n_jobs).fit(X, y)
        BaggingClassifier(LogisticRegression(max_iter=500), 3, n_jobs=n_jobs, random_state=0).fit(X, y)
    assert [run.data.tags["estimator_name"] for run in recorded.runs()] == ["VotingClassifier", "BaggingClassifier"]


class Own(ClassifierMixin, BaseEstimator):
    """A user's estimator, whose class is made before autolog() is called."""

    def __init__(self, base: Any = None) -> None:
        self.base = base

    def fit(self, X: Any, y: Any) -> Own:
        self.classes_ = np.unique(y)
        if self.base is not None:
            self.model_ = self.base.fit(X, y)
        return self

    def predict(self, X: Any) -> Any:
        return np.full(len(X), self.classes_[0])


def test_estimators_of_the_user(autolog: None, recorded: Recorded) -> None:
    class Later(RegressorMixin, BaseEstimator):
        def fit(self, X: Any, y: Any) -> Later:
            self.fitted_ = True
            return self

        def predict(self, X: Any) -> Any:
            return np.zeros(len(X))

    Own(LogisticRegression(max_iter=500)).fit(X, y)
    Later().fit(Xr, yr)
    first, second = recorded.runs()
    assert first.data.tags["estimator_name"] == "Own"
    assert first.data.metrics["training_accuracy_score"] == pytest.approx(1 / 3)
    assert second.data.metrics.keys() == training(*REGRESSOR)


def schema_of(recorded: Recorded) -> tuple[str, dict[str, Any], dict[str, Any]]:
    (item,) = recorded.run().inputs.dataset_inputs
    return item.dataset.name, json.loads(item.dataset.schema), json.loads(item.dataset.profile)


def test_arrays_with_a_series_of_labels(autolog: None, recorded: Recorded) -> None:
    labels = pd.Series(y, name="kind")
    LogisticRegression(max_iter=500).fit(X, labels)
    name, schema, profile = schema_of(recorded)
    assert name == "X"
    assert schema["mlflow_tensorspec"]["targets"] is not None
    assert profile["targets_shape"] == [150]


@pytest.mark.parametrize("labels", [y, pd.Series(y, name="kind"), np.array(["a", "b", "c"])[y], y.tolist()])
def test_a_frame_is_described_with_its_labels(autolog: None, recorded: Recorded, labels: Any) -> None:
    frame = pd.DataFrame(X, columns=["a", "b", "c", "d"]).assign(e="text")
    pipeline = make_pipeline(ColumnTransformer([("numbers", "passthrough", ["a", "b"])]), LogisticRegression())
    pipeline.fit(frame, labels)
    name, schema, _ = schema_of(recorded)
    columns = [column["name"] for column in schema["mlflow_colspec"]]
    assert name == "frame"
    assert columns == ["a", "b", "c", "d", "e", "kind" if getattr(labels, "name", None) else "target"]


def test_a_sparse_matrix_stays_sparse(autolog: None, recorded: Recorded) -> None:
    sparse = csr_matrix(X)
    LogisticRegression(max_iter=500).fit(sparse, y)
    _, schema, profile = schema_of(recorded)
    assert profile["features_shape"] == [150, 4]
    assert json.loads(schema["mlflow_tensorspec"]["features"])[0]["tensor-spec"]["shape"] == [-1, 4]


def test_text_labels(autolog: None, recorded: Recorded) -> None:
    LogisticRegression(max_iter=500).fit(X, np.array(["a", "b", "c"], dtype=object)[y])
    assert recorded.run().data.metrics.keys() == training(*CLASSIFIER)


def test_sample_weights_count(autolog: None, recorded: Recorded) -> None:
    weights = np.where(y == 0, 10.0, 0.1)
    model = LogisticRegression(C=0.01).fit(X, y, sample_weight=weights)
    assert recorded.run().data.metrics["training_score"] == pytest.approx(model.score(X, y, sample_weight=weights))


def test_the_model_loads_again(autolog: None, recorded: Recorded) -> None:
    model = LogisticRegression(max_iter=500).fit(pd.DataFrame(X, columns=list("abcd")), y)
    run = recorded.run()
    uri = f"runs:/{run.info.run_id}/model"
    frame = pd.DataFrame(X, columns=list("abcd"))
    assert (trackline.sklearn.load_model(uri).predict(frame) == model.predict(frame)).all()
    assert (trackline.pyfunc.load_model(uri).predict(frame) == model.predict(frame)).all()
    signature = trackline.models.get_model_info(uri).signature
    assert signature.inputs.input_names() == list("abcd")
    assert signature.outputs is not None
    (output,) = run.outputs.model_outputs
    logged = trackline.get_logged_model(output.model_id)
    assert {metric.key for metric in logged.metrics} == set(run.data.metrics)
    assert logged.params == run.data.params


def test_what_is_not_asked_for_is_not_kept(recorded: Recorded) -> None:
    trackline.autolog(log_models=False, log_datasets=False)
    LogisticRegression(max_iter=500).fit(X, y)
    run = recorded.run()
    assert run.outputs.model_outputs == []
    assert run.inputs.dataset_inputs == []


def test_an_input_example_on_request(recorded: Recorded) -> None:
    trackline.autolog(log_input_examples=True)
    LogisticRegression(max_iter=500).fit(X, y)
    path = trackline.artifacts.download_artifacts(f"runs:/{recorded.run().info.run_id}/model/input_example.json")
    with open(path) as file:
        assert json.load(file) == X[:5].tolist()


def test_random_numbers_come_as_without_us(recorded: Recorded) -> None:
    def draw() -> list[float]:
        np.random.seed(0)
        own = np.random.RandomState(0)
        DummyClassifier(strategy="stratified").fit(X, y)
        model = DummyClassifier(strategy="stratified", random_state=own).fit(X, y)
        return [np.random.rand(), own.rand(), *model.predict(X).tolist()]

    bare = draw()
    trackline.autolog()
    assert draw() == bare


@pytest.mark.parametrize(("rows", "sampled"), [(200, False), (3000, True)])
def test_a_model_that_keeps_many_samples_is_scored_on_a_sample(
    autolog: None, recorded: Recorded, monkeypatch: pytest.MonkeyPatch, rows: int, sampled: bool
) -> None:
    monkeypatch.delenv("TRACKLINE_BUDGET")
    KNeighborsClassifier().fit(np.random.default_rng(0).random((rows, 20)), np.arange(rows) % 2)
    told = recorded.run().data.tags.get("trackline.training_metrics")
    assert told == ("of a sample of 256 rows" if sampled else None)


def test_other_models_of_that_size_are_scored_on_all_rows(
    autolog: None, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRACKLINE_BUDGET")
    features, labels = np.random.default_rng(0).random((3000, 20)), np.arange(3000) % 2
    for model in (LogisticRegression(), RandomForestClassifier(50, max_depth=5), HistGradientBoostingClassifier(max_iter=5)):
        model.fit(features, labels)
    assert not any("trackline.training_metrics" in run.data.tags for run in recorded.runs())


def test_extra_tags(recorded: Recorded) -> None:
    trackline.autolog(extra_tags={"team": "blue"})
    LinearRegression().fit(Xr, yr)
    assert recorded.run().data.tags["team"] == "blue"
