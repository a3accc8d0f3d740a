"""What an estimator has kept of its own fit: curves and figures that no `score` tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trackline._log import RunLog

CURVES = {
    "loss_curve_": "loss",
    "oob_scores_": "oob_score",
    "train_score_": "train_score",
    "validation_score_": "validation_score",
    "validation_scores_": "validation_score",
}
"""Attributes of scikit-learn's neural networks and boosters, one value an iteration, and the keys of their metrics."""
FIGURES = {
    "best_iteration_": "best_iteration",
    "inertia_": "inertia",
    "lower_bound_": "lower_bound",
    "n_iter_": "n_iter",
    "oob_score_": "oob_score",
    "reconstruction_err_": "reconstruction_err",
}
"""Attributes that are one number."""


def log(to: RunLog, estimator: Any) -> None:
    """Logs what the estimator, or the last step of a pipeline, has kept."""
    while hasattr(estimator, "named_steps"):
        estimator = estimator.steps[-1][1]
    # Not by `getattr`: a property may compute, or warn.
    kept = vars(estimator)
    for name, key in CURVES.items():
        for step, value in enumerate(_numbers(kept.get(name))):
            to.handle.log_metrics([(key, value)], step)
    for name, key in FIGURES.items():
        value = kept.get(name)
        if isinstance(value, int | float) or getattr(value, "shape", None) == ():
            to.log_metrics({key: float(value)})
    _history(to, kept.get("history_"))


def _history(to: RunLog, history: Any) -> None:
    """skorch keeps a row for each epoch, with `train_loss`, `valid_acc` and whatever its callbacks have put there."""
    for row in history if isinstance(history, list) else ():
        if isinstance(row, dict) and isinstance(row.get("epoch"), int):
            points = [(key, float(value)) for key, value in row.items() if isinstance(value, float) and key != "dur"]
            to.handle.log_metrics(points, row["epoch"])


def _numbers(values: Any) -> Iterator[float]:
    if values is not None and getattr(values, "ndim", 1) == 1:
        yield from map(float, values)
