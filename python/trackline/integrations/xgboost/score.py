"""How well a booster does on the data it was trained on, though no evaluation set was given."""

from __future__ import annotations

from typing import Any

from trackline.integrations import _boosting, _evaluation, _sampling
from trackline.integrations.xgboost import params


def training(booster: Any, data: Any, budget: float) -> _evaluation.Evaluation:
    """Evaluates the booster by its objective; of much data a part, chosen at random but always the same, unless the `budget` is
    infinite."""
    found = _evaluation.Evaluation()
    data, found.sampled = _affordable(booster, data, budget)
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


def _affordable(booster: Any, data: Any, budget: float) -> tuple[Any, int | None]:
    rows = data.num_row()
    count = _sampling.affordable(rows, _sampling.learned(booster) + _sampling.A_CELL * data.num_col(), budget)
    if count is None:
        return data, None
    if type(data).__name__ != "DMatrix":
        return None, None  # A quantised matrix cannot be taken apart.
    return data.slice(_sampling.rows_of(rows, count)), count
