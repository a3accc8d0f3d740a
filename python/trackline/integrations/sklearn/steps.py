"""`partial_fit`: the steps of one run, which lasts as long as the estimator does."""

from __future__ import annotations

import weakref
from typing import Any

from trackline import _budget, _config, _ending
from trackline._guard import guard
from trackline._patch import Call
from trackline.integrations import _arguments, _estimator, _fit, _names, _params, _predictions, _quiet, _session
from trackline.integrations._arguments import FitArguments
from trackline.integrations.sklearn import fit
from trackline.observers import _held_data

SOURCE = "sklearn.partial_fit"

_running: dict[int, tuple[weakref.ref[Any], Steps]] = {}


class Steps:
    """What has gone through one estimator so far."""

    def __init__(self, node: _fit.FitRun) -> None:
        self.node = node
        self.count = 0
        self.samples = 0

    def add(self, estimator: Any, given: FitArguments) -> None:
        """One step. Its score is that on its own batch, as long as the budget allows."""
        self.samples += given.data.shape[0] if hasattr(given.data, "shape") else len(given.data)
        figures = {"samples_seen": float(self.samples)}
        if isinstance(loss := vars(estimator).get("loss_"), float):
            figures["loss"] = loss
        if given.labels is not None and hasattr(estimator, "score") and _budget.allows("steps", self.node.run):
            with _quiet.unnoticed(estimator):
                figures["training_score"] = float(estimator.score(given.data, given.labels))
        self.node.log.log_metrics(figures, step=self.count)
        self.count += 1


def partial_fit(call: Call) -> Any:
    """One step; the first one begins the run."""
    estimator = call.args[0]
    if _config.of("sklearn") is None or _session.inside() or not fit.is_recorded(type(estimator)):
        yield
        return
    steps = _of(estimator) or _begin(call)
    with _session.recording():
        outcome = yield
    if steps is None:
        return
    if outcome.error is None:
        with guard(SOURCE):
            steps.add(estimator, _arguments.of_fit(call))
    elif steps.node.ends:
        steps.node.run.end(_ending.of(outcome.error))


def _of(estimator: Any) -> Steps | None:
    reference, steps = _running.get(id(estimator), (None, None))
    return steps if reference is not None and reference() is estimator else None


def _begin(call: Call) -> Steps | None:
    config, estimator = _config.of("sklearn"), call.args[0]
    node = None if config is None else _fit.begin("sklearn", SOURCE, config, steps_of=estimator)
    if node is None or config is None:
        return None
    steps, key = Steps(node), id(estimator)
    with guard(SOURCE):
        recording = _estimator.Recording(node, "sklearn", estimator, _learned_from(_arguments.of_fit(call)), config)
        recording.before(_params.of(estimator))
        fitted = _predictions.Fitted(node.log, config)
        fitted.remember(recording.given.data, recording.data_name)
        _predictions.remember_fit(estimator, fitted)

    def gone(_: Any) -> None:
        _running.pop(key, None)
        if node.ends:
            node.run.end()

    _running[key] = weakref.ref(estimator, gone), steps
    return steps


def _learned_from(given: FitArguments) -> FitArguments:
    """What the batches are made of, if the functions that lead here hold it; else the first batch stands for all."""
    held = _held_data.whole(given.data, _held_data.around(_names.caller()))
    return given if held is None else FitArguments(held.features, held.labels, None)
