"""How well a booster does on the data it was trained on, though no evaluation set was given."""

from __future__ import annotations

import time
from typing import Any

from trackline.integrations import _evaluation
from trackline.integrations._evaluation import PROBE_ROWS
from trackline.integrations.xgboost import params


def training(booster: Any, data: Any, fit_seconds: float) -> _evaluation.Evaluation:
    """Evaluates the booster by its objective; of too much data for the time a part, chosen at random but always the
    same."""
    found = _evaluation.Evaluation()
    data, found.sampled = _affordable(booster, data, _evaluation.budget(fit_seconds))
    truth = None if data is None else data.get_label()
    if truth is None or not len(truth):
        return found
    found.predicted = predicted = booster.predict(data)
    weights = data.get_weight()
    weights = weights.astype(float) if len(weights) == len(truth) else None
    _by_objective(found, params.objective(booster), truth, predicted, weights)
    return found


def _by_objective(found: _evaluation.Evaluation, objective: str, truth: Any, predicted: Any, weights: Any) -> None:
    import numpy as np

    if len(predicted) != len(truth):
        return
    if objective == "binary:logistic":
        both = np.column_stack([1.0 - predicted, predicted])
        found.add_classes(truth, (predicted > 0.5).astype(truth.dtype), both, weights, positive=1.0)
    elif objective == "multi:softprob":
        found.add_classes(truth, predicted.argmax(axis=1).astype(truth.dtype), predicted, weights)
    elif objective in ("multi:softmax", "binary:hinge"):
        found.add_classes(truth, predicted, None, weights)
    elif objective.startswith(("reg:", "count:")) and objective != "reg:logistic" and predicted.ndim == 1:
        found.add_numbers(truth, predicted, weights)


def _affordable(booster: Any, data: Any, budget: float) -> tuple[Any, int | None]:
    import numpy as np

    rows = data.num_row()
    if rows <= PROBE_ROWS:
        return data, None
    if type(data).__name__ != "DMatrix":  # A quantised matrix cannot be taken apart.
        return (data, None) if rows <= 100 * PROBE_ROWS else (None, None)
    chosen = np.random.default_rng(0)
    probe = data.slice(np.sort(chosen.choice(rows, PROBE_ROWS, replace=False)))
    started = time.perf_counter()
    booster.predict(probe)
    affordable = int(budget * PROBE_ROWS / (time.perf_counter() - started))
    if affordable >= rows:
        return data, None
    count = max(PROBE_ROWS, affordable)
    return data.slice(np.sort(np.random.default_rng(0).choice(rows, count, replace=False))), count
