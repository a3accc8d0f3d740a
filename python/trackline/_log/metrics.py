from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Protocol

from trackline._log._subject import Subject


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
            self.handle.log_metric(key, value, step, timestamp)
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
        if model_id is None and dataset is None:
            self.handle.log_metrics(metrics, step, timestamp)
            return
        self.handle.log_linked_metrics(
            metrics,
            step or 0,
            timestamp if timestamp is not None else time.time_ns() // 1_000_000,
            model_id,
            dataset.name if dataset is not None else None,
            dataset.digest if dataset is not None else None,
        )
