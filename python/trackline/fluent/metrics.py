from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trackline.fluent._target import RunOperations, operations, target


def log_metric(
    key: str,
    value: float,
    step: int | None = None,
    synchronous: bool | None = None,
    timestamp: int | None = None,
    run_id: str | None = None,
    model_id: str | None = None,
    dataset: Any = None,
) -> RunOperations | None:
    """Logs one value to the current run (or that of `run_id`); starts a run if there is none.

    `step` is 0 if absent, `timestamp` now, in milliseconds since the epoch. `model_id` and `dataset` say what was
    measured and on what. NaN and the infinities are values like others.
    """
    target(run_id).log_metric(key, value, step, timestamp, model_id, dataset)
    return None if synchronous is None else operations(synchronous)


def log_metrics(
    metrics: Mapping[str, float],
    step: int | None = None,
    synchronous: bool | None = None,
    run_id: str | None = None,
    timestamp: int | None = None,
    model_id: str | None = None,
    dataset: Any = None,
) -> RunOperations | None:
    """Logs several values of one step, as `log_metric`."""
    target(run_id).log_metrics(metrics, step, timestamp, model_id, dataset)
    return None if synchronous is None else operations(synchronous)
