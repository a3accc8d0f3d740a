"""Automatic logging of the stock MLflow client against our server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def off_afterwards(mlflow: Any) -> Iterator[None]:
    yield
    mlflow.autolog(disable=True)


def test_sklearn(mlflow: Any) -> None:
    from sklearn.datasets import load_iris
    from sklearn.ensemble import RandomForestClassifier

    x, y = load_iris(return_X_y=True, as_frame=True)
    mlflow.sklearn.autolog()
    with mlflow.start_run() as run:
        forest = RandomForestClassifier(n_estimators=5, random_state=0).fit(x, y)
    found = mlflow.get_run(run.info.run_id)
    assert found.data.params["n_estimators"] == "5"
    assert found.data.metrics["training_accuracy_score"] > 0.9
    assert found.inputs.dataset_inputs[0].dataset.digest
    [model] = found.outputs.model_outputs
    files = {file.path for file in mlflow.MlflowClient().list_artifacts(run.info.run_id)}
    assert {"estimator.html", "training_confusion_matrix.png"} <= files
    for uri in (f"runs:/{run.info.run_id}/model", f"models:/{model.model_id}"):
        assert list(mlflow.sklearn.load_model(uri).predict(x)) == list(forest.predict(x))
    assert mlflow.get_logged_model(model.model_id).metrics[0].key.startswith("training_")


def test_grid_search(mlflow: Any) -> None:
    from sklearn.datasets import load_iris
    from sklearn.model_selection import GridSearchCV
    from sklearn.tree import DecisionTreeClassifier

    x, y = load_iris(return_X_y=True)
    mlflow.sklearn.autolog()
    with mlflow.start_run() as run:
        GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2, 3]}, cv=2).fit(x, y)
    parent = mlflow.get_run(run.info.run_id)
    assert "best_cv_score" in parent.data.metrics
    children = mlflow.search_runs(filter_string=f"tags.mlflow.parentRunId = '{run.info.run_id}'")
    assert sorted(children["params.max_depth"]) == ["1", "2", "3"]


def test_xgboost(mlflow: Any) -> None:
    from sklearn.datasets import load_iris
    from xgboost import XGBClassifier

    x, y = load_iris(return_X_y=True, as_frame=True)
    mlflow.xgboost.autolog()
    with mlflow.start_run() as run:
        booster = XGBClassifier(n_estimators=4, max_depth=2).fit(x, y, eval_set=[(x, y)])
    client = mlflow.MlflowClient()
    history = client.get_metric_history(run.info.run_id, "validation_0-mlogloss")
    assert [point.step for point in history] == [0, 1, 2, 3]
    [model] = mlflow.get_run(run.info.run_id).outputs.model_outputs
    loaded = mlflow.xgboost.load_model(f"models:/{model.model_id}")
    assert list(loaded.predict(x)) == list(booster.predict(x))
    predictions = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model").predict(x)
    assert list(predictions) == list(booster.predict(x))
