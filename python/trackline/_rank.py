"""Which of several states of a model is the best one, by the metrics that were logged of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_HELD_OUT = re.compile(r"(^|[^a-z])(val|valid|validation|eval|test|dev|holdout|cv)([^a-z]|$)")
_LESS_IS_BETTER = re.compile(r"loss|err|mse|mae|rmse|mape|perplexity|ppl|nll|cross_entropy|log_?loss|fid|wer|cer|brier")
_MORE_IS_BETTER = re.compile(r"acc|auc|auroc|f1|score|r2|map|iou|dice|bleu|rouge|precision|recall|reward|return|psnr|ssim")


def metric(metrics: Mapping[str, float]) -> tuple[str, bool] | None:
    """The metric that tells how good a model is, and whether more of it is better: one of held-out data before one of the
    training data, a loss before a score. None if no name says so."""
    found = []
    for key in metrics:
        name = key.lower()
        less = _LESS_IS_BETTER.search(name)
        if less or _MORE_IS_BETTER.search(name):
            found.append((_HELD_OUT.search(name) is None, less is None, len(name), key))
    return None if not found else (min(found)[3], min(found)[1])


def rank(states: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The states whose `metrics` hold the metric that tells the last one's quality, best first; of equal ones the earlier."""
    told = metric(states[-1]["metrics"]) if states else None
    if told is None:
        return []
    key, more = told
    having = [state for state in states if key in state["metrics"]]
    return sorted(having, key=lambda state: -state["metrics"][key] if more else state["metrics"][key])
