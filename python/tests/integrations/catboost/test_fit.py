"""CatBoost's estimators, `train` and `cv`."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import catboost
import numpy as np
import pandas as pd
import pytest
import trackline
from catboost import CatBoostClassifier, CatBoostRanker, CatBoostRegressor, Pool
from recorded import Recorded
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_breast_cancer(return_X_y=True)
SMALL: dict[str, Any] = {"iterations": 6, "depth": 2, "thread_count": 1, "verbose": False}


@pytest.fixture(autouse=True)
def its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CatBoost writes `catboost_info` wherever it is."""
    monkeypatch.chdir(tmp_path)


def test_params_curves_and_scores(autolog: None, recorded: Recorded) -> None:
    model = CatBoostClassifier(**SMALL, custom_metric=["AUC"]).fit(X[:400], y[:400], eval_set=(X[400:], y[400:]))
    run = recorded.run()
    assert run.data.tags["mlflow.autologging"] == "catboost"
    assert run.data.params["iterations"] == "6"
    assert run.data.params["learning_rate"] == str(model.get_all_params()["learning_rate"])
    history = model.get_evals_result()
    assert recorded.curve(run, "learn-Logloss") == list(enumerate(history["learn"]["Logloss"]))
    assert recorded.curve(run, "validation-AUC") == list(enumerate(history["validation"]["AUC"]))
    assert run.data.metrics["training_accuracy_score"] == np.mean(model.predict(X[:400]) == y[:400])
    assert [item.tags[0].value for item in run.inputs.dataset_inputs] == ["train", "eval"]
    assert recorded.bytes(run, "feature_importance_PredictionValuesChange.png").startswith(b"\x89PNG")
    importance = recorded.json(run, "feature_importance_PredictionValuesChange.json")
    assert list(importance.values()) == model.get_feature_importance().tolist()


def test_early_stopping(autolog: None, recorded: Recorded) -> None:
    model = CatBoostClassifier(**{**SMALL, "iterations": 400}, learning_rate=1.0)
    model.fit(X[:400], y[:400], eval_set=(X[400:], y[400:]), early_stopping_rounds=3)
    metrics, values = recorded.run().data.metrics, model.get_evals_result()["validation"]["Logloss"]
    assert len(values) < 400
    assert metrics["best_iteration"] == model.get_best_iteration()
    assert metrics["stopped_iteration"] == len(values) - 1


def test_metrics_that_are_computed_now_and_then(autolog: None, recorded: Recorded) -> None:
    CatBoostClassifier(**{**SMALL, "iterations": 25}, metric_period=10).fit(X, y)
    assert [step for step, _ in recorded.curve(recorded.run(), "learn-Logloss")] == [0, 10, 20, 24]


def test_a_pool_with_categories(autolog: None, recorded: Recorded) -> None:
    table = pd.DataFrame({"size": np.arange(60.0), "colour": ["red", "blue", "green"] * 20})
    pool = Pool(table, np.arange(60) % 2, cat_features=["colour"])
    model = CatBoostClassifier(**SMALL).fit(pool)
    run = recorded.run()
    (item,) = run.inputs.dataset_inputs
    assert item.dataset.name == "table"
    assert [column["name"] for column in json.loads(item.dataset.schema)["mlflow_colspec"]] == ["size", "colour", "target"]
    loaded = trackline.pyfunc.load_model(f"runs:/{run.info.run_id}/model")
    assert (loaded.predict(table) == model.predict(table)).all()


def test_a_pool_of_arrays_that_are_gone(autolog: None, recorded: Recorded) -> None:
    CatBoostRegressor(**SMALL).fit(Pool(np.arange(80.0).reshape(40, 2), np.arange(40.0)))
    run = recorded.run()
    (item,) = run.inputs.dataset_inputs
    profile = json.loads(item.dataset.profile)
    assert (profile["features_shape"], profile["targets_shape"]) == ([40, 2], [40])
    assert "training_r2_score" in run.data.metrics


