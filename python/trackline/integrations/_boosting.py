"""What is recorded of boosted trees, whichever library grows them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from trackline import _native
from trackline._log import RunLog
from trackline.integrations import _dataset, _evaluation, _sampling, _structure
from trackline.integrations._arguments import FitArguments
from trackline.integrations._curve import Curve

Predicts = Literal["positive", "probabilities", "labels", "numbers"]
"""What a booster's prediction is: the probability of the second class, one column a class, labels, or numbers."""


class Boosting:
    """One training: its parameters, its curve and where it stopped. The subject of the session in which it runs."""

    def __init__(self, log: RunLog, prefix: str = "", *, is_inner: bool = False) -> None:
        self.log = log
        self.is_inner = is_inner
        self.params: dict[str, str] = {}
        self.curve = Curve(log, prefix)
        self._ending: dict[str, float] = {}

    def add_params(self, params: Mapping[str, str]) -> None:
        """Logs parameters. Those of an inner training are among the parameters of the outer fit."""
        self.params |= params
        if not self.is_inner:
            self.log.log_params(params)

    def stopped(self, best_iteration: int | None, stopped_iteration: int | None) -> None:
        """Logs where it was best and where it stopped, as the library counts; the curve has the values."""
        if best_iteration is None or stopped_iteration is None:
            return
        prefix = self.curve.prefix
        self._ending = {f"{prefix}best_iteration": best_iteration, f"{prefix}stopped_iteration": stopped_iteration}
        self.log.log_metrics(self._ending, timestamp=self.curve.time)

    def link(self, model_id: str | None) -> None:
        """Says that the model is what this training made."""
        self.curve.link(model_id)
        if model_id is not None and self._ending:
            self.log.log_metrics(self._ending, timestamp=self.curve.time, model_id=model_id)

    def importance(self, kind: str, scores: Mapping[str, float]) -> None:
        """Logs how much each feature counts, as data and as a picture."""
        self.log.log_text(json.dumps(scores, indent=2), f"feature_importance_{kind}.json")
        picture = _native.draw_feature_importance(list(scores.items()), f"Feature importance ({kind})")
        self.log.handle.log_picture(picture, f"feature_importance_{kind}.png")


def judge(found: _evaluation.Evaluation, predicts: Predicts, truth: Any, predicted: Any, weights: Any) -> None:
    """Adds the scores of a booster's predictions; `truth` is an array of numbers."""
    import numpy as np

    if len(predicted) != len(truth):
        return
    if predicts == "positive":
        both = np.column_stack([1.0 - predicted, predicted])
        found.add_classes(truth, (predicted > 0.5).astype(truth.dtype), both, weights, positive=1)
    elif predicts == "probabilities":
        found.add_classes(truth, predicted.argmax(axis=1).astype(truth.dtype), predicted, weights)
    elif predicts == "labels":
        found.add_classes(truth, predicted.reshape(-1).astype(truth.dtype), None, weights)
    elif predicted.ndim == 1:
        found.add_numbers(truth, predicted, weights)


def training(
    booster: Any, predict: Callable[[Any], Any], predicts: Predicts, given: FitArguments, budget: float
) -> _evaluation.Evaluation:
    """Scores on the data it was trained on, or on a sample unless the `budget` is infinite."""
    import numpy as np

    found = _evaluation.Evaluation()
    given, found.sampled = _sampling.of(given, _sampling.learned(booster), budget)
    found.predicted = predict(given.data)
    truth = _dataset.array(given.labels)
    if truth is not None and truth.dtype.kind in "biuf":
        weights = None if given.weights is None else np.asarray(given.weights, dtype=float)
        judge(found, predicts, truth.reshape(-1), found.predicted, weights)
    return found


def tree_node(module: str, leaves: Sequence[int], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The trees as a node of the structure; `leaves` has a number for each tree."""
    if not leaves:
        return _structure.fact_node("booster", "Booster", module, facts)
    counted = {"leaves": sum(leaves), "most_leaves": max(leaves), "mean_leaves": round(sum(leaves) / len(leaves), 2)}
    return _structure.fact_node("booster", "Booster", module, {**facts, "trees": len(leaves), **counted})
