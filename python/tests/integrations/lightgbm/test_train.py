"""`lightgbm.train` and `lightgbm.cv`."""

from __future__ import annotations

import json
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
import pytest
import trackline
from recorded import Recorded
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris

X, y = load_breast_cancer(return_X_y=True)
BINARY = {"objective": "binary", "num_leaves": 4, "num_threads": 1, "verbose": -1}


def sets() -> tuple[lightgbm.Dataset, lightgbm.Dataset]:
    return lightgbm.Dataset(X[:400], y[:400]), lightgbm.Dataset(X[400:], y[400:])


def test_the_curve_of_each_set(autolog: None, recorded: Recorded) -> None:
    train, valid = sets()
    history: dict[str, Any] = {}
    params = {**BINARY, "metric": ["binary_logloss", "ndcg@2"]}
    callbacks = [lightgbm.record_evaluation(history)]
    lightgbm.train(params, train, 5, valid_sets=[train, valid], valid_names=["a", "b"], callbacks=callbacks)
    run = recorded.run()
    assert recorded.curve(run, "b-binary_logloss") == list(enumerate(history["b"]["binary_logloss"]))
    assert recorded.curve(run, "a-binary_logloss") == list(enumerate(history["a"]["binary_logloss"]))
    (model,) = trackline.search_logged_models(output_format="list")
    assert {metric.key for metric in model.metrics} >= {"a-binary_logloss", "b-binary_logloss"}


def test_params_and_importance(autolog: None, recorded: Recorded) -> None:
    booster = lightgbm.train({**BINARY, "eta": 0.1}, sets()[0], 3)
    run = recorded.run()
    assert run.data.params["eta"] == "0.1"
    assert run.data.params["num_boost_round"] == "3"
    assert "None" not in run.data.params.values()
    gains = recorded.json(run, "feature_importance_gain.json")
    assert list(gains.values()) == booster.feature_importance("gain").tolist()
    assert recorded.bytes(run, "feature_importance_split.png").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("objective", "data", "expected"),
    [
        ("multiclass", load_iris, "training_roc_auc"),
        ("binary", load_breast_cancer, "training_f1_score"),
        ("regression", load_diabetes, "training_r2_score"),
    ],
)
def test_training_metrics_follow_the_objective(
    autolog: None, recorded: Recorded, objective: str, data: Any, expected: str
) -> None:
    features, labels = data(return_X_y=True)
    params = {**BINARY, "objective": objective, **({"num_class": 3} if objective == "multiclass" else {})}
    lightgbm.train(params, lightgbm.Dataset(features, labels), 3)
    assert expected in recorded.run().data.metrics


def test_early_stopping(autolog: None, recorded: Recorded) -> None:
    train, valid = sets()
    history: dict[str, Any] = {}
    callbacks = [lightgbm.early_stopping(3, verbose=False), lightgbm.record_evaluation(history)]
    booster = lightgbm.train({**BINARY, "eta": 0.9}, train, 500, valid_sets=[valid], callbacks=callbacks)
    metrics, values = recorded.run().data.metrics, history["valid_0"]["binary_logloss"]
    assert len(values) < 500
    assert metrics["best_iteration"] == booster.best_iteration
    assert metrics["stopped_iteration"] == len(values)
    assert recorded.run().data.params["stopping_rounds"] == "3"
    assert recorded.curve(recorded.run(), "valid_0-binary_logloss") == list(enumerate(values))


def test_the_users_callbacks_are_left_alone(autolog: None, recorded: Recorded) -> None:
    train, valid = sets()
    callbacks = [lightgbm.log_evaluation(0)]
    before = list(callbacks)
    for _ in range(2):
        lightgbm.train(BINARY, train, 4, valid_sets=[valid], callbacks=callbacks)
    assert callbacks == before
    assert [len(recorded.curve(run, "valid_0-binary_logloss")) for run in recorded.children(recorded.top()[0])] == [4, 4]


@pytest.mark.parametrize("error", [RuntimeError("crash"), KeyboardInterrupt()])
def test_points_before_an_error_are_kept(autolog: None, recorded: Recorded, error: BaseException) -> None:
    train, valid = sets()

    def stop(env: Any) -> None:
        if env.iteration == 3:
            raise error

    with pytest.raises(type(error)):
        lightgbm.train(BINARY, train, 9, valid_sets=[valid], callbacks=[stop])
    assert recorded.run().info.status == "FAILED"
    assert [step for step, _ in recorded.curve(recorded.run(), "valid_0-binary_logloss")] == [0, 1, 2, 3]


def test_the_categories_of_a_dataset_are_a_param(autolog: None, recorded: Recorded) -> None:
    lightgbm.train(BINARY, lightgbm.Dataset(X.round(), y, categorical_feature=[2]), 2)
    assert recorded.run().data.params["categorical_feature"] == "[2]"


def test_the_datasets_with_their_labels(autolog: None, recorded: Recorded) -> None:
    features = pd.DataFrame(X)
    train = lightgbm.Dataset(features, y)
    lightgbm.train(BINARY, train, 2, valid_sets=[sets()[1]])
    inputs = {item.tags[0].value: item.dataset for item in recorded.run().inputs.dataset_inputs}
    assert inputs["train"].name == "features"
    assert json.loads(inputs["train"].schema)["mlflow_colspec"][-1]["name"] == "target"
    assert inputs["eval"].name == "valid_0"
    assert json.loads(inputs["eval"].profile)["targets_shape"] == [169]


def test_the_model_loads_again(autolog: None, recorded: Recorded) -> None:
    booster = lightgbm.train(BINARY, sets()[0], 3)
    uri = f"runs:/{recorded.run().info.run_id}/model"
    assert (trackline.lightgbm.load_model(uri).predict(X) == booster.predict(X)).all()
    assert (trackline.pyfunc.load_model(uri).predict(X) == booster.predict(X)).all()
    assert trackline.models.get_model_info(uri).signature.inputs is not None


def test_cv_is_a_curve_with_deviations(autolog: None, recorded: Recorded) -> None:
    history = lightgbm.cv(BINARY, sets()[0], 200, nfold=3, callbacks=[lightgbm.early_stopping(2, verbose=False)])
    run = recorded.run()
    means = history["valid binary_logloss-mean"]
    curve = recorded.curve(run, "valid-binary_logloss-mean")
    assert [value for _, value in curve][: len(means)] == means
    assert run.data.metrics["best_iteration"] == len(means)
    assert run.data.metrics["stopped_iteration"] == len(curve)
    assert run.data.params["nfold"] == "3"


def test_the_trees_are_counted(autolog: None, recorded: Recorded) -> None:
    booster = lightgbm.train(BINARY, sets()[0], 3)
    structure = recorded.document(recorded.run(), "structure")
    facts = {param["name"]: param["value"] for param in structure["params"]}
    assert facts["trees"] == "3"
    leaves = [tree["num_leaves"] for tree in booster.dump_model()["tree_info"]]
    assert facts["leaves"] == str(sum(leaves))
    assert facts["mean_leaves"] == str(round(float(np.mean(leaves)), 2))
