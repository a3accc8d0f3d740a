"""How many rows of its training data a model is scored on: all of them, or so many as its size and theirs allow.

Only sizes decide and no clock, so that the same program is scored on the same rows wherever it runs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from trackline.integrations._arguments import FitArguments

LEAST_ROWS = 256
MOST_WORK = 4_000_000
"""Numbers that may be looked at: about what 10 ms of processor time are enough for. It is a fifth of what tracking may cost a short
run: the figures that the user wants to see come later, and are to be kept too."""
A_CELL = 4
"""A cell of the data is checked, converted and read, whatever the model."""
A_TREE = 20
"""A row goes through a tree from its root to a leaf."""
A_BOOSTED_TREE = 6
"""Those of boosters are small, and compiled."""
PLAIN = {str, bool, int, float, type(None)}
"""Types of settings, which most attributes of most estimators are."""


def of(given: FitArguments, work: int, budget: float) -> tuple[FitArguments, int | None]:
    """The data, or so many of its rows, chosen at random but always the same; `work` is what there is to look at for a row
    beside its cells. With a `budget` of infinite seconds always the whole."""
    rows = given.data.shape[0] if hasattr(given.data, "shape") else len(given.data)
    width = math.prod(given.data.shape[1:]) if hasattr(given.data, "shape") else 1
    count = affordable(rows, work + A_CELL * width, budget)
    if count is None:
        return given, None
    chosen = rows_of(rows, count)
    return FitArguments(*(None if part is None else _chosen(part, chosen) for part in given)), count


def affordable(rows: int, work: int, budget: float) -> int | None:
    """So many of the rows; None for all of them."""
    count = max(LEAST_ROWS, MOST_WORK // max(1, work))
    return None if rows <= count or math.isinf(budget) else count


def rows_of(rows: int, count: int) -> Any:
    """The numbers of the rows that are chosen, in order."""
    import numpy as np

    return np.sort(np.random.default_rng(0).choice(rows, count, replace=False))


def learned(model: Any) -> int:
    """How many numbers the model has learned that a prediction may look at: coefficients, kept samples, ways through trees."""
    total, seen, waiting = 0, set[int](), [model]
    while waiting:
        value = waiting.pop()
        if id(value) not in seen:
            seen.add(id(value))
            count, parts = _looked_at(value)
            total += count
            waiting += (part for part in parts if type(part) not in PLAIN)
    return total


def _looked_at(value: Any) -> tuple[int, Iterable[Any]]:
    """The numbers of the value itself, and what it is made of."""
    kind = type(value).__module__.partition(".")[0]
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return math.prod(value.shape), value.ravel() if value.dtype == object else ()
    if hasattr(value, "transform") and not hasattr(value, "predict"):
        return 0, ()  # A pass over the row, as cells are counted anyway.
    if hasattr(value, "node_count"):
        return A_TREE, ()
    if kind in ("xgboost", "lightgbm", "catboost"):
        return A_BOOSTED_TREE * _trees(value), ()
    if isinstance(value, list | tuple | dict):
        return 0, value.values() if isinstance(value, dict) else value
    return 0, vars(value).values() if hasattr(value, "get_params") or hasattr(value, "nodes") else ()


def _trees(model: Any) -> int:
    """Trees of a booster, or of an estimator that holds one."""
    booster = getattr(model, "_Booster", model)
    for count in ("num_trees", "num_boosted_rounds"):
        if hasattr(booster, count):
            return int(getattr(booster, count)())
    return int(getattr(booster, "tree_count_", None) or 0)


def _chosen(values: Any, rows: Any) -> Any:
    if hasattr(values, "iloc"):
        return values.iloc[rows]
    if isinstance(values, list | tuple):
        return [values[row] for row in rows]
    return values[rows]
