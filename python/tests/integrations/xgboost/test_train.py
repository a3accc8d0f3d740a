"""`xgboost.train` and `xgboost.cv`."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
import trackline
import xgboost
from recorded import Recorded
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris

X, y = load_breast_cancer(return_X_y=True)
BINARY = {"objective": "binary:logistic", "nthread": 1, "max_depth": 2}


def matrices() -> tuple[xgboost.DMatrix, xgboost.DMatrix]:
    return xgboost.DMatrix(X[:400], y[:400]), xgboost.DMatrix(X[400:], y[400:])


def test_the_curve_of_each_set(autolog: None, recorded: Recorded) -> None:
    train, valid = matrices()
    history: dict[str, Any] = {}
    params = {**BINARY, "eval_metric": ["logloss", "ndcg@2"]}
    xgboost.train(params, train, 7, evals=[(train, "a"), (valid, "b")], evals_result=history, verbose_eval=False)
    run = recorded.run()
    assert recorded.curve(run, "b-logloss") == list(enumerate(history["b"]["logloss"]))
    assert recorded.curve(run, "a-ndcg_at_2") == list(enumerate(history["a"]["ndcg@2"]))


def test_params_that_are_set_and_what_they_come_to(autolog: None, recorded: Recorded) -> None:
    xgboost.train({**BINARY, "eta": 0.1}, matrices()[0], 3)
    params = recorded.run().data.params
    assert params["eta"] == "0.1"
    assert params["max_depth"] == "2"
    assert params["num_boost_round"] == "3"
    assert params["reg_lambda"] == "1"
    assert params["tree_method"] == "auto"
    assert "learning_rate" not in params
    assert "None" not in params.values()


def test_training_metrics_without_an_eval_set(autolog: None, recorded: Recorded) -> None:
    matrix = matrices()[0]
    booster = xgboost.train(BINARY, matrix, 5)
    metrics = recorded.run().data.metrics
    assert metrics["training_accuracy_score"] == np.mean((booster.predict(matrix) > 0.5) == y[:400])
    assert {"training_f1_score", "training_roc_auc", "training_log_loss"} <= metrics.keys()


@pytest.mark.parametrize(
    ("objective", "data", "expected"),
    [
        ("multi:softprob", load_iris, "training_roc_auc"),
        ("multi:softmax", load_iris, "training_f1_score"),
        ("reg:squarederror", load_diabetes, "training_r2_score"),
    ],
)
def test_training_metrics_follow_the_objective(
    autolog: None, recorded: Recorded, objective: str, data: Any, expected: str
) -> None:
    params = {"objective": objective, "nthread": 1}
    if objective.startswith("multi"):
        params["num_class"] = 3
    xgboost.train(params, xgboost.DMatrix(*data(return_X_y=True)), 3)
    assert expected in recorded.run().data.metrics


def test_feature_importance_as_data_and_picture(recorded: Recorded) -> None:
    trackline.xgboost.autolog(importance_types=["weight", "gain"])
    booster = xgboost.train(BINARY, matrices()[0], 5)
    run = recorded.run()
    assert recorded.json(run, "feature_importance_gain.json") == booster.get_score(importance_type="gain")
    assert recorded.bytes(run, "feature_importance_weight.png").startswith(b"\x89PNG")


@pytest.mark.parametrize("by_callback", [False, True])
def test_early_stopping_either_way(autolog: None, recorded: Recorded, by_callback: bool) -> None:
    train, valid = matrices()
    history: dict[str, Any] = {}
    how: dict[str, Any] = {"early_stopping_rounds": 3}
    if by_callback:
        how = {"callbacks": [xgboost.callback.EarlyStopping(rounds=3)]}
    options: dict[str, Any] = {"evals": [(valid, "valid")], "evals_result": history, "verbose_eval": False}
    booster = xgboost.train({**BINARY, "eta": 1.0}, train, 500, **options, **how)
    metrics, rounds = recorded.run().data.metrics, len(history["valid"]["logloss"])
    assert rounds < 500
    assert metrics["best_iteration"] == booster.best_iteration
    assert metrics["stopped_iteration"] == rounds - 1
    assert recorded.curve(recorded.run(), "valid-logloss") == list(enumerate(history["valid"]["logloss"]))


def test_the_users_callbacks_are_left_alone(autolog: None, recorded: Recorded) -> None:
    train, valid = matrices()
    callbacks = [xgboost.callback.LearningRateScheduler(lambda _: 0.3)]
    before = list(callbacks)
    for _ in range(2):
        xgboost.train(BINARY, train, 5, evals=[(valid, "valid")], callbacks=callbacks, verbose_eval=False)
    assert callbacks == before
    assert [len(recorded.curve(run, "valid-logloss")) for run in recorded.children(recorded.top()[0])] == [5, 5]


class Stop(xgboost.callback.TrainingCallback):
    def __init__(self, error: BaseException | None) -> None:
        self.error = error

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        if epoch == 3 and self.error is not None:
            raise self.error
        return epoch == 3


@pytest.mark.parametrize("error", [RuntimeError("crash"), KeyboardInterrupt()])
def test_points_before_an_error_are_kept(autolog: None, recorded: Recorded, error: BaseException) -> None:
    train, valid = matrices()
    with pytest.raises(type(error)):
        xgboost.train(BINARY, train, 9, evals=[(valid, "valid")], callbacks=[Stop(error)], verbose_eval=False)
    assert recorded.run().info.status == "FAILED"
    assert [step for step, _ in recorded.curve(recorded.run(), "valid-logloss")] == [0, 1, 2, 3]


def test_a_callback_that_stops_hides_no_point(autolog: None, recorded: Recorded) -> None:
    train, valid = matrices()
    xgboost.train(BINARY, train, 9, evals=[(valid, "valid")], callbacks=[Stop(None)], verbose_eval=False)
    assert len(recorded.curve(recorded.run(), "valid-logloss")) == 4


def test_the_dataset_with_its_labels(autolog: None, recorded: Recorded) -> None:
    features = pd.DataFrame(X)
    matrix = xgboost.DMatrix(features, y)
    xgboost.train(BINARY, matrix, 2)
    (item,) = recorded.run().inputs.dataset_inputs
    assert item.dataset.name == "features"
    assert json.loads(item.dataset.schema)["mlflow_colspec"][-1]["name"] == "target"


def test_a_matrix_made_before_autolog(recorded: Recorded) -> None:
    matrix = matrices()[0]
    trackline.autolog()
    xgboost.train(BINARY, matrix, 2)
    (item,) = recorded.run().inputs.dataset_inputs
    assert item.dataset.name == "matrix"
    assert json.loads(item.dataset.profile)["features_shape"] == [400, 30]
    assert json.loads(item.dataset.profile)["targets_shape"] == [400]


def test_a_matrix_of_an_array_that_is_gone_has_its_rows(autolog: None, recorded: Recorded) -> None:
    xgboost.train(BINARY, xgboost.DMatrix(X[:400].copy(), y[:400]), 2)
    (item,) = recorded.run().inputs.dataset_inputs
    profile = json.loads(item.dataset.profile)
    assert (profile["num_rows"], profile["features_shape"]) == (400, [400, 30])
    assert "columns" not in profile


def test_a_parameter_may_be_an_array(autolog: None, recorded: Recorded) -> None:
    params = {"objective": "reg:quantileerror", "quantile_alpha": np.array([0.1, 0.9])}
    xgboost.train(params, matrices()[0], 2)
    assert recorded.run().data.params["quantile_alpha"] == "[0.1 0.9]"


def test_the_model_loads_again(autolog: None, recorded: Recorded) -> None:
    features = X[:400]
    matrix = xgboost.DMatrix(features, y[:400])
    booster = xgboost.train(BINARY, matrix, 3)
    uri = f"runs:/{recorded.run().info.run_id}/model"
    assert (trackline.xgboost.load_model(uri).predict(matrix) == booster.predict(matrix)).all()
    assert (trackline.pyfunc.load_model(uri).predict(features) == booster.predict(matrix)).all()
    assert trackline.models.get_model_info(uri).signature.outputs is not None


def test_cv_is_a_curve_with_deviations(autolog: None, recorded: Recorded) -> None:
    table = xgboost.cv(BINARY, matrices()[0], 50, nfold=3, early_stopping_rounds=2, metrics="logloss")
    run = recorded.run()
    curve = recorded.curve(run, "test-logloss-mean")
    assert [value for _, value in curve][: len(table)] == table["test-logloss-mean"].tolist()
    assert run.data.metrics["best_iteration"] == len(table) - 1
    assert run.data.metrics["stopped_iteration"] == len(curve) - 1
    assert run.data.params["nfold"] == "3"
    assert len(recorded.curve(run, "train-logloss-std")) == len(curve)


def test_training_on_goes_on(autolog: None, recorded: Recorded) -> None:
    matrix = matrices()[0]
    first = xgboost.train(BINARY, matrix, 2)
    second = xgboost.train(BINARY, matrix, 2, xgb_model=first)
    assert second.num_boosted_rounds() == 4
    assert len(recorded.runs()) == 2
