from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Protocol

from trackline._log._subject import Subject
from trackline.exceptions import MlflowException


class NamedData(Protocol):
    """A dataset, as far as a metric is concerned."""

    @property
    def name(self) -> str: ...
    @property
    def digest(self) -> str: ...


class MetricLog(Subject):
    """Metrics of a run."""

    def log_metric(
        self,
        key: str,
        value: float,
        step: int | None = None,
        timestamp: int | None = None,
        model_id: str | None = None,
        dataset: NamedData | None = None,
    ) -> None:
        """Logs one value; `timestamp` in milliseconds since the epoch, now if absent."""
        if model_id is None and dataset is None:
            self.handle.log_metric(key, number(key, value), step or 0, timestamp)
        else:
            self.log_metrics({key: value}, step, timestamp, model_id, dataset)

    def log_metrics(
        self,
        metrics: Mapping[str, float],
        step: int | None = None,
        timestamp: int | None = None,
        model_id: str | None = None,
        dataset: NamedData | None = None,
    ) -> None:
        """Logs several values of one step: all of them or, when one is no number, none."""
        values = [(key, number(key, value)) for key, value in metrics.items()]
        if model_id is None and dataset is None:
            self.handle.log_metrics(values, step or 0, timestamp)
            return
        self.handle.log_linked_metrics(
            values,
            step or 0,
            timestamp if timestamp is not None else time.time_ns() // 1_000_000,
            model_id,
            dataset.name if dataset is not None else None,
            dataset.digest if dataset is not None else None,
        )


def number(key: str, value: Any) -> float:
    """The value as a float: numbers, and arrays and tensors of one element."""
    if type(value) is float:
        return value
    try:
        item = getattr(value, "item", None)
        return float(value if item is None else item())
    except Exception as error:
        raise MlflowException.invalid_parameter_value(
            f"Metric `{key}` has a value that is no number: {value!r:.200}. Log a number, or an array of one element."
        ) from error
