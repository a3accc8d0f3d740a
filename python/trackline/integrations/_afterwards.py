"""What a model predicts after its fit: the data it reads, and predictions to know again in a score."""

from __future__ import annotations

import weakref
from typing import Any

from trackline import _ambient, _config
from trackline._log import RunLog
from trackline._patch import Call
from trackline.integrations import _dataset, _names, _predictions, _session

SOURCE = "predict"
FEWEST_ROWS = 2
MOST_OF_LOADED = 20
"""So much data of models that were loaded is described."""

_of_loaded: list[weakref.ref[Any]] = []


def predict(call: Call) -> Any:
    """`predict`, `predict_proba` and their like, with the data as first argument."""
    fitted = _predictions.fit_of(call.args[0])
    if fitted is None:
        yield from _predict_loaded(call)
        return
    if not fitted.config.log_post_training_metrics:
        yield
        return
    with _session.recording():
        outcome = yield
    if outcome.error is not None or (data := _data(call)) is None:
        return
    name = fitted.name_of(data)
    if name is None:
        name = fitted.remember(data, _names.variable(data, _names.caller(), "unknown_dataset"))
        if fitted.config.log_datasets and (dataset := _dataset.describe(data, None, name)) is not None:
            fitted.log.log_input(dataset, "eval")
    _predictions.remember(outcome.value, fitted, name)


def _predict_loaded(call: Call) -> Any:
    """A model whose fit is on no record, as one that was loaded: what it reads is data of the program's run, if there is one."""
    with _session.recording():
        outcome = yield
    config, data = _config.of("sklearn"), _data(call)
    if outcome.error is not None or config is None or not config.log_datasets or len(_of_loaded) >= MOST_OF_LOADED:
        return
    # One row after the other is no data to describe.
    if not getattr(data, "shape", None) or data.shape[0] < FEWEST_ROWS or any(known() is data for known in _of_loaded):
        return
    _of_loaded.append(weakref.ref(data))
    dataset = _dataset.describe(data, None, _names.variable(data, _names.caller(), "unknown_dataset"))
    if dataset is not None:
        _ambient.later(lambda run: RunLog(run.handle.with_source(SOURCE)).log_input(dataset, "eval"))


def _data(call: Call) -> Any:
    return call.args[1] if len(call.args) > 1 else next(iter(call.kwargs.values()), None)


def forget() -> None:
    """Forgets what was read."""
    _of_loaded.clear()