def test_a_pool_with_categories_of_a_table_that_is_gone(autolog: None, recorded: Recorded) -> None:
    table = pd.DataFrame({"size": np.arange(60.0), "colour": ["red", "blue", "green"] * 20})
    CatBoostRegressor(**SMALL).fit(Pool(table[:40], np.arange(40.0), cat_features=["colour"]))
    (item,) = recorded.run().inputs.dataset_inputs
    assert json.loads(item.dataset.profile)["num_rows"] == 40
    assert [column["name"] for column in json.loads(item.dataset.schema)["mlflow_colspec"]] == ["size", "colour", "target"]


def test_other_kinds(autolog: None, recorded: Recorded) -> None:
    CatBoostRegressor(**SMALL).fit(*load_diabetes(return_X_y=True))
    CatBoostRanker(**SMALL, loss_function="QueryRMSE").fit(X, y, group_id=np.arange(len(y)) // 10)
    catboost.train(Pool(X, y), {**SMALL, "loss_function": "Logloss"})
    regressor, ranker, trained = recorded.runs()
    assert "training_r2_score" in regressor.data.metrics
    assert any(key.startswith("learn-") for key in ranker.data.metrics)
    assert "training_f1_score" in trained.data.metrics
    facts = recorded.document(trained, "structure")["children"][0]["params"]
    assert {"name": "trees", "value": "6", "default": "6"} in facts


def test_scores_afterwards(autolog: None, recorded: Recorded) -> None:
    model = CatBoostClassifier(**SMALL).fit(X, y)
    value = roc_auc_score(y, model.predict_proba(X)[:, 1])
    assert recorded.run().data.metrics["roc_auc_score_X"] == value


class Stop:
    def after_iteration(self, info: Any) -> bool:
        if info.iteration == 3:
            raise RuntimeError("crash")
        return True


def test_points_before_an_error_are_kept(autolog: None, recorded: Recorded) -> None:
    sets = [(X[:9], y[:9]), (X, y)]
    # CatBoost leaves the error behind as the one that its thread is handling.
    with ThreadPoolExecutor(1) as pool, pytest.raises(catboost.CatBoostError, match="crash"):
        pool.submit(CatBoostClassifier(**SMALL).fit, X, y, eval_set=sets, callbacks=[Stop()]).result()
    run = recorded.run()
    assert run.info.status == "FAILED"
    for key in ("learn-Logloss", "validation_0-Logloss", "validation_1-Logloss"):
        assert [step for step, _ in recorded.curve(run, key)][:3] == [0, 1, 2]


def test_cv_is_a_curve_with_deviations(autolog: None, recorded: Recorded) -> None:
    params = {**SMALL, "loss_function": "Logloss"}
    del params["verbose"]
    table = catboost.cv(Pool(X, y), params, fold_count=3, logging_level="Silent")
    run = recorded.run()
    assert recorded.curve(run, "test-Logloss-mean") == list(enumerate(table["test-Logloss-mean"]))
    assert recorded.curve(run, "train-Logloss-std") == list(enumerate(table["train-Logloss-std"]))
    assert run.data.params["fold_count"] == "3"
    assert run.inputs.dataset_inputs[0].dataset.name == "X"


def test_in_a_pipeline_and_a_search(autolog: None, recorded: Recorded) -> None:
    make_pipeline(StandardScaler(), CatBoostClassifier(**SMALL)).fit(X, y)
    assert len(recorded.curve(recorded.run(), "learn-Logloss")) == 6
    GridSearchCV(CatBoostClassifier(**SMALL), {"depth": [1, 2]}, cv=2).fit(X, y)
    search = recorded.top()[1]
    assert len(recorded.curve(search, "learn-Logloss")) == 6
    children = recorded.children(search)
    assert [child.data.params["depth"] for child in children] == ["1", "2"]
    assert all(len(recorded.curve(child, "split1_learn-Logloss")) == 6 for child in children)


def test_the_model_loads_again(autolog: None, recorded: Recorded) -> None:
    model = CatBoostClassifier(**SMALL).fit(X, y)
    uri = f"runs:/{recorded.run().info.run_id}/model"
    loaded = trackline.catboost.load_model(uri)
    assert type(loaded) is CatBoostClassifier
    assert (loaded.predict_proba(X) == model.predict_proba(X)).all()
    assert trackline.models.get_model_info(uri).signature.outputs is not None
