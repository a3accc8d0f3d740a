"""The models of XGBoost's scikit-learn API."""

from __future__ import annotations

from typing import Any

import pytest
import trackline
from recorded import Recorded
from sklearn.datasets import load_diabetes, load_iris
from sklearn.metrics import f1_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier, XGBRegressor, XGBRFClassifier

X, y = load_iris(return_X_y=True)


def test_one_run_by_one_integration(autolog: None, recorded: Recorded) -> None:
    XGBClassifier(n_estimators=10, max_depth=3).fit(X, y)
    run = recorded.run()
    assert run.data.tags["mlflow.autologging"] == "xgboost"
    assert run.data.tags["estimator_name"] == "XGBClassifier"
    params = run.data.params
    assert params["n_estimators"] == params["num_boost_round"] == "10"
    assert params["objective"] == "multi:softprob"
    assert params["num_class"] == "3"
    assert params["learning_rate"] == "0.3"
    assert "None" not in params.values()
    for key in ("precision_score", "recall_score", "f1_score", "accuracy_score", "log_loss", "roc_auc", "score"):
        assert f"training_{key}" in run.data.metrics
    assert {"feature_importance_weight.json", "feature_importance_weight.png"} <= recorded.files(run)
    assert len(run.inputs.dataset_inputs) == len(run.outputs.model_outputs) == 1


def test_the_curve_and_early_stopping(autolog: None, recorded: Recorded) -> None:
    model = XGBClassifier(n_estimators=200, learning_rate=1.0, early_stopping_rounds=3)
    model.fit(X[::2], y[::2], eval_set=[(X[1::2], y[1::2])], verbose=False)
    run = recorded.run()
    history = model.evals_result()["validation_0"]["mlogloss"]
    assert recorded.curve(run, "validation_0-mlogloss") == list(enumerate(history))
    assert run.data.metrics["best_iteration"] == model.best_iteration
    assert run.data.metrics["stopped_iteration"] == len(history) - 1


def test_a_regressor_and_a_forest(autolog: None, recorded: Recorded) -> None:
    XGBRegressor(n_estimators=3).fit(*load_diabetes(return_X_y=True))
    XGBRFClassifier(n_estimators=3).fit(X, y)
    first, second = recorded.runs()
    assert "training_r2_score" in first.data.metrics
    assert second.data.metrics["training_accuracy_score"] > 0.9


class Mine(XGBClassifier):
    """A user's subclass with a `fit` of its own."""

    def fit(self, X: Any, y: Any, **options: Any) -> Mine:
        return super().fit(X, y, **options)


def test_a_users_subclass_makes_one_run(autolog: None, recorded: Recorded) -> None:
    Mine(n_estimators=2).fit(X, y)
    assert recorded.run().data.tags["mlflow.autologging"] == "xgboost"


def test_scores_afterwards(autolog: None, recorded: Recorded) -> None:
    model = XGBClassifier(n_estimators=2).fit(X, y)
    value = f1_score(y, model.predict(X), average="macro")
    assert recorded.run().data.metrics["f1_score_X"] == value


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_in_a_search_and_a_pipeline(autolog: None, recorded: Recorded, n_jobs: int | None) -> None:
    GridSearchCV(XGBClassifier(n_estimators=2, n_jobs=1), {"max_depth": [1, 2]}, cv=2, n_jobs=n_jobs).fit(X, y)
    (parent,) = recorded.top()
    assert [child.data.params["max_depth"] for child in recorded.children(parent)] == ["1", "2"]
    make_pipeline(StandardScaler(), XGBClassifier(n_estimators=2)).fit(X, y)
    assert len(recorded.runs()) == 4


def test_the_model_loads_again(autolog: None, recorded: Recorded) -> None:
    model = XGBClassifier(n_estimators=2).fit(X, y)
    uri = f"runs:/{recorded.run().info.run_id}/model"
    assert (trackline.xgboost.load_model(uri).predict(X) == model.predict(X)).all()
    assert (trackline.pyfunc.load_model(uri).predict(X) == model.predict(X)).all()
    with open(trackline.artifacts.download_artifacts(f"{uri}/requirements.txt")) as file:
        names = {line.partition("==")[0] for line in file.read().split()}
    assert "xgboost-cpu" in names
    assert "xgboost" not in names
