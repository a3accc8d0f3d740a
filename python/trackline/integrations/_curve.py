"""The curve of a training: a point per evaluated set and metric after every iteration."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trackline._log import RunLog


def key(data: str, metric: str) -> str:
    """MLflow's key of a metric on an evaluated set: `validation_0-logloss`, `valid-error_at_0.4`."""
    return re.sub(r"[^\w\-./ :]", "_", f"{data}-{metric}".replace("@", "_at_"))


class Curve:
    """Logs each point at once, so that it is kept when the training fails."""

    def __init__(self, log: RunLog, prefix: str = "") -> None:
        self.log = log
        self.prefix = prefix
        self.iteration: int | None = None
        self._latest: list[tuple[str, float]] = []
        self.time = 0

    def add(self, iteration: int, values: Iterable[tuple[str, float]]) -> None:
        """The values of one iteration, counted from 0."""
        self.iteration, self.time = iteration, time.time_ns() // 1_000_000
        self._latest = [(f"{self.prefix}{name}", float(value)) for name, value in values]
        self.log.handle.log_metrics(self._latest, iteration, self.time)

    def link(self, model_id: str | None) -> None:
        """Says that the latest point is of this model. The very same point logged again counts once."""
        if model_id is not None and self.iteration is not None:
            self.log.handle.log_linked_metrics(self._latest, self.iteration, self.time, model_id)


def of_fitted(estimator: Any) -> Iterator[tuple[int, list[tuple[str, float]]]]:
    """The points that a fitted estimator with `evals_result_`, or the last step of a pipeline, has kept itself."""
    while hasattr(estimator, "named_steps"):
        estimator = estimator.steps[-1][1]
    evaluations = getattr(estimator, "evals_result_", None) or {}
    if not isinstance(evaluations, Mapping):
        return
    period = estimator.get_params().get("metric_period") or 1 if hasattr(estimator, "get_params") else 1
    # CatBoost, asked to, computes metrics every so many iterations only, and after the last one.
    last = estimator.get_all_params()["iterations"] - 1 if period > 1 else sys.maxsize
    curves = {key(data, metric): values for data, metrics in evaluations.items() for metric, values in metrics.items()}
    for number in range(max((len(values) for values in curves.values()), default=0)):
        yield min(number * period, last), [(name, float(values[number])) for name, values in curves.items() if number < len(values)]
