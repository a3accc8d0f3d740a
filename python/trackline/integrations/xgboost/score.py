"""How well a booster does on the data it was trained on, though no evaluation set was given."""

from __future__ import annotations

import math
from typing import Any

from trackline.integrations import _boosting, _evaluation
from trackline.integrations._evaluation import PROBE_ROWS
from trackline.integrations.xgboost import params


def training(booster: Any, data: Any, seconds: float) -> _evaluation.Evaluation:
    """Evaluates the booster by its objective; of data that takes more than `seconds` a part, chosen at random but always the
    same."""
    found = _evaluation.Evaluation()
    data, found.sampled = _affordable(booster, data, seconds)
    truth = None if data is None else data.get_label()
    if truth is None or not len(truth):
        return found
    weights = data.get_weight()
    weights = weights.astype(float) if len(weights) == len(truth) else None
    found.predicted = booster.predict(data)
    if (predicts := _predicts(params.objective(booster))) is not None:
        _boosting.judge(found, predicts, truth, found.predicted, weights)
    return found


def _predicts(objective: str) -> _boosting.Predicts | None:
    if objective == "binary:logistic":
        return "positive"
    if objective == "multi:softprob":
        return "probabilities"
    if objective in ("multi:softmax", "binary:hinge"):
        return "labels"
    return "numbers" if objective.startswith(("reg:", "count:")) and objective != "reg:logistic" else None


def _affordable(booster: Any, data: Any, seconds: float) -> tuple[Any, int | None]:
    import numpy as np

    rows = data.num_row()
    if rows <= PROBE_ROWS or math.isinf(seconds):
        return data, None
    if type(data).__name__ != "DMatrix":  # A quantised matrix cannot be taken apart.
        return (data, None) if rows <= 100 * PROBE_ROWS else (None, None)
    chosen = np.random.default_rng(0)
    probe = data.slice(np.sort(chosen.choice(rows, PROBE_ROWS, replace=False)))
    per_row = _evaluation.seconds_of(lambda: booster.predict(probe)) / PROBE_ROWS
    if seconds >= rows * per_row:
        return data, None
    count = max(PROBE_ROWS, int(seconds / per_row))
    return data.slice(np.sort(np.random.default_rng(0).choice(rows, count, replace=False))), count
