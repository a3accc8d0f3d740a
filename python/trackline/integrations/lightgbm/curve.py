"""The curve of a training with LightGBM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trackline._guard import guard
from trackline.integrations import _curve

FIRST = -1_000_000
"""LightGBM calls callbacks in the order of a number; those of users that have none get small negative ones."""


def points(evaluations: list[tuple[Any, ...]]) -> Iterator[tuple[str, float]]:
    """The value of each set and metric; folds have a mean and a deviation."""
    for data, metric, value, _is_higher_better, *deviation in evaluations:
        key = _curve.key(data, metric)
        if deviation:
            yield f"{key}-mean", value
            yield f"{key}-std", deviation[0]
        else:
            yield key, value


class Callback:
    """Adds a point after every iteration, before a callback that stops can hide it."""

    order = FIRST
    before_iteration = False

    def __init__(self, curve: _curve.Curve) -> None:
        self.curve = curve

    def __call__(self, env: Any) -> None:
        if env.evaluation_result_list:
            with guard("lightgbm.curve"):
                self.curve.add(env.iteration - env.begin_iteration, points(env.evaluation_result_list))
