"""What the machine does while a run is open."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

import trackline as mlflow

CPU = "system/cpu_utilization_percentage"


@pytest.fixture(autouse=True)
def often(store: object) -> Iterator[None]:
    """Samples every tenth of a second; what a test chooses is taken back."""
    before = dict(os.environ)
    del os.environ["TRACKLINE_SYSTEM_METRICS"]
    mlflow.set_system_metrics_sampling_interval(0.1)
    yield
    os.environ.clear()
    os.environ.update(before)


def system_metrics(run: mlflow.ActiveRun) -> dict[str, float]:
    metrics = mlflow.get_run(run.info.run_id).data.metrics
    return {key: value for key, value in metrics.items() if key.startswith("system/")}


def steps(run: mlflow.ActiveRun, key: str = CPU) -> list[int]:
    return [metric.step for metric in mlflow.MlflowClient().get_metric_history(run.info.run_id, key)]


def wait_for_samples(run: mlflow.ActiveRun, count: int, key: str = CPU) -> None:
    end = time.monotonic() + 300
    while len(steps(run, key)) < count:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_run_has_them_under_mlflows_names() -> None:
    with mlflow.start_run() as run:
        wait_for_samples(run, 2)
    assert steps(run)[:2] == [0, 1]
    theirs = ("cpu_utilization_percentage", "system_memory_usage_megabytes", "system_memory_usage_percentage")
    theirs += ("disk_usage_percentage", "disk_usage_megabytes", "disk_available_megabytes")
    theirs += ("network_receive_megabytes", "network_transmit_megabytes")
    assert {f"system/{key}" for key in theirs} <= system_metrics(run).keys()


def test_a_run_refuses_or_asks() -> None:
    mlflow.disable_system_metrics_logging()
    with mlflow.start_run() as silent:
        with mlflow.start_run(log_system_metrics=True, nested=True) as asking:
            wait_for_samples(asking, 1)
        assert system_metrics(silent) == {}
    mlflow.enable_system_metrics_logging()
    with mlflow.start_run(log_system_metrics=False) as refusing:
        with mlflow.start_run(log_system_metrics=True, nested=True) as asking:
            wait_for_samples(asking, 1)
        assert system_metrics(refusing) == {}


def test_a_run_that_goes_on_goes_on_counting() -> None:
    with mlflow.start_run() as run:
        wait_for_samples(run, 2)
    ended = steps(run)
    with mlflow.start_run(run_id=run.info.run_id):
        wait_for_samples(run, len(ended) + 1)
    assert steps(run) == list(range(len(steps(run))))


def test_a_child_that_goes_on_has_none() -> None:
    with mlflow.start_run(log_system_metrics=False), mlflow.start_run(nested=True) as child:
        pass
    with mlflow.start_run(run_id=child.info.run_id):
        with mlflow.start_run(log_system_metrics=True, nested=True) as asking:
            wait_for_samples(asking, 1)
    assert system_metrics(child) == {}


def test_the_name_of_a_node_stands_in_the_keys() -> None:
    mlflow.set_system_metrics_node_id("node-1")
    with mlflow.start_run() as run:
        wait_for_samples(run, 1, "system/node-1/cpu_utilization_percentage")
    assert all(key.startswith("system/node-1/") for key in system_metrics(run))


def test_more_samples_for_a_point_are_a_longer_interval() -> None:
    mlflow.set_system_metrics_samples_before_logging(1000)
    with mlflow.start_run() as slow:
        mlflow.set_system_metrics_samples_before_logging(None)
        with mlflow.start_run(log_system_metrics=True, nested=True) as quick:
            wait_for_samples(quick, 3)
        assert len(steps(slow)) <= 1
