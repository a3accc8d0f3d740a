"""The curve of a training: a point per evaluated set and metric after every iteration."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

from trackline._guard import guard
from trackline._log import RunLog


def points(evaluations: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, float]]:
    """The latest value of each set and metric, under MLflow's key; folds have a mean and a deviation."""
    found: list[tuple[str, float]] = []
    for data, metrics in evaluations.items():
        for metric, values in metrics.items():
            key = re.sub(r"[^\w\-./ :]", "_", f"{data}-{metric}".replace("@", "_at_"))
            latest = values[-1]
            if isinstance(latest, tuple):
                found += [(f"{key}-mean", float(latest[0])), (f"{key}-std", float(latest[1]))]
            else:
                found.append((key, float(latest)))
    return found


def callback(log: RunLog) -> Any:
    """A callback of XGBoost that logs the curve; it stands before others, since one that stops hides the rest."""
    return _callback_class()(log)


@functools.cache
def _callback_class() -> type:
    from xgboost.callback import TrainingCallback

    class Curve(TrainingCallback):
        """Logs each point at once, so that it is kept when the training fails."""

        def __init__(self, log: RunLog) -> None:
            self.log = log
            self.iteration: int | None = None

        def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
            with guard("xgboost.curve"):
                self.iteration = epoch
                self.log.handle.log_metrics(points(evals_log), epoch)
            return False

    return Curve
