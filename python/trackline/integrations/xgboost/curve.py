"""The curve of a training with XGBoost."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from trackline._guard import guard
from trackline.integrations import _curve


def points(evaluations: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    """The latest value of each set and metric; folds have a mean and a deviation."""
    for data, metrics in evaluations.items():
        for metric, values in metrics.items():
            key, latest = _curve.key(data, metric), values[-1]
            if isinstance(latest, tuple):
                yield f"{key}-mean", latest[0]
                yield f"{key}-std", latest[1]
            else:
                yield key, latest


def callback(curve: _curve.Curve) -> Any:
    """A callback of XGBoost that logs the curve; it stands before others, since one that stops hides the rest."""
    return _callback_class()(curve)


@functools.cache
def _callback_class() -> type:
    from xgboost.callback import TrainingCallback

    class Curve(TrainingCallback):
        """Adds a point after every iteration."""

        def __init__(self, curve: _curve.Curve) -> None:
            self.curve = curve

        def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
            with guard("xgboost.curve"):
                self.curve.add(epoch, points(evals_log))
            return False

    return Curve
