"""Cross-validation: one run, with a point for each fold, or for each size and value that is tried out."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from trackline import _config
from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _estimator, _fit, _params, _session
from trackline.integrations._arguments import FitArguments
from trackline.observers import _data_settings

SOURCE = "sklearn.cross_validate"
CHOSEN = ("cv", "scoring", "param_name", "param_range", "train_sizes")
NOT_SCORES = ("estimator", "indices")


def validate(call: Call) -> Any:
    """`cross_validate` and `cross_val_score`."""
    yield from _recorded(call, _log_folds)


def scan(call: Call) -> Any:
    """`validation_curve` and `learning_curve`."""
    yield from _recorded(call, _log_scan)


def _recorded(call: Call, log: Callable[[_fit.FitRun, Any], None]) -> Any:
    """In a run of the user's it is a child, so that the fit which often follows is that of the run."""
    config = _config.of("sklearn")
    node = None if config is None or _session.inside() else _fit.begin("sklearn", SOURCE, config, child=True)
    if node is None or config is None:
        with _session.recording():
            yield
        return
    with node:
        with guard(SOURCE):
            bound = inspect.signature(call.original).bind(*call.args, **call.kwargs)
            bound.apply_defaults()
            given = bound.arguments
            arguments = FitArguments(given["X"], given["y"], None)
            recording = _estimator.Recording(node, "sklearn", given["estimator"], arguments, config)
            chosen = {key: given[key] for key in CHOSEN if given.get(key) is not None}
            recording.before({**_params.of(given["estimator"]), **_params.texts(chosen)})
            _data_settings.tell_splits(given["cv"])
        with _session.recording():
            outcome = yield
        if not node.failed(outcome):
            with guard(SOURCE):
                log(node, outcome.value)


def _log_folds(node: _fit.FitRun, value: Any) -> None:
    columns = value if isinstance(value, dict) else {"test_score": value}
    for key, values in columns.items():
        if key not in NOT_SCORES:
            for fold, score in enumerate(values):
                node.log.handle.log_metrics([(key, float(score))], fold)
            node.log.log_metrics({f"mean_{key}": values.mean(), f"std_{key}": values.std()})


def _log_scan(node: _fit.FitRun, value: Any) -> None:
    """A row for each size or value, a column for each fold. `learning_curve` gives the sizes too, which are the steps."""
    sizes, scores = (None, value) if len(value) == 2 else (value[0], value[1:3])
    for key, table in zip(("train_score", "test_score"), scores, strict=True):
        steps = range(len(table)) if sizes is None else sizes
        for step, row in zip(steps, table, strict=True):
            points = [(f"mean_{key}", float(row.mean())), (f"std_{key}", float(row.std()))]
            node.log.handle.log_metrics(points, int(step))
