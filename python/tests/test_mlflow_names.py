"""What scripts written for MLflow call beside logging."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import trackline as mlflow
from trackline import _tracker

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture(autouse=True)
def untold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tracker, "_told", set())


def test_a_traced_function_is_the_function() -> None:
    def double(x: int) -> int:
        return 2 * x

    assert mlflow.trace(double) is double
    assert mlflow.trace(name="twice", span_type="TOOL", attributes={"a": 1})(double) is double

    @mlflow.trace
    async def later() -> int:
        return 3

    @mlflow.trace(output_reducer=sum)
    def counted() -> Iterator[int]:
        yield from (1, 2)

    assert inspect.iscoroutinefunction(later)
    assert asyncio.run(later()) == 3
    assert list(counted()) == [1, 2]


def test_a_span_takes_everything() -> None:
    with mlflow.start_span(name="ask", span_type="LLM") as span:
        span.set_inputs({"question": 1})
        span.set_attributes({"a": 1})
        mlflow.update_current_trace(tags={"team": "blue"})
        assert mlflow.get_current_active_span() is None
    with mlflow.start_span_no_context("root") as root:
        root.end(outputs=1)
    assert mlflow.get_last_active_trace_id() is None


def test_a_span_hides_no_error() -> None:
    with pytest.raises(ValueError, match="mine"), mlflow.start_span():
        raise ValueError("mine")


def test_that_traces_are_not_kept_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        mlflow.trace(print)
        with mlflow.start_span():
            pass
    assert [record.getMessage() for record in caplog.records] == [
        "trackline: traces are not recorded; MLflow's own package sends them to `trackline server`"
    ]


def test_a_deleted_experiment_comes_back() -> None:
    experiment_id = mlflow.create_experiment("gone")
    mlflow.delete_experiment(experiment_id)
    mlflow.restore_experiment(experiment_id)
    assert mlflow.get_experiment(experiment_id).lifecycle_stage == "active"


def test_models_are_registered_where_runs_are(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    mlflow.set_registry_uri(str(store))
    assert mlflow.get_registry_uri() == mlflow.get_tracking_uri() == str(store)
    assert caplog.records == []
    mlflow.tracking.set_registry_uri("sqlite:///elsewhere.db")
    assert "sqlite:///elsewhere.db" in caplog.text
    assert mlflow.get_registry_uri() == str(store)


def test_waiting_waits_for_what_was_logged() -> None:
    mlflow.config.enable_async_logging()
    with mlflow.start_run() as run:
        mlflow.log_metric("a", 1)
        mlflow.log_text("text", "a.txt")
        mlflow.flush_async_logging()
        mlflow.flush_artifact_async_logging()
        mlflow.flush_trace_async_logging(terminate=True)
    assert mlflow.get_run(run.info.run_id).data.metrics == {"a": 1.0}


@pytest.mark.parametrize(
    ("flavor", "options"),
    [
        ("pytorch", {"log_every_n_epoch": 2, "log_every_n_step": 10, "checkpoint": True, "checkpoint_monitor": "loss"}),
        ("keras", {"save_exported_model": True, "save_model_kwargs": {}}),
        ("tensorflow", {"log_every_epoch": True, "keras_model_kwargs": {}, "checkpoint_save_freq": "epoch"}),
        ("transformers", {"log_models": True}),
    ],
)
def test_options_of_mlflow_are_taken(flavor: str, options: dict[str, Any]) -> None:
    module = getattr(mlflow, flavor)
    module.autolog(disable=True, silent=True, **options)
    with pytest.raises(TypeError, match="log_every_n_epochs"):
        module.autolog(log_every_n_epochs=1)


def test_a_name_that_is_missing_says_where_it_is() -> None:
    with pytest.raises(AttributeError, match="'evaluate'.*its own package"):
        mlflow.evaluate  # noqa: B018 - looking is what is tested
