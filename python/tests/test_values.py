"""Metrics, params and tags."""

from __future__ import annotations

import logging
import math

import numpy as np
import pytest

import trackline as mlflow
from trackline.exceptions import MlflowException

pytestmark = pytest.mark.usefixtures("store")


def metrics(run: mlflow.ActiveRun) -> dict[str, float]:
    return mlflow.get_run(run.info.run_id).data.metrics


@pytest.mark.parametrize(
    "value", [2, 2.0, True + 1, "2", np.float32(2), np.int64(2), np.array(2.0), np.array([2.0])], ids=repr
)
def test_anything_that_is_one_number_is_a_metric(value: float) -> None:
    with mlflow.start_run() as run:
        mlflow.log_metric("a", value)
    assert metrics(run) == {"a": 2.0}


@pytest.mark.parametrize("value", ["high", None, [1, 2], np.array([1.0, 2.0]), object()], ids=repr)
def test_what_is_no_number_is_refused(value: float) -> None:
    with mlflow.start_run() as run, pytest.raises(MlflowException, match="score") as caught:
        mlflow.log_metric("score", value)
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"
    assert metrics(run) == {}


def test_numbers_that_are_not_finite_are_kept() -> None:
    with mlflow.start_run() as run:
        mlflow.log_metrics({"nan": math.nan, "inf": math.inf, "minus": -math.inf})
    found = metrics(run)
    assert math.isnan(found["nan"])
    assert (found["inf"], found["minus"]) == (math.inf, -math.inf)


def test_a_metric_has_a_history() -> None:
    with mlflow.start_run() as run:
        for step in (0, 1, 5):
            mlflow.log_metric("loss", 1 / (step + 1), step=step, timestamp=1000 + step)
    history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
    assert [(m.step, m.timestamp, m.value) for m in history] == [(0, 1000, 1.0), (1, 1001, 0.5), (5, 1005, 1 / 6)]
    assert metrics(run) == {"loss": 1 / 6}


def test_metrics_of_a_step_come_together_or_not_at_all() -> None:
    with mlflow.start_run() as run:
        with pytest.raises(MlflowException):
            mlflow.log_metrics({"good": 1, "bad": "x"})  # type: ignore[dict-item]
        mlflow.log_metrics({"a": 1, "b": 2}, step=3)
    assert metrics(run) == {"a": 1.0, "b": 2.0}


def test_a_metric_can_say_what_it_measured() -> None:
    data = mlflow.data.from_numpy(np.eye(2), name="validation")
    with mlflow.start_run() as run:
        model = mlflow.initialize_logged_model(name="m")
        mlflow.log_metric("f1", 0.5, step=2, model_id=model.model_id, dataset=data)
    assert metrics(run) == {"f1": 0.5}
    (measured,) = mlflow.get_logged_model(model.model_id).metrics
    assert (measured.key, measured.value, measured.step) == ("f1", 0.5, 2)
    assert (measured.dataset_name, measured.dataset_digest) == ("validation", data.digest)


def test_logging_to_another_run() -> None:
    with mlflow.start_run() as first:
        pass
    with mlflow.start_run() as second:
        mlflow.log_metric("a", 1, run_id=first.info.run_id)
        mlflow.log_params({"p": 1}, run_id=first.info.run_id)
    assert metrics(first) == {"a": 1.0}
    assert metrics(second) == {}
    assert mlflow.get_run(first.info.run_id).info.status == "FINISHED"
    with pytest.raises(MlflowException) as caught:
        mlflow.log_metric("a", 1, run_id="0" * 32)
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"


def test_asynchronous_logging_can_be_waited_for() -> None:
    with mlflow.start_run() as run:
        assert mlflow.log_metric("a", 1) is None
        operations = mlflow.log_metric("b", 2, synchronous=False)
        assert operations is not None
        operations.wait()
    assert metrics(run) == {"a": 1.0, "b": 2.0}


@pytest.mark.parametrize(
    "call",
    [
        lambda key: mlflow.log_metric(key, 1),
        lambda key: mlflow.log_param(key, 1),
        lambda key: mlflow.set_tag(key, 1),
        lambda key: mlflow.log_metrics({key: 1}),
    ],
)
@pytest.mark.parametrize("key", ["k" * 251, "../up", "/rooted"])
def test_keys_that_break_the_rules_are_refused(call: object, key: str) -> None:
    with mlflow.start_run(), pytest.raises(MlflowException) as caught:
        call(key)  # type: ignore[operator]
    assert caught.value.error_code == "INVALID_PARAMETER_VALUE"


def test_a_param_may_change(caplog: pytest.LogCaptureFixture) -> None:
    with mlflow.start_run() as run, caplog.at_level(logging.WARNING):
        assert mlflow.log_param("depth", 3) == 3
        mlflow.log_param("depth", 4)
        mlflow.log_params({"lr": 0.1, "layers": [1, 2]})
    assert mlflow.get_run(run.info.run_id).data.params == {"depth": "4", "lr": "0.1", "layers": "[1, 2]"}
    assert caplog.records == []


def test_tags_come_and_go() -> None:
    with mlflow.start_run() as run:
        mlflow.set_tags({"a": 1, "b": "x"})
        mlflow.set_tag("a", 2)
        mlflow.delete_tag("b")
    tags = mlflow.get_run(run.info.run_id).data.tags
    assert tags["a"] == "2"
    assert "b" not in tags
